package dev.portico.standins.cognito.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One sign-in: all tokens that came from it share its {@code origin_jti} and die with it.
 *
 * @param origin the {@code origin_jti}
 * @param poolId the pool
 * @param sub the user
 * @param clientId the app client
 * @param authTime when the user signed in, in seconds since the epoch
 * @param expires when the refresh token expires, in milliseconds since the epoch
 * @param signOuts how often the user had signed out everywhere before
 * @param revoked whether it was revoked
 * @param refresh the hash of the refresh token
 * @param previous the hash of the one before, when they rotate
 * @param previousUntil until when the one before still works, in milliseconds since the epoch
 * @param scope what its tokens are for, by spaces; null when it was not opened by the hosted
 *     endpoints
 */
record Grant(
    String origin,
    String poolId,
    String sub,
    String clientId,
    long authTime,
    long expires,
    int signOuts,
    boolean revoked,
    String refresh,
    @Nullable String previous,
    long previousUntil,
    @Nullable String scope) {
  static String hash(String refreshToken) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(refreshToken.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Grant revoke() {
    return new Grant(
        origin,
        poolId,
        sub,
        clientId,
        authTime,
        expires,
        signOuts,
        true,
        refresh,
        previous,
        previousUntil,
        scope);
  }

  Grant rotate(String nextToken, long graceUntil) {
    return new Grant(
        origin,
        poolId,
        sub,
        clientId,
        authTime,
        expires,
        signOuts,
        revoked,
        hash(nextToken),
        refresh,
        graceUntil,
        scope);
  }
}
