package dev.portico.gateway.connection;

import java.time.Duration;

/** The event loops of the data path, without listeners. */
public final class LoopsFixture {
  private LoopsFixture() {}

  /** So many loops, of the kind that the service has on this machine. */
  public static EventLoops of(int count) {
    Duration second = Duration.ofSeconds(1);
    return new EventLoops(
        new ListenerSettings(
            0,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            second,
            1,
            1_024,
            8_192,
            second,
            second,
            second,
            second,
            count));
  }

  /** Ends them. */
  public static void stop(EventLoops loops) {
    loops.stop();
  }
}
