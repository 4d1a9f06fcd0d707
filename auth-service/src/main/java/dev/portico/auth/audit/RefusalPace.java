package dev.portico.auth.audit;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * Bounds how many refusals are stored, since whoever likes can cause them: {@value #MOST} in each
 * minute. How many were passed over is told with the next one that is stored. For several threads.
 */
final class RefusalPace {
  static final int MOST = 60;
  private static final long MINUTE = 60;

  private long minute = Long.MIN_VALUE;
  private int stored;
  private long passedOver;

  /**
   * Counts one.
   *
   * @return how many were passed over since the last one that was stored; empty if this one is to
   *     be passed over, too
   */
  synchronized OptionalLong next(Instant now) {
    long current = Math.floorDiv(now.getEpochSecond(), MINUTE);
    if (current > minute) {
      minute = current;
      stored = 0;
    }
    if (stored == MOST) {
      passedOver++;
      return OptionalLong.empty();
    }
    stored++;
    long before = passedOver;
    passedOver = 0;
    return OptionalLong.of(before);
  }
}
