package dev.portico.content.invalidation;

import dev.portico.content.error.Problem;
import java.time.Duration;

/**
 * How fast a site has made invalidations, as one moment (the generic cell rate algorithm, ITU-T
 * I.371): when all that it may make at once is there again. Each invalidation puts it off.
 *
 * @param whole that moment, in microseconds since the epoch; long ago: it has made none
 */
record Pace(long whole) {
  /** A moment that lies further off than it can is of a clock that was wrong, and forgotten. */
  private static final long CLOCKS = 10_000_000;

  /**
   * The pace with one more invalidation.
   *
   * @param millis now, in milliseconds since the epoch
   * @throws Problem 429 when the site has made too many
   */
  Pace next(long millis, InvalidationSettings limits) {
    long now = millis * 1_000;
    long interval = Math.ceilDiv(1_000_000, limits.rate());
    long burst = limits.burst() * interval;
    boolean credible = whole - now <= burst + CLOCKS;
    long next = (credible ? Math.max(whole, now) : now) + interval;
    long early = next - now - burst;
    if (early > 0) {
      throw Problem.of(
              429,
              "invalidations-too-fast",
              "Too many invalidations in too short a time",
              "A site makes at most %d invalidations at once, and %d a second in the long run. One"
                      .formatted(limits.burst(), limits.rate())
                  + " invalidation may name many paths and tags.")
          .retryAfter(Duration.ofSeconds(Math.ceilDiv(early, 1_000_000L)));
    }
    return new Pace(next);
  }
}
