package dev.portico.gateway.service;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How long background work goes on. Its threads start here, pause here, and learn here that they
 * are to end; an interrupt while they pause ends it, too.
 */
public final class Lifetime {
  private final CountDownLatch end = new CountDownLatch(1);
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  /** Starts a virtual thread that lives until the end, and is interrupted then. */
  public void start(String name, Runnable work) {
    Thread thread = Thread.ofVirtual().name(name).unstarted(work);
    // First: the end may come at any time, and what begins after it sees that it is over.
    threads.add(thread);
    thread.start();
  }

  /**
   * Pauses for a time, or until the end.
   *
   * @return false when it is over
   */
  public boolean pause(Duration duration) {
    try {
      return !end.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
      return false;
    }
  }

  /**
   * Pauses for three to five quarters of an interval, since gateways must not all come at once, or
   * until the end.
   *
   * @return false when it is over
   */
  public boolean pauseAbout(Duration interval) {
    long quarter = interval.toNanos() / 4;
    return pause(
        Duration.ofNanos(ThreadLocalRandom.current().nextLong(quarter * 3, quarter * 5 + 1)));
  }

  /** Whether the work is to end. */
  public boolean over() {
    return end.getCount() == 0;
  }

  /** Ends the work, for good: pauses are over, and threads interrupted. */
  public void end() {
    end.countDown();
    threads.forEach(Thread::interrupt);
  }
}
