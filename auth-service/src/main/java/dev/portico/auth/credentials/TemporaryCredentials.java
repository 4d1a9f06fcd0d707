package dev.portico.auth.credentials;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * Credentials for AWS, in the words of its SDKs.
 *
 * @param identityId the user's id in the identity pool, by which policies can bound them
 * @param accessKeyId names them
 * @param secretAccessKey signs with them
 * @param sessionToken goes with each request
 * @param expiration when they end
 */
@Serdeable
@Schema(name = "TemporaryCredentials")
public record TemporaryCredentials(
    String identityId,
    String accessKeyId,
    String secretAccessKey,
    String sessionToken,
    Instant expiration) {
  /** Without the secrets, since what is printed may be logged. */
  @Override
  public String toString() {
    return "TemporaryCredentials[" + identityId + ']';
  }
}
