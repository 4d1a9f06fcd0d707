package dev.portico.gateway.cache.invalidation;

import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Until when every invalidation is known to reach this gateway before it counts as completed.
 * Beyond that, what is stored is used no longer than {@link #DOUBT} without asking its origin: so
 * origins are asked once in that time for each response, not once for each viewer.
 */
@Singleton
public final class InvalidationLease {
  /** How long an answer of an origin is used while there is no lease, in milliseconds. */
  public static final long DOUBT = 1_000;

  private final ResponseStore store;
  private final LongSupplier nanoTime;
  // In milliseconds since the epoch: of the lease, or of the time until the next doubt.
  private volatile long until = Long.MIN_VALUE;
  private volatile boolean held;
  // The same moment by the other clock.
  private long endNanos;

  @Inject
  InvalidationLease(MemoryStore store) {
    this(store, System::nanoTime);
  }

  /**
   * No lease yet.
   *
   * @param nanoTime the time in nanoseconds, which no clock change touches
   */
  public InvalidationLease(ResponseStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /**
   * To be called before something stored is looked up: costs a comparison while there is a lease.
   *
   * @param now in milliseconds since the epoch
   */
  public void check(long now) {
    if (now >= until) {
      over(now);
    }
  }

  private synchronized void over(long now) {
    if (now >= until) {
      held = false;
      store.doubt();
      until = now + DOUBT;
      endNanos = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(DOUBT);
    }
  }

  /**
   * All invalidations up to now are applied, and those that follow wait for this gateway.
   *
   * @param asked when it asked for the lease, in milliseconds since the epoch
   * @param askedNanos the same moment by the other clock
   * @param length of the lease
   */
  public synchronized void renew(long asked, long askedNanos, Duration length) {
    until = asked + length.toMillis();
    endNanos = askedNanos + length.toNanos();
    held = true;
  }

  /**
   * Looks at a clock that nobody sets: if the other one was set back, the lease is over now, or the
   * time until the next doubt.
   */
  public synchronized void checkClock() {
    if (nanoTime.getAsLong() - endNanos >= 0) {
      lose();
    }
  }

  /** The lease is over, whatever the time. */
  public synchronized void lose() {
    held = false;
    until = Long.MIN_VALUE;
  }

  /**
   * Invalidations may have been missed: everything that was asked for before this returns is used
   * only when its origin confirms it.
   */
  public synchronized void missed() {
    lose();
    store.doubt();
  }

  /** Whether there is a lease at the moment, as far as anybody has looked. */
  public boolean held() {
    return held;
  }

  /** The longest time that may pass between two questions for a lease of a length. */
  public static Duration pace(Duration length) {
    // One question may fail or be late, and the lease is not over yet.
    return Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), length.toNanos() / 3));
  }
}
