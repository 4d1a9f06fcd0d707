package dev.portico.auth.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * What is left of a limit: full at first, refilled evenly over the period, so that nobody can spend
 * it twice around the turn of one. Pure.
 *
 * @param left how many more, with a fraction
 * @param at when that was so
 */
record Allowance(double left, Instant at) {
  static Allowance full(int most, Instant now) {
    return new Allowance(most, now);
  }

  /** What is left now. A clock that was set back refills nothing. */
  Allowance refilled(int most, Duration period, Instant now) {
    double passed = Math.max(0, Duration.between(at, now).toMillis());
    return new Allowance(Math.min(most, left + most * passed / period.toMillis()), now);
  }

  boolean exhausted() {
    return left < 1;
  }

  Allowance spent() {
    return new Allowance(left - 1, at);
  }

  /** How long until there is one more. */
  Duration untilNext(int most, Duration period) {
    return Duration.ofMillis((long) Math.ceil((1 - left) * period.toMillis() / most));
  }
}
