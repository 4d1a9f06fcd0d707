package dev.portico.gateway.access.session;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether auth-service can be reached, as the last attempts show. */
@Singleton
public final class Contact {
  /** Without a word of the feed for so long, what is over is not learnt any more. */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  /** After a failure, known sessions do without a question for so long. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);
  private static final long PATIENCE_NANOS = PATIENCE.toNanos();

  private volatile long heardNanos = System.nanoTime();
  private volatile boolean complete;
  private volatile long pausedUntilNanos = System.nanoTime();
  private volatile boolean lost;

  Contact() {}

  /** The feed has answered. */
  void heard(boolean toTheEnd) {
    heardNanos = System.nanoTime();
    complete |= toTheEnd;
    found();
  }

  /** The feed must be read from its beginning. */
  void incomplete() {
    complete = false;
  }

  /** Whether the feed has been read to its end once. */
  boolean complete() {
    return complete;
  }

  /** Whether all revocations are known that there were until a few seconds ago at most. */
  boolean following(long nanos) {
    return complete && nanos - heardNanos < PATIENCE_NANOS;
  }

  /** Whether the feed has been read to its end and was heard of within a time. */
  public boolean within(Duration time) {
    return complete && System.nanoTime() - heardNanos < PATIENCE_NANOS + time.toNanos();
  }

  /** A question was answered. */
  void found() {
    if (lost) {
      lost = false;
      LOG.info("auth-service answers again");
    }
  }

  /** A question was not answered. */
  void lost(Throwable failure, Duration grace) {
    pausedUntilNanos = System.nanoTime() + PAUSE.toNanos();
    if (!lost) {
      lost = true;
      LOG.warn(
          "lost auth-service, sessions that are known live on for {}: {}",
          grace,
          failure.toString());
    }
  }

  /** Whether a question failed just now. */
  boolean paused(long nanos) {
    return nanos - pausedUntilNanos < 0;
  }
}
