package dev.portico.gateway.connection;

import java.time.Duration;

/** The event loops of the data path, without listeners. */
public final class LoopsFixture {
  private LoopsFixture() {}

  /** So many loops, of the kind that the service has on this machine. */
  public static EventLoops of(int count) {
    return new EventLoops(settings(count));
  }

  /** So many loops, of the kind that a setting asks for. */
  public static EventLoops of(int count, String transport) {
    return new EventLoops(settings(count, transport));
  }

  static ListenerSettings settings(int loops) {
    return settings(loops, Transport.AUTO);
  }

  private static ListenerSettings settings(int loops, String transport) {
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
        100,
        0,
        limit,
        limit,
        limit,
        100,
        limit,
        loops,
        transport);
  }

  /** Ends them. */
  public static void stop(EventLoops loops) {
    loops.stop();
  }
}
