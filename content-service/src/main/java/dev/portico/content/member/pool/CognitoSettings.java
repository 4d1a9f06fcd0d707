package dev.portico.content.member.pool;

import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Whose access tokens are accepted.
 *
 * @param issuer the pool's issuer, exactly as in its tokens
 * @param jwksUrl where the pool's public keys are
 * @param clientIds app clients whose tokens are accepted
 * @param clockSkew by how much clocks may differ, both for expiry and for tokens from the future
 */
@Context
@ConfigurationProperties("portico.cognito")
public record CognitoSettings(
    String issuer, URI jwksUrl, List<String> clientIds, Duration clockSkew) {
  /** Refuses what could never work, and keeps an unmodifiable copy. */
  public CognitoSettings {
    if (!jwksUrl.isAbsolute()) {
      throw new IllegalArgumentException("PORTICO_COGNITO_JWKS_URL is not set");
    }
    if (issuer.isBlank()) {
      throw new IllegalArgumentException("PORTICO_COGNITO_ISSUER is not set");
    }
    clientIds = clientIds.stream().map(String::strip).filter(id -> !id.isEmpty()).toList();
    if (clientIds.isEmpty()) {
      throw new IllegalArgumentException("PORTICO_COGNITO_CLIENT_IDS is not set");
    }
    requireWithin("PORTICO_TOKEN_CLOCK_SKEW", clockSkew, Duration.ZERO, Duration.ofMinutes(5));
  }
}
