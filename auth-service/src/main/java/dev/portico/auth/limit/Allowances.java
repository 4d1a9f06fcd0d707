package dev.portico.auth.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.auth.error.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The allowances of one limit, by whom they are of. The least used are forgotten beyond 100,000.
 */
final class Allowances {
  private static final int REMEMBERED = 100_000;

  private final int most;
  private final Duration period;
  private final Clock clock;
  private final Cache<String, Allowance> byKey;

  /**
   * Makes them.
   *
   * @param most how many in a period; 0 = no limit
   */
  Allowances(int most, Duration period, Clock clock) {
    this.most = most;
    this.period = period;
    this.clock = clock;
    // By then it is full again, which is what a forgotten one is.
    this.byKey = Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(period).build();
  }

  /**
   * Spends one.
   *
   * @throws Problem 429 if none is left
   */
  void spend(String key) {
    if (most == 0) {
      return;
    }
    var refused = new AtomicReference<@Nullable Duration>();
    byKey
        .asMap()
        .compute(
            key,
            (k, before) -> {
              var now = clock.instant();
              var left =
                  before == null ? Allowance.full(most, now) : before.refilled(most, period, now);
              if (left.exhausted()) {
                refused.set(left.untilNext(most, period));
                return left;
              }
              return left.spent();
            });
    var delay = refused.get();
    if (delay != null) {
      throw Problem.tooMany(delay);
    }
  }
}
