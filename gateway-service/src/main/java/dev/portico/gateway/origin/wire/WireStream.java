package dev.portico.gateway.origin.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/** A request under way on a connection. Used on its event loop. */
public interface WireStream {
  /** Sends some of the body; the buffer's ownership passes. Flushed soon by itself. */
  void write(ByteBuf bytes);

  /**
   * The body is complete; after an upgrade, no more is sent.
   *
   * @param trailers sent where the framing has a place for them, else dropped
   */
  void end(HttpHeaders trailers);

  /** Whether more is taken now. */
  boolean writable();

  /** Reads the response, or leaves it where it is. */
  void reading(boolean on);

  /** Gives up; the listener hears nothing more. */
  void cancel();

  /** Gives up because the server is silent, which may be the connection's fault. */
  void expire();
}
