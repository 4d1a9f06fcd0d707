package dev.portico.auth.token;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Which access tokens are accepted.
 *
 * @param issuer the {@code iss} that tokens must carry, exactly, such as {@code
 *     https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf}
 * @param jwksUrl where the pool publishes its keys; a setting of its own, since a stand-in's issuer
 *     is written as AWS writes it
 * @param clientIds the app clients whose tokens are accepted
 * @param clockSkew by how much clocks may differ, both for expiry and for tokens from the future
 */
@ConfigurationProperties("portico.token")
public record TokenSettings(
    @NotBlank String issuer,
    URI jwksUrl,
    @NotEmpty List<@NotBlank String> clientIds,
    @Bindable(defaultValue = "60s") Duration clockSkew) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public TokenSettings {
    if (!"http".equals(jwksUrl.getScheme()) && !"https".equals(jwksUrl.getScheme())) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_JWKS_URL must be an http or https URL, such as"
              + " https://cognito-idp.REGION.amazonaws.com/POOL/.well-known/jwks.json");
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
      throw new IllegalArgumentException("PORTICO_TOKEN_CLOCK_SKEW must be between 0s and 5m");
    }
    clientIds = List.copyOf(clientIds);
  }
}
