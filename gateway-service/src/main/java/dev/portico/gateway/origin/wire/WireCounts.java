package dev.portico.gateway.origin.wire;

import java.util.concurrent.atomic.AtomicInteger;

/** The connections of all event loops together, for metrics. From any thread. */
public final class WireCounts {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  /** A request begins on a connection that had none, or the last one there is over. */
  void busy(boolean now) {
    busy.addAndGet(now ? 1 : -1);
  }

  /** Connections with a request under way, or a tunnel. */
  public int busy() {
    return busy.get();
  }

  /** Connections that wait for a request. */
  public int idle() {
    return Math.max(0, open.get() - busy.get());
  }
}
