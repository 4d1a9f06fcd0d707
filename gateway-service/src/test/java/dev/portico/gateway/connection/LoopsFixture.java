package dev.portico.gateway.connection;

import java.time.Duration;

/** The event loops of the data path, without listeners. */
public final class LoopsFixture {
  private LoopsFixture() {}

  /** So many loops, of the kind that the service has on this machine. */
  public static EventLoops of(int count) {
    return new EventLoops(settings(count));
  }

  static ListenerSettings settings(int loops) {
    Duration limit = Duration.ofSeconds(10);
    return new ListenerSettings(
        0,
        0,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        limit.multipliedBy(3),
        1_000,
        0,
        1_024,
        8_192,
        limit,
        limit,
        limit,
        limit,
        loops);
  }

  /** Ends them. */
  public static void stop(EventLoops loops) {
    loops.stop();
  }
}
