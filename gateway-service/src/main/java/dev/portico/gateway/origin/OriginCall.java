package dev.portico.gateway.origin;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A request to an origin under way. Called on the event loop that it was started on.
 *
 * <p>After {@link OriginListener#upgraded} what is written goes to the origin as it is, and {@link
 * #end()} closes that direction alone.
 */
public interface OriginCall {
  /** Sends some of the request's body; the buffer's ownership passes. */
  void write(ByteBuf bytes);

  /** The request's body is complete. */
  default void end() {
    end(EmptyHttpHeaders.INSTANCE);
  }

  /**
   * The request's body is complete.
   *
   * @param trailers passed on where the framing has a place for them (not after a Content-Length
   *     over HTTP/1.1), as far as {@link ForwardedRequest#trailers} lets them
   */
  void end(HttpHeaders trailers);

  /** Whether the origin takes more now; otherwise wait for {@link OriginListener#writable()}. */
  boolean writable();

  /** Stops reading the response; what has been read may still arrive (256 KiB at most). */
  void pause();

  /** Reads on after {@link #pause()}. */
  void resume();

  /**
   * Gives up: the listener hears nothing more, and the connection is closed, or the stream reset.
   */
  void cancel();
}
