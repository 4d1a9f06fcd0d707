package dev.portico.gateway.origin;

/**
 * Whether an address is worth asking. After so many failures in a row it is open: not asked for a
 * while. Then it is half open: one request at a time may try, and its answer closes it. Event loops
 * share it.
 */
final class CircuitBreaker {
  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final int threshold;
  private final long openForNanos;
  private State state = State.CLOSED;
  private int failures;
  private long openedNanos;
  private long triedNanos;
  private boolean trying;

  /**
   * A closed breaker.
   *
   * @param threshold failures in a row that open it; {@link Integer#MAX_VALUE} for never
   * @param openForNanos for how long
   */
  CircuitBreaker(int threshold, long openForNanos) {
    this.threshold = threshold;
    this.openForNanos = openForNanos;
  }

  /** Whether a request would be let through now. */
  synchronized boolean allows(long nowNanos) {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> nowNanos - openedNanos >= openForNanos;
      // One that was let through and never came back does not keep it shut for ever.
      case HALF_OPEN -> !trying || nowNanos - triedNanos >= openForNanos;
    };
  }

  /** Whether requests are let through without being the one that tries. */
  synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Lets a request through, which is then the one that tries when it is half open. */
  synchronized boolean enter(long nowNanos) {
    if (!allows(nowNanos)) {
      return false;
    }
    if (state != State.CLOSED) {
      state = State.HALF_OPEN;
      trying = true;
      triedNanos = nowNanos;
    }
    return true;
  }

  /**
   * The head of a response has come. It lets others through again; only a whole response clears the
   * record, so that an address that breaks off every body still opens.
   */
  synchronized void answered() {
    if (state == State.HALF_OPEN) {
      state = State.CLOSED;
      failures = threshold - 1;
      trying = false;
    }
  }

  /** A check went well: whatever was before, requests may come. */
  synchronized void revived() {
    state = State.CLOSED;
    failures = 0;
    trying = false;
  }

  /** A check went badly: it counts as a failure, and keeps open what is open. */
  synchronized void unwell(long nowNanos) {
    if (state == State.OPEN) {
      openedNanos = nowNanos;
    } else {
      failed(nowNanos);
    }
  }

  /** A whole response has come. */
  synchronized void succeeded() {
    if (state != State.OPEN) {
      state = State.CLOSED;
      failures = 0;
      trying = false;
    }
  }

  /** A request failed. */
  synchronized void failed(long nowNanos) {
    trying = false;
    if (threshold == Integer.MAX_VALUE || state == State.OPEN) {
      return; // What was under way when it opened tells nothing new.
    }
    failures = Math.min(failures, threshold - 1) + 1;
    if (state == State.HALF_OPEN || failures >= threshold) {
      state = State.OPEN;
      openedNanos = nowNanos;
    }
  }

  /** A request ended without telling anything of the address, as when its viewer went away. */
  synchronized void abandoned() {
    trying = false;
  }
}
