package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeException;
import io.netty.buffer.ByteBuf;

/** Takes what {@link BlobFetcher} gets. All calls come on the event loop of the fetch. */
public interface BlobReceiver {
  /** The response is good and its bytes follow. */
  void head(BlobHead head);

  /** Some bytes; the receiver owns the buffer and must release it. */
  void data(ByteBuf bytes);

  /** All bytes have arrived: as many as the head promised. */
  void end();

  /** It failed, before or after the head; no call follows. */
  void failed(EdgeException failure);
}
