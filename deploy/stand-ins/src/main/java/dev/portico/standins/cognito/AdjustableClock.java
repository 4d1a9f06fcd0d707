package dev.portico.standins.cognito;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The wall clock, set forward or back by any amount. */
public final class AdjustableClock extends Clock {
  private volatile Duration offset = Duration.ZERO;

  /** Starts right. */
  public AdjustableClock() {}

  /** Goes on by the given time from where it is. */
  public synchronized void advance(Duration by) {
    offset = offset.plus(by);
  }

  /** Differs from the wall clock by the given time from now on. */
  public synchronized void offset(Duration from) {
    offset = from;
  }

  /** How far it differs from the wall clock. */
  public Duration offset() {
    return offset;
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("always UTC");
  }
}
