package dev.portico.content.member.pool;

import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;

/**
 * How long it may be unknown which access tokens were revoked. Checked at start.
 *
 * @param grace how long tokens are accepted when auth-service does not tell what is revoked
 */
@Context
@ConfigurationProperties("portico.auth")
public record RevocationSettings(Duration grace) {
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);

  /** Refuses what could never work. */
  public RevocationSettings {
    requireWithin("PORTICO_TOKEN_GRACE", grace, Duration.ZERO, LONGEST_GRACE);
  }
}
