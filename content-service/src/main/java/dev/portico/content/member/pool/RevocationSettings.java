package dev.portico.content.member.pool;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where auth-service says which tokens are void before they expire.
 *
 * @param internal its internal port
 * @param secret by which it knows this service; unset: tokens are accepted until they expire
 */
@Context
@ConfigurationProperties("portico.auth")
public record RevocationSettings(URI internal, @Nullable String secret) {
  /** Refuses what could never work. */
  public RevocationSettings {
    if (!"http".equals(internal.getScheme()) && !"https".equals(internal.getScheme())) {
      throw new IllegalArgumentException("PORTICO_AUTH_INTERNAL is not an http or https URL");
    }
  }

  /** The secret, if there is one. */
  Optional<String> known() {
    return Optional.ofNullable(secret).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "RevocationSettings[internal=" + internal + ']';
  }
}
