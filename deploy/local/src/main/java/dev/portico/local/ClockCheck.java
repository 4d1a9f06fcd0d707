package dev.portico.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Names a wrong clock. Without a second clock to ask, what is certain is that time does not run
 * backwards: now cannot be before anything that has happened.
 */
final class ClockCheck {
  /** By how much clocks may differ before tokens are refused; the services' own tolerance. */
  static final Duration TOLERATED = Duration.ofSeconds(60);

  private ClockCheck() {}

  /**
   * What is wrong with the clock, or nothing.
   *
   * @param past things that have happened, each with what it was
   */
  static Optional<String> complaint(Instant now, Map<String, Instant> past) {
    return past.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(latest -> now.isBefore(latest.getValue().minus(TOLERATED)))
        .map(
            latest ->
                ("this machine's clock is wrong: it says %s, but %s at %s. Set it right (and use up --fresh if sign-in fails):"
                        + " tokens tolerate %d s of difference")
                    .formatted(now, latest.getKey(), latest.getValue(), TOLERATED.toSeconds()));
  }
}
