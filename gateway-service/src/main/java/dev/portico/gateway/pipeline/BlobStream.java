package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.origin.BlobFetch;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobHead;
import dev.portico.gateway.origin.BlobReceiver;
import dev.portico.gateway.origin.BlobRequest;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Sends a blob's bytes on as they come, no faster than the viewer takes them. On a failure after
 * the head the response is cut, so that nobody takes a part for the whole.
 */
final class BlobStream implements BlobReceiver, ViewerListener {
  /** What to do with the head of the blob; may throw {@link EdgeException}. */
  interface Start {
    void begin(BlobHead head);
  }

  private final ViewerExchange exchange;
  private final BlobFetcher fetcher;
  private final Start start;
  private final Runnable done;
  private @Nullable BlobFetch fetch;
  private boolean over;

  BlobStream(ViewerExchange exchange, BlobFetcher fetcher, Start start, Runnable done) {
    this.exchange = exchange;
    this.fetcher = fetcher;
    this.start = start;
    this.done = done;
  }

  void start(BlobRequest request) {
    exchange.timeline().originStarted();
    fetch = fetcher.fetch(request, exchange.loop(), this);
    exchange.listen(this);
  }

  @Override
  public void head(BlobHead head) {
    exchange.timeline().originAnswered();
    try {
      start.begin(head);
    } catch (EdgeException e) {
      gone();
      fail(exchange, e);
      return;
    }
    if (exchange.request().head()) {
      gone();
      done.run();
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    if (over) {
      bytes.release();
      return;
    }
    exchange.write(bytes);
    BlobFetch running = fetch;
    if (running != null && !exchange.writable()) {
      running.pause();
    }
  }

  @Override
  public void end() {
    if (!over) {
      over = true;
      done.run();
    }
  }

  @Override
  public void failed(EdgeException failure) {
    if (!over) {
      over = true;
      fail(exchange, failure);
    }
  }

  @Override
  public void writable() {
    BlobFetch running = fetch;
    if (running != null && !over) {
      running.resume();
    }
  }

  @Override
  public void gone() {
    over = true;
    BlobFetch running = fetch;
    if (running != null) {
      running.cancel();
    }
  }

  /** A manifest names the blob, so that its absence is a failure inside and no 404. */
  static void fail(ViewerExchange exchange, EdgeException failure) {
    boolean missing = failure.error() == EdgeError.NOT_FOUND;
    if (!missing && failure.error() != EdgeError.ORIGIN_PROTOCOL) {
      // Trouble of the store, for which a release would pay, whose files are in no cache yet.
      exchange.timeline().share(null);
    }
    EdgeException shown =
        missing
            ? new EdgeException(EdgeError.ORIGIN_FAILED, "missing: " + failure.getMessage())
            : failure;
    ErrorReplies.reply(exchange, shown, false);
  }
}
