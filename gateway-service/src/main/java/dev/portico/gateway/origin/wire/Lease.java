package dev.portico.gateway.origin.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request's wish for a connection; its taker is told exactly once, unless it gives up before. */
public final class Lease {
  private final Lane lane;
  private final long timeoutNanos;
  private final Taker taker;
  private @Nullable ScheduledFuture<?> timer;
  private boolean over;

  Lease(Lane lane, long timeoutNanos, Taker taker) {
    this.lane = lane;
    this.timeoutNanos = timeoutNanos;
    this.taker = taker;
  }

  /** Learns what becomes of a wish. */
  public interface Taker {
    /** Here it is; it must be used at once. */
    void ready(Wire wire);

    /** There is none to be had. */
    void failed(WireFailure failure);
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  void startTimer(EventLoop loop) {
    timer = loop.schedule(this::expired, timeoutNanos, TimeUnit.NANOSECONDS);
  }

  private void expired() {
    boolean busy = lane.full();
    lane.forget(this);
    fail(
        busy
            ? WireFailure.of(WireFailure.Kind.BUSY, "all connections are in use")
            : WireFailure.of(WireFailure.Kind.UNREACHABLE, "connecting took too long"));
  }

  void ready(Wire wire) {
    if (finish()) {
      taker.ready(wire);
    }
  }

  void fail(WireFailure failure) {
    if (finish()) {
      taker.failed(failure);
    }
  }

  /** Gives up; a connection that was being opened is kept for the next request. */
  public void cancel() {
    if (finish()) {
      lane.forget(this);
    }
  }

  private boolean finish() {
    if (over) {
      return false;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    return true;
  }
}
