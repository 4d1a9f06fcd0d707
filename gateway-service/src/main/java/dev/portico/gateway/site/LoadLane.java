package dev.portico.gateway.site;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads of one kind: so many at a time, and so many that may wait, whatever other kinds do. */
final class LoadLane {
  private final Semaphore permits;
  private final int limit;
  private final AtomicInteger inside = new AtomicInteger();

  /**
   * An empty lane.
   *
   * @param parallelism how many may run at the same time
   * @param limit how many may be in it, those that run included
   */
  LoadLane(int parallelism, int limit) {
    this.permits = new Semaphore(parallelism);
    this.limit = limit;
  }

  /** Comes in, to be followed by {@link #leave}; false when the lane is full. */
  boolean enter() {
    if (inside.incrementAndGet() <= limit) {
      return true;
    }
    inside.decrementAndGet();
    return false;
  }

  /** Ends what {@link #enter} began. */
  void leave() {
    inside.decrementAndGet();
  }

  /** Waits for a turn and takes it. */
  void run(Runnable work) {
    permits.acquireUninterruptibly();
    try {
      work.run();
    } finally {
      permits.release();
    }
  }
}
