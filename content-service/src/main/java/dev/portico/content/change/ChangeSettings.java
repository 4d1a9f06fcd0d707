package dev.portico.content.change;

import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;

/**
 * The change feed's settings.
 *
 * @param secrets of the gateways, one per caller, several accepted while one is being replaced; at
 *     least 32 characters each
 * @param retention how long records are kept; a gateway away for longer loads everything anew
 * @param poll how often the head is read while a gateway waits
 * @param gatewayLease how long a gateway counts as alive after its last poll; at least a second
 * @param longestWait longest time a poll is held
 */
@Context
@ConfigurationProperties("portico.change")
public record ChangeSettings(
    @NotEmpty List<String> secrets,
    Duration retention,
    Duration poll,
    Duration gatewayLease,
    Duration longestWait) {
  private static final int SHORTEST_SECRET = 32;
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(5);

  /** Refuses secrets that could be guessed. */
  public ChangeSettings {
    secrets = secrets.stream().map(String::strip).filter(secret -> !secret.isEmpty()).toList();
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("PORTICO_INTERNAL_SECRETS is not set");
    }
    if (secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
      throw new IllegalArgumentException(
          "PORTICO_INTERNAL_SECRETS holds a secret of fewer than "
              + SHORTEST_SECRET
              + " characters");
    }
    requireWithin("PORTICO_GATEWAY_LEASE", gatewayLease, SHORTEST_LEASE, LONGEST_LEASE);
  }

  /** Without the secrets: settings end up in logs. */
  @Override
  public String toString() {
    return "ChangeSettings[secrets="
        + secrets.size()
        + ", retention="
        + retention
        + ", poll="
        + poll
        + ", gatewayLease="
        + gatewayLease
        + ", longestWait="
        + longestWait
        + ']';
  }

  /**
   * How long a gateway may count on its lease, from when it sent its poll. A tenth shorter than it
   * counts as alive: leases are compared with the clocks of several copies.
   */
  Duration promisedLease() {
    return gatewayLease.multipliedBy(9).dividedBy(10);
  }
}
