package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;

/**
 * Takes an origin's response: a head, data, then the end; or a failure at any point, after which
 * nothing follows. All calls come on the event loop of the call. Data is told as it comes, so that
 * a stream of events is one.
 */
public interface OriginListener {
  /** The origin wants the body that it was asked about ({@code 100 Continue}). */
  default void continues() {}

  /**
   * An interim response other than 100 and 101, like {@code 103 Early Hints}; any number of them.
   */
  default void informational(int status, HeaderFields headers) {}

  /**
   * The head that comes next is of a response that would come in the coding that was asked for, if
   * it were asked for at another time: there is no room for its compression now.
   */
  default void uncoded() {}

  /**
   * The head of the final response.
   *
   * @param length of the body in bytes, as the head says; 0 for none, -1 when it is not known
   * @param framing how the end of the body shows. Unless it is {@link BodyFraming#verifiable()}, a
   *     response that ended well may all the same be cut short: a cache must not keep it
   */
  void head(int status, HeaderFields headers, long length, BodyFraming framing);

  /**
   * Instead of a head: the origin has changed the protocol, as it was asked to (101). From here on
   * {@link #data} is whatever it sends, {@link #end} closes that direction alone, and what is
   * written to the call goes out as it is.
   */
  default void upgraded(HeaderFields headers) {}

  /** Some of the body; the listener owns the buffer and must release it. */
  void data(ByteBuf bytes);

  /**
   * The response is complete.
   *
   * @param trailers fields sent after the body
   */
  void end(HeaderFields trailers);

  /** It failed; what came before is not the whole of it. */
  void failed(EdgeException failure);

  /** The origin takes more of the request's body. */
  default void writable() {}
}
