package dev.portico.standins.cognito.hosted;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization code stands for.
 *
 * @param request by which it was asked for
 * @param sub the user
 * @param authTime when the user was proven, in seconds since the epoch
 */
record Granted(AuthorizationRequest request, String sub, long authTime) {
  /** Whether the one who brings the code knows what the challenge was made of. */
  boolean proves(@Nullable String verifier) {
    var challenge = request.challenge();
    if (challenge == null || verifier == null) {
      return challenge == null && verifier == null;
    }
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).equals(challenge);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
