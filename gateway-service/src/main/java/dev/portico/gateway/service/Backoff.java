package dev.portico.gateway.service;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long after each failure, up to a limit, with
 * full jitter so that many gateways do not come back at the same moment. Not thread-safe.
 */
public final class Backoff {
  private static final long FIRST_MILLIS = 50;

  private final long limitMillis;
  private final RandomGenerator random;
  private long ceilingMillis = FIRST_MILLIS;

  /** The first pause is 50 ms at most; none is longer than the limit. */
  public Backoff(Duration limit, RandomGenerator random) {
    this.limitMillis = limit.toMillis();
    this.random = random;
  }

  /** The next pause: random, up to a ceiling that doubles. */
  public Duration next() {
    long pause = random.nextLong(ceilingMillis / 2, ceilingMillis + 1);
    ceilingMillis = Math.min(limitMillis, ceilingMillis * 2);
    return Duration.ofMillis(pause);
  }

  /** An attempt went well. */
  public void reset() {
    ceilingMillis = FIRST_MILLIS;
  }
}
