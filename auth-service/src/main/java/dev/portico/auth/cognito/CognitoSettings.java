package dev.portico.auth.cognito;

import dev.portico.auth.session.SessionAuthority;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user pool and the app client by which it is used. Checked at start.
 *
 * @param endpoint where Cognito answers, if not at AWS
 * @param userPoolId id of the user pool
 * @param clientId id of an app client that allows ADMIN_USER_PASSWORD_AUTH
 * @param clientSecret the app client's secret, if it has one
 * @param callTimeout how long a call may take with all its retries
 */
@Context
@ConfigurationProperties("portico.cognito")
public record CognitoSettings(
    @Nullable String endpoint,
    @Nullable String userPoolId,
    @Nullable String clientId,
    @Nullable String clientSecret,
    Duration callTimeout) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public CognitoSettings {
    if (userPoolId == null || userPoolId.isBlank()) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_USER_POOL_ID is not set; it is the pool's id, such as eu-west-1_AbCdEf");
    }
    if (clientId == null || clientId.isBlank()) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_CLIENT_ID is not set; it is the id of the pool's app client");
    }
    if (endpoint != null
        && !endpoint.isBlank()
        && !endpoint.startsWith("http://")
        && !endpoint.startsWith("https://")) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_ENDPOINT must be an http or https URL, or unset for AWS");
    }
    if (callTimeout.isNegative()
        || callTimeout.isZero()
        || callTimeout.compareTo(SessionAuthority.LONGEST_CALL) > 0) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_CALL_TIMEOUT must be more than 0s and at most 10s");
    }
  }

  Optional<URI> endpointOverride() {
    return Optional.ofNullable(endpoint).filter(text -> !text.isBlank()).map(URI::create);
  }

  Optional<String> secret() {
    return Optional.ofNullable(clientSecret).filter(text -> !text.isBlank());
  }

  String pool() {
    return String.valueOf(userPoolId);
  }

  String client() {
    return String.valueOf(clientId);
  }

  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "CognitoSettings[endpoint="
        + endpoint
        + ", userPoolId="
        + userPoolId
        + ", clientId="
        + clientId
        + ", callTimeout="
        + callTimeout
        + ']';
  }
}
