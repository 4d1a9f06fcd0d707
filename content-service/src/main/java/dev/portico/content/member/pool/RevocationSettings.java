package dev.portico.content.member.pool;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long it may be unknown which access tokens were revoked. Checked at start.
 *
 * @param grace how long tokens are accepted when auth-service does not tell what is revoked
 */
@Context
@ConfigurationProperties("portico.auth")
public record RevocationSettings(@Bindable(defaultValue = "5m") Duration grace) {
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);

  /** Refuses what could never work. */
  public RevocationSettings {
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("PORTICO_TOKEN_GRACE must be between 0s and 1h");
    }
  }
}
