package dev.portico.content.member.pool;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who tells which access tokens were revoked.
 *
 * @param internal auth-service's internal port
 * @param secret what this service presents there; absent: tokens hold until they expire
 * @param grace how long tokens are accepted when auth-service does not tell what is revoked
 */
@Context
@ConfigurationProperties("portico.auth")
public record RevocationSettings(
    @Bindable(defaultValue = "http://localhost:8085") URI internal,
    @Nullable String secret,
    @Bindable(defaultValue = "5m") Duration grace) {
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);

  /** Refuses what could never work. */
  public RevocationSettings {
    if (!internal.isAbsolute() || internal.getHost() == null) {
      throw new IllegalArgumentException("PORTICO_AUTH_INTERNAL must be a URL");
    }
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("PORTICO_TOKEN_GRACE must be between 0s and 1h");
    }
  }

  /** Whether revocations are followed. */
  boolean followed() {
    return secret != null && !secret.isBlank();
  }

  /** Without the secret: settings end up in logs. */
  @Override
  public String toString() {
    return "RevocationSettings[" + internal + ", " + grace + "]";
  }
}
