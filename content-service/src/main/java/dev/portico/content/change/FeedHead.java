package dev.portico.content.change;

import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed's end, and those who wait for it to move on. One reader polls the table for all who wait
 * in this copy, and only while someone does: each read is paid for (docs/storage.md).
 */
@Singleton
final class FeedHead implements GracefulShutdownCapable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedHead.class);
  private static final Key HEAD = new Key("FEED", "HEAD");

  private final Table table;
  private final Duration poll;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private FeedPosition known = FeedPosition.START;
  private int waiters;
  private boolean polling;
  private boolean closed;

  FeedHead(Table table, ChangeSettings settings) {
    this.table = table;
    this.poll = settings.poll();
  }

  /** The last position that this copy has seen; may be behind. */
  FeedPosition known() {
    lock.lock();
    try {
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Reads the position from the table. */
  FeedPosition read() {
    FeedPosition position = table.get(HEAD).map(FeedPosition::of).orElse(FeedPosition.START);
    moved(position);
    return position;
  }

  /** Tells that the head is at least here. */
  void moved(FeedPosition position) {
    lock.lock();
    try {
      if (position.number() > known.number()) {
        known = position;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the head is beyond this position, the time is over or the service stops. */
  void await(long position, Duration longest) {
    long nanos = longest.toNanos();
    lock.lock();
    try {
      waiters++;
      startPolling();
      while (known.number() <= position && nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiters--;
      lock.unlock();
    }
  }

  /** Whether the service stops, so that there is nothing to wait for. */
  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go, so that a stopping service answers them. */
  @Override
  public CompletionStage<?> shutdownGracefully() {
    close();
    return CompletableFuture.completedFuture(null);
  }

  @PreDestroy
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void startPolling() {
    if (!polling) {
      polling = true;
      Thread.ofVirtual().name("feed-head").start(this::poll);
    }
  }

  private void poll() {
    while (true) {
      try {
        read();
      } catch (RuntimeException e) {
        LOG.warn("the feed's head cannot be read: {}", e.toString());
      }
      lock.lock();
      try {
        long nanos = poll.toNanos();
        while (nanos > 0 && waiters > 0 && !closed) {
          // Woken by local commits too; the pace of reading stays the same.
          nanos = changed.awaitNanos(nanos);
        }
        if (waiters == 0 || closed) {
          polling = false;
          return;
        }
      } catch (InterruptedException e) {
        polling = false;
        Thread.currentThread().interrupt();
        return;
      } finally {
        lock.unlock();
      }
    }
  }
}
