package dev.portico.content.dynamodb;

import dev.portico.content.error.Problem;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between attempts: exponential with full jitter, so that rivals do not meet again. */
public final class Retries {
  private static final Duration FIRST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(500);
  private static final int MOST = 25;

  private int attempts;

  /** No attempt made yet. */
  public Retries() {}

  /**
   * Waits before the next attempt. By sleeping: calls of the table block their virtual thread by
   * design, half a second is the most, and there is nobody who could tell when a rival is done.
   *
   * @throws Problem 503 when there were too many
   */
  public void pause() {
    attempts++;
    if (attempts > MOST) {
      throw Problem.busy();
    }
    long longest = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts, 10));
    try {
      Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest) + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.busy();
    }
  }
}
