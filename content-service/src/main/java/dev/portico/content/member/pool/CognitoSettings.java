package dev.portico.content.member.pool;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Whose access tokens are accepted.
 *
 * @param issuer the pool's issuer, exactly as in its tokens
 * @param jwksUrl where the pool's public keys are
 * @param clientIds app clients whose tokens are accepted
 * @param clockSkew how far clocks may differ
 */
@ConfigurationProperties("portico.cognito")
public record CognitoSettings(
    @NotBlank String issuer,
    URI jwksUrl,
    @NotEmpty List<String> clientIds,
    @Bindable(defaultValue = "60s") Duration clockSkew) {
  /** Keeps an unmodifiable copy. */
  public CognitoSettings {
    clientIds = List.copyOf(clientIds);
  }
}
