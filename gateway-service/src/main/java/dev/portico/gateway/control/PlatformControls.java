package dev.portico.gateway.control;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** What is switched on now: the last that content-service said. */
@Singleton
public final class PlatformControls {
  private final Clock clock;
  private final LongSupplier nanoTime;
  private volatile Read read;

  /**
   * An answer of content-service's.
   *
   * @param controls what it said
   * @param known false: it never said anything
   * @param at when, as {@link System#nanoTime()} has it
   */
  private record Read(Controls controls, boolean known, long at) {}

  /** Nothing is known until it is said. */
  public PlatformControls() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  PlatformControls(Clock clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.read = new Read(Controls.NONE, false, nanoTime.getAsLong());
  }

  /** Takes the place of what held. */
  public void replace(Controls next) {
    read = new Read(next, true, nanoTime.getAsLong());
  }

  /** All of it; one look for a request. Nothing, while nothing is known. */
  public Controls now() {
    return read.controls();
  }

  /** Whether it was ever said what is switched on: else nobody may be let in. */
  public boolean known() {
    return read.known();
  }

  /** How long ago it was said, or, if it never was, this began. */
  public Duration age() {
    return Duration.ofNanos(nanoTime.getAsLong() - read.at());
  }

  /** The time by which entries end. */
  public Instant time() {
    return clock.instant();
  }
}
