package dev.portico.auth.revocation;

import dev.portico.auth.error.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the feed in this copy: for those who wait for its next entry, and to know which access
 * tokens are void. One thread reads the head, from the first use on until the service stops; each
 * read is paid for (docs/storage.md).
 */
@Singleton
final class RevocationWatch implements GracefulShutdownCapable {
  /** How often the head is read: others' entries are known after this time, in the worst case. */
  static final Duration PACE = Duration.ofMillis(250);

  /** How long what was known is relied upon while the table does not answer. */
  static final Duration GRACE = Duration.ofMinutes(5);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);
  private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

  private final RevocationFeed feed;
  private final Clock clock;
  private final RevokedTokens tokens = new RevokedTokens();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private FeedPosition known = FeedPosition.START;
  private long lookedNanos;
  private boolean looked;
  private boolean hurried;
  private boolean running;
  private boolean closed;

  RevocationWatch(RevocationFeed feed, MeterRegistry meters, Clock clock) {
    this.feed = feed;
    this.clock = clock;
    TimeGauge.builder(
            "portico.auth.revocations.age", this, TimeUnit.MILLISECONDS, watch -> watch.age())
        .description("Since the feed of revocations was read; grows while the table is away")
        .register(meters);
  }

  private double age() {
    lock.lock();
    try {
      return looked ? (System.nanoTime() - lookedNanos) / 1e6 : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Up to where this copy has applied the feed. */
  FeedPosition known() {
    lock.lock();
    try {
      return known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The tokens that are void, as known within the last {@link #GRACE}.
   *
   * @throws Problem 503 when nothing that new is known
   */
  RevokedTokens tokens() {
    lock.lock();
    try {
      start();
      long nanos = FIRST_LOOK.toNanos();
      while (!looked && nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
      if (!looked || System.nanoTime() - lookedNanos > GRACE.toNanos()) {
        throw Problem.unavailable("It cannot be told which tokens were revoked. Try again.");
      }
      return tokens;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping. Try again.");
    } finally {
      lock.unlock();
    }
  }

  /** Has the head read at once, since this copy has moved it. */
  void hurry() {
    lock.lock();
    try {
      start();
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the feed is known beyond this, the time is over or the service stops. */
  void await(long number, Duration longest) {
    long nanos = longest.toNanos();
    lock.lock();
    try {
      start();
      while (known.number() <= number && nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
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

  private void start() {
    if (!running && !closed) {
      running = true;
      Thread.ofVirtual().name("revocations").start(this::follow);
    }
  }

  private void follow() {
    try {
      do {
        try {
          look();
        } catch (RuntimeException | Error e) {
          LOG.warn("The revocations cannot be read: {}", e.toString());
        }
      } while (pause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the next look; false when there is to be none. */
  private boolean pause() throws InterruptedException {
    lock.lock();
    try {
      long nanos = PACE.toNanos();
      while (nanos > 0 && !hurried && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
      hurried = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** The table was restored to an earlier time, or this copy was away for too long. */
  private void startAnew() {
    lock.lock();
    try {
      known = FeedPosition.START;
      looked = false;
      tokens.clear();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    long began = System.nanoTime();
    FeedPosition end = feed.head();
    FeedPosition from = known();
    while (!from.equals(end)) {
      var answer = feed.after(from, end);
      if (answer.isEmpty()) {
        startAnew();
        throw new IllegalStateException("not, or no longer, a part of the feed: " + from);
      }
      answer.get().revocations().forEach(tokens::add);
      from = new FeedPosition(answer.get().position(), answer.get().mark());
    }
    tokens.forget(clock.instant());
    lock.lock();
    try {
      known = end;
      looked = true;
      lookedNanos = began;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
