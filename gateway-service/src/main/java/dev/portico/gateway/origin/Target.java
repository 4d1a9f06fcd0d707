package dev.portico.gateway.origin;

import dev.portico.gateway.origin.wire.Peer;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask, and with how much trust: an origin of a team's, or a service of Portico's own, which
 * is one that may be at any address and does not get the blame for its connections.
 *
 * @param origin what is known of it
 * @param trusted whether it is a service of Portico's own
 * @param leastRate bytes per second that the response's body must come at; 0 for no limit
 */
public record Target(HttpOrigin origin, boolean trusted, long leastRate) {
  private static final int NEVER = Integer.MAX_VALUE;

  /** An origin of a team's. */
  public static Target of(HttpOrigin origin) {
    return new Target(origin, false, 0);
  }

  /** A service of Portico's own, with the limits of time that the settings give it. */
  static Target inner(Origin service, OriginSettings settings, long leastRate) {
    HttpOrigin origin =
        new HttpOrigin(
            "inner",
            false,
            service.host(),
            service.port(),
            "",
            false,
            settings.connectTimeout(),
            settings.firstByteTimeout(),
            settings.idleTimeout(),
            Duration.ZERO,
            1,
            List.of(),
            true,
            new HttpOrigin.Breaker(NEVER, Duration.ZERO),
            null,
            null);
    return new Target(origin, true, leastRate);
  }

  Peer peer() {
    return new Peer(origin.host(), origin.port(), origin.tls(), origin.verifyTls(), origin.http2());
  }

  /** Scheme, host and port, for the log. */
  String name() {
    return (origin.tls() ? "https://" : "http://") + peer().authority();
  }
}
