package dev.portico.content.change;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
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
 * @param gatewayLease how long a gateway counts as alive after its last poll
 * @param longestWait longest time a poll is held
 */
@Context
@ConfigurationProperties("portico.change")
public record ChangeSettings(
    @NotEmpty List<String> secrets,
    @Bindable(defaultValue = "7d") Duration retention,
    @Bindable(defaultValue = "200ms") Duration poll,
    @Bindable(defaultValue = "10s") Duration gatewayLease,
    @Bindable(defaultValue = "8s") Duration longestWait) {
  private static final int SHORTEST_SECRET = 32;

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
  }
}
