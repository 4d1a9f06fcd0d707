package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeException;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests that wait for one fetch, each to be told on its own event loop. */
final class Waiters {
  private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

  private record Waiter(EventLoop loop, BlobUser user) {}

  private final long begunNanos;
  private @Nullable List<Waiter> waiting = new ArrayList<>(2);

  /** Nobody yet; {@code begunNanos} is when the fetch began, on the cache's clock. */
  Waiters(long begunNanos) {
    this.begunNanos = begunNanos;
  }

  /** When the fetch began. */
  long begunNanos() {
    return begunNanos;
  }

  /** Adds one; false when the fetch has ended and nobody would tell it anything. */
  synchronized boolean add(EventLoop loop, BlobUser user) {
    if (waiting == null) {
      return false;
    }
    waiting.add(new Waiter(loop, user));
    return true;
  }

  private synchronized List<Waiter> close() {
    List<Waiter> all = waiting == null ? List.of() : waiting;
    waiting = null;
    return all;
  }

  /**
   * Gives the blob to all and gives up the caller's own reference to it; null for none is a bug.
   */
  void tell(@Nullable HeldBlob blob) {
    if (blob == null) {
      throw new IllegalStateException("a blob was released while it was in use");
    }
    for (Waiter waiter : close()) {
      HeldBlob own = new HeldBlob(blob.coding(), blob.bytes().retainedDuplicate(), blob.entry());
      try {
        waiter.loop().execute(() -> waiter.user().held(own));
      } catch (RejectedExecutionException e) {
        // Its event loop has ended, and with it its connection.
        own.bytes().release();
      }
    }
    blob.bytes().release();
  }

  /** Tells all that it failed. */
  void fail(EdgeException failure) {
    for (Waiter waiter : close()) {
      try {
        waiter.loop().execute(() -> waiter.user().failed(failure));
      } catch (RejectedExecutionException e) {
        LOG.debug("a waiting request's event loop has ended", e);
      }
    }
  }
}
