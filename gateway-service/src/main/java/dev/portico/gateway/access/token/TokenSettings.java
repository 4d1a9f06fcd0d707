package dev.portico.gateway.access.token;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * Whose access tokens are accepted.
 *
 * @param issuer the pool's issuer, exactly as in its tokens; empty: no tokens are looked at
 * @param jwksUrl where the pool's public keys are
 * @param clientIds app clients whose tokens are accepted
 * @param clockSkew by how much clocks may differ, both for expiry and for tokens from the future
 */
@ConfigurationProperties("portico.cognito")
public record TokenSettings(
    String issuer, String jwksUrl, List<String> clientIds, Duration clockSkew) {
  private static final Duration LARGEST_SKEW = Duration.ofMinutes(5);

  /** Refuses what could never work, and keeps an unmodifiable copy. */
  public TokenSettings {
    clientIds = clientIds.stream().map(String::strip).filter(id -> !id.isEmpty()).toList();
    if (!issuer.isBlank()) {
      if (!isUrl(jwksUrl)) {
        throw new IllegalArgumentException("PORTICO_COGNITO_JWKS_URL must be a URL");
      }
      if (clientIds.isEmpty()) {
        throw new IllegalArgumentException("PORTICO_COGNITO_CLIENT_IDS must name an app client");
      }
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(LARGEST_SKEW) > 0) {
      throw new IllegalArgumentException("PORTICO_TOKEN_CLOCK_SKEW must be between 0s and 5m");
    }
  }

  private static boolean isUrl(String text) {
    try {
      return !text.isBlank() && new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether there is a pool whose tokens are accepted. */
  boolean configured() {
    return !issuer.isBlank();
  }
}
