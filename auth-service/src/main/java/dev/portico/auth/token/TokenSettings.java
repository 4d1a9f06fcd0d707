package dev.portico.auth.token;

import static dev.portico.auth.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which access tokens are accepted. Checked at start.
 *
 * @param issuer the {@code iss} that tokens must carry, exactly, such as {@code
 *     https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf}
 * @param jwksUrl where the pool publishes its keys; by default below the issuer. A setting of its
 *     own, since a stand-in's issuer is written as AWS writes it
 * @param clientId the app client whose tokens are accepted if {@code clientIds} is empty
 * @param clientIds the app clients whose tokens are accepted
 * @param clockSkew by how much clocks may differ, both for expiry and for tokens from the future
 */
@Context
@ConfigurationProperties("portico.token")
public record TokenSettings(
    @Nullable String issuer,
    @Nullable String jwksUrl,
    @Nullable String clientId,
    @Nullable List<String> clientIds,
    Duration clockSkew) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public TokenSettings {
    if (issuer == null || issuer.isBlank()) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_ISSUER is not set; it is the iss of the pool's tokens, such as"
              + " https://cognito-idp.REGION.amazonaws.com/POOL_ID");
    }
    if (jwksUrl == null || jwksUrl.isBlank()) {
      jwksUrl = issuer + "/.well-known/jwks.json";
    }
    if (!jwksUrl.startsWith("http://") && !jwksUrl.startsWith("https://")) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_JWKS_URL must be an http or https URL, such as"
              + " https://cognito-idp.REGION.amazonaws.com/POOL_ID/.well-known/jwks.json");
    }
    clientIds =
        clientIds == null ? List.of() : clientIds.stream().filter(id -> !id.isBlank()).toList();
    if (clientIds.isEmpty() && clientId != null && !clientId.isBlank()) {
      clientIds = List.of(clientId);
    }
    if (clientIds.isEmpty()) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_CLIENT_ID (or PORTICO_COGNITO_CLIENT_IDS, a comma list) is not set");
    }
    requireWithin("PORTICO_TOKEN_CLOCK_SKEW", clockSkew, Duration.ZERO, Duration.ofMinutes(5));
  }

  /** The JWKS address. */
  URI keysAt() {
    return URI.create(String.valueOf(jwksUrl));
  }

  /** The issuer, which is set. */
  String requiredIssuer() {
    return String.valueOf(issuer);
  }

  /** The clients, at least one. */
  List<String> acceptedClients() {
    return clientIds == null ? List.of() : clientIds;
  }
}
