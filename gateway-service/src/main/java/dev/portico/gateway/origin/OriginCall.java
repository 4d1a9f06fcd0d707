package dev.portico.gateway.origin;

import io.netty.buffer.ByteBuf;

/** A request to an origin under way. Called on the event loop that it was started on. */
public interface OriginCall {
  /** Sends some of the request's body; the buffer's ownership passes. */
  void write(ByteBuf bytes);

  /** The request's body is complete. */
  void end();

  /** Whether the origin takes more now; otherwise wait for {@link OriginListener#writable()}. */
  boolean writable();

  /** Stops reading the response; what has been read may still arrive (64 KiB at most). */
  void pause();

  /** Reads on after {@link #pause()}. */
  void resume();

  /** Gives up: the listener hears nothing more and the connection is closed. */
  void cancel();
}
