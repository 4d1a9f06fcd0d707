package dev.portico.gateway.origin.wire;

import dev.portico.gateway.exchange.HeaderFields;
import io.netty.buffer.ByteBuf;

/**
 * Takes a response: interim heads, then head, data and end, or a failure at any point; nothing
 * follows an end or a failure, save after {@link #upgraded}.
 */
public interface WireListener {
  /** An interim response (1xx other than 101). */
  void informational(int status, HeaderFields headers);

  /**
   * The head of the final response.
   *
   * @param length what the head says of the body's length in bytes; 0 for none, -1 when unknown
   */
  void head(int status, HeaderFields headers, long length, BodyFraming framing);

  /** 101: from here on data is whatever the server sends, and so is what is written. */
  void upgraded(HeaderFields headers);

  /** Some of the body; the listener owns the buffer. */
  void data(ByteBuf bytes);

  /** The response is complete; after an upgrade, the server sends no more. */
  void end(HeaderFields trailers);

  /** There is no response, or no more of it. */
  void failed(WireFailure failure);

  /** The server takes more of the request. */
  void room();
}
