package dev.portico.auth.cognito;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity pool that gives AWS credentials, if there is one. Checked at start.
 *
 * @param poolId its id, {@code region:uuid}
 * @param endpoint where Cognito's identity pools answer, if not at AWS
 */
@Context
@ConfigurationProperties("portico.identity")
public record IdentityPoolSettings(@Nullable String poolId, @Nullable String endpoint) {
  private static final Pattern POOL = Pattern.compile("[\\w-]+:[0-9a-f-]+");

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public IdentityPoolSettings {
    if (poolId != null && !poolId.isBlank() && !POOL.matcher(poolId).matches()) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_IDENTITY_POOL_ID must be region:uuid, or unset for none");
    }
    if (endpoint != null
        && !endpoint.isBlank()
        && !endpoint.startsWith("http://")
        && !endpoint.startsWith("https://")) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_IDENTITY_ENDPOINT must be an http or https URL, or unset for AWS");
    }
  }

  Optional<String> pool() {
    return Optional.ofNullable(poolId).filter(text -> !text.isBlank());
  }

  Optional<URI> endpointOverride() {
    return Optional.ofNullable(endpoint).filter(text -> !text.isBlank()).map(URI::create);
  }
}
