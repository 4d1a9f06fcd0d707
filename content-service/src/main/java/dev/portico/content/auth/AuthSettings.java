package dev.portico.content.auth;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where auth-service is asked. Checked at start.
 *
 * @param internal its internal port
 * @param secret what this service presents there; absent: it is never asked
 */
@Context
@ConfigurationProperties("portico.auth")
public record AuthSettings(URI internal, @Nullable String secret) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public AuthSettings {
    if (!internal.isAbsolute() || internal.getHost() == null) {
      throw new IllegalArgumentException("PORTICO_AUTH_INTERNAL must be a URL");
    }
  }

  /** Without the secret: settings end up in logs. */
  @Override
  public String toString() {
    return "AuthSettings[" + internal + "]";
  }
}
