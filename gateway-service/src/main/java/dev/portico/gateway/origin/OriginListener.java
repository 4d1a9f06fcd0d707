package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import io.netty.buffer.ByteBuf;

/**
 * Takes an origin's response: a head, data, then the end; or a failure at any point, after which
 * nothing follows. All calls come on the event loop of the call.
 */
public interface OriginListener {
  /** The origin wants the body that it was asked about ({@code 100 Continue}). */
  default void continues() {}

  /**
   * The head of the final response.
   *
   * @param length of the body in bytes, 0 for none, -1 when it is not known
   */
  void head(int status, HeaderFields headers, long length);

  /** Some of the body; the listener owns the buffer and must release it. */
  void data(ByteBuf bytes);

  /** The response is complete. */
  void end();

  /** It failed. */
  void failed(EdgeException failure);

  /** The origin takes more of the request's body. */
  default void writable() {}
}
