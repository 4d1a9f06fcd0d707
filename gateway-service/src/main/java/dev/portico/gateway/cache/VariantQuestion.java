package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.origin.BlobHead;
import dev.portico.gateway.origin.BlobReceiver;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for one byte of a blob, for the sake of what the head says about its variants. */
final class VariantQuestion implements BlobReceiver {
  private final Consumer<BlobHead> learnt;
  private final Consumer<EdgeException> failed;
  private @Nullable BlobHead head;

  VariantQuestion(Consumer<BlobHead> learnt, Consumer<EdgeException> failed) {
    this.learnt = learnt;
    this.failed = failed;
  }

  @Override
  public void head(BlobHead received) {
    head = received;
  }

  @Override
  public void data(ByteBuf bytes) {
    bytes.release();
  }

  @Override
  public void end() {
    BlobHead received = head;
    if (received != null) {
      learnt.accept(received);
    }
  }

  @Override
  public void failed(EdgeException failure) {
    failed.accept(failure);
  }
}
