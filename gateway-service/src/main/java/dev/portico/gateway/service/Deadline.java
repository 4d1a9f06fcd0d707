package dev.portico.gateway.service;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends what a virtual thread does on a socket once a time has passed: a read timeout bounds each
 * read, and a peer that sends a byte now and then would hold the thread, and what it holds, for
 * ever. Interrupting a virtual thread closes the socket it waits for (JEP 444), whatever part of a
 * response is being read.
 */
public final class Deadline implements AutoCloseable {
  private final Thread worker = Thread.currentThread();
  private final CompletableFuture<Boolean> timer = new CompletableFuture<>();
  private boolean over;
  private boolean passed;

  /**
   * Starts now, for the calling thread, and must be closed by it.
   *
   * @throws IllegalStateException when that is no virtual thread, whose sockets would not notice
   */
  public Deadline(Duration limit) {
    if (!worker.isVirtual()) {
      throw new IllegalStateException("only a virtual thread can be ended in the middle of a read");
    }
    timer
        .completeOnTimeout(true, limit.toNanos(), TimeUnit.NANOSECONDS)
        .thenAccept(
            late -> {
              if (late) {
                pass();
              }
            });
  }

  private synchronized void pass() {
    if (!over) {
      passed = true;
      worker.interrupt();
    }
  }

  /** Whether it is the deadline that interrupted the thread. */
  public synchronized boolean passed() {
    return passed;
  }

  /** The work is done; the thread is not, or no longer, interrupted on account of it. */
  @Override
  public synchronized void close() {
    over = true;
    timer.complete(false);
    if (passed) {
      Thread.interrupted();
    }
  }
}
