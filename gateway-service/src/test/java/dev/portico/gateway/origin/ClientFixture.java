package dev.portico.gateway.origin;

import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.trace.Traces;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A client that may go to loopback addresses, and origins there. */
public final class ClientFixture {
  private ClientFixture() {}

  /** A client on these loops. */
  public static OriginClient on(EventLoops loops) {
    URI nowhere = URI.create("http://127.0.0.1:1");
    Duration limit = Duration.ofSeconds(10);
    return new OriginClient(
        new OriginSettings(nowhere, nowhere, "", nowhere, limit, limit, limit, 0, 16, limit),
        OriginFixture.reach("", ""),
        loops,
        Traces.OFF);
  }

  /** Ends it. */
  public static void close(OriginClient client) {
    client.close();
  }

  /** An origin at a port of the loopback address that is given up for a minute after failures. */
  public static HttpOrigin origin(int port, int failures) {
    Duration limit = Duration.ofSeconds(5);
    return new HttpOrigin(
        "app",
        false,
        "127.0.0.1",
        port,
        "",
        false,
        limit,
        limit,
        limit,
        Duration.ZERO,
        1,
        List.of(),
        true,
        new HttpOrigin.Breaker(failures, Duration.ofMinutes(1)),
        null,
        null);
  }
}
