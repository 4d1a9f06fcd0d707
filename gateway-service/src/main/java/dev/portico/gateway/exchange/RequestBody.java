package dev.portico.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Takes a request's body as it arrives: data, then exactly one of end and failure. */
public interface RequestBody {
  /** Some bytes; the receiver owns the buffer and must release it. */
  void data(ByteBuf bytes);

  /**
   * The body is complete; in a tunnel, the viewer sends no more.
   *
   * @param trailers the fields after it, as they were sent
   */
  void end(HeaderFields trailers);

  /**
   * The body will never be complete: its coding is broken ({@code tooSlow} false) or the viewer
   * stopped sending. The viewer itself is still there and can be answered.
   */
  void broken(boolean tooSlow);
}
