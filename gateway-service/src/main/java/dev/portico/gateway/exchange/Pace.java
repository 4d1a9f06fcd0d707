package dev.portico.gateway.exchange;

/**
 * Whether a body comes fast enough. Silence alone is no measure: a byte now and then would keep for
 * ever what the exchange holds. How long the whole may take is none either: it may be of any size,
 * and is read at the other side's pace. So bytes are counted over periods in which it was the
 * sender's turn throughout. Not thread-safe.
 */
public final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final long periodNanos;
  private long begunNanos;
  private long bytes;

  /**
   * Makes a measure.
   *
   * @param bytesPerSecond the least that will do; 0 for anything
   * @param periodNanos over how long to take the average, in nanoseconds
   */
  public Pace(long bytesPerSecond, long periodNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.periodNanos = periodNanos;
  }

  /** A period begins: the body does, or reading it goes on. */
  public void begin(long nowNanos) {
    begunNanos = nowNanos;
    bytes = 0;
  }

  /** Some bytes have come. */
  public void received(int count) {
    bytes += count;
  }

  /** Whether a whole period has passed in which too little came; after one, another begins. */
  public boolean tooSlow(long nowNanos) {
    long passed = nowNanos - begunNanos;
    if (passed < periodNanos) {
      return false;
    }
    boolean slow = bytes < bytesPerSecond * (passed / NANOS_PER_SECOND);
    begin(nowNanos);
    return slow;
  }
}
