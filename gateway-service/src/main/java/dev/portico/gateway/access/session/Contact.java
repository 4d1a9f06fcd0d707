package dev.portico.gateway.access.session;

import dev.portico.gateway.service.ServiceClient.Unreachable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether auth-service can be reached, as the last attempts show: by the feed, and by questions,
 * which are two things, since there may be several copies of it.
 */
@Singleton
final class Contact {
  /** Without a word of the feed for so long, what is over is not learnt any more. */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  /** While questions are not answered, one is asked so often, and nobody waits for others. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** So many questions in a row, of whatever sessions, mean that no other is answered either. */
  static final int IN_A_ROW = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);
  private static final long PATIENCE_NANOS = PATIENCE.toNanos();
  private static final long PAUSE_NANOS = PAUSE.toNanos();

  private final AtomicLong nextQuestionNanos = new AtomicLong();
  private final AtomicInteger unansweredInARow = new AtomicInteger();
  private volatile long heardNanos;
  private volatile boolean complete;
  private volatile boolean feedLost;
  private volatile boolean lost;

  Contact() {}

  /**
   * The feed has answered.
   *
   * @param toTheEnd whether there was nothing behind that
   */
  void heard(boolean toTheEnd) {
    heardNanos = System.nanoTime();
    complete |= toTheEnd;
    if (feedLost) {
      feedLost = false;
      LOG.info("auth-service tells what is revoked again");
    }
  }

  /** The feed has not answered. */
  void unheard(Throwable failure) {
    if (!feedLost) {
      feedLost = true;
      LOG.warn("auth-service does not tell what is revoked: {}", failure.toString());
    }
  }

  /** The feed must be read from its beginning. */
  void incomplete() {
    complete = false;
  }

  /** Whether the feed has been read to its end. */
  boolean complete() {
    return complete;
  }

  /** Whether all revocations are known that there were until a few seconds ago at most. */
  boolean following(long nanos) {
    return complete && nanos - heardNanos < PATIENCE_NANOS;
  }

  /** Whether the same was so within a time. */
  boolean followedWithin(Duration time) {
    return complete && System.nanoTime() - heardNanos < PATIENCE_NANOS + time.toNanos();
  }

  /** A question was answered. */
  void answered() {
    unansweredInARow.set(0);
    if (lost) {
      lost = false;
      LOG.info("auth-service answers again");
    }
  }

  /**
   * A question was not answered. One that was sent may be slow for a reason of its own, as when an
   * account's tokens are to be refreshed; that costs nobody else.
   */
  void unanswered(IOException failure, Duration grace) {
    boolean all = failure instanceof Unreachable || unansweredInARow.incrementAndGet() >= IN_A_ROW;
    if (!all) {
      LOG.debug("a session's question was not answered: {}", failure.toString());
      return;
    }
    nextQuestionNanos.set(System.nanoTime() + PAUSE_NANOS);
    if (!lost) {
      lost = true;
      LOG.warn(
          "auth-service does not answer, sessions that are known live on for {}: {}",
          grace,
          failure.toString());
    }
  }

  /** Whether somebody may ask a question. */
  boolean open(long nanos) {
    return !lost || nanos - nextQuestionNanos.get() >= 0;
  }

  /** Takes the right to ask a question; while they are not answered only one has it. */
  boolean enter(long nanos) {
    if (!lost) {
      return true;
    }
    long next = nextQuestionNanos.get();
    return nanos - next >= 0 && nextQuestionNanos.compareAndSet(next, nanos + PAUSE_NANOS);
  }
}
