package dev.portico.auth.sitesession;

import dev.portico.auth.signin.SignIn;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * The access token of a session, for a gateway that calls the API on its account
 * (deploy/contracts/auth-session-token.json, auth-session-ended.json).
 *
 * @param state {@code active} or {@code ended}
 * @param accessToken Cognito's; only if it is active
 * @param expiresAt when that expires, in seconds of the epoch; only with it
 */
@Serdeable
record AccessTokenAnswer(String state, @Nullable String accessToken, @Nullable Long expiresAt) {
  static final AccessTokenAnswer ENDED = new AccessTokenAnswer("ended", null, null);

  static AccessTokenAnswer of(SignIn signIn) {
    return new AccessTokenAnswer(
        "active", signIn.tokens().accessToken(), signIn.tokensExpireAt().getEpochSecond());
  }

  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "AccessTokenAnswer[" + state + ']';
  }
}
