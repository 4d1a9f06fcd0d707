package dev.portico.auth.session;

import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions of whoever asks, and of nobody else. Cognito ends the session of a refresh token,
 * whoever brings it, and says neither whose it was nor which access tokens it made void. So the
 * refresh token is used first: what comes of it says both.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009 section 2.1</a>
 */
@Singleton
final class SignOut {
  private final SessionAuthority sessions;
  private final Revocations revocations;

  SignOut(SessionAuthority sessions, Revocations revocations) {
    this.sessions = sessions;
    this.revocations = revocations;
  }

  /** Ends all sessions of the caller. */
  void endAll(Authentication caller) {
    revocations.endAll(
        caller.getName(),
        () -> {
          if (!sessions.revokeAll(AccessTokenValidator.tokenOf(caller))) {
            throw Problem.tokenRefused("revoked: the session was ended");
          }
        });
  }

  /**
   * Ends the session of a refresh token: the caller's own or another one of the same account. One
   * that is not valid any more names none, and then it is the caller's own: whoever signs out must
   * be signed out.
   *
   * @throws Problem 403 if it is somebody else's; 503 if Cognito does not answer: then the caller's
   *     own is over here, and its refresh token gives nothing at this service any more
   */
  void end(Authentication caller, String refreshToken) {
    Optional<Tokens> fresh;
    try {
      fresh = sessions.refresh(refreshToken);
    } catch (Problem | IllegalStateException e) {
      endTokens(own(caller));
      throw e;
    }
    if (fresh.isEmpty()) {
      endTokens(own(caller));
      return;
    }
    TokenClaims claims = TokenClaims.of(fresh.get());
    if (!claims.subject().equals(caller.getName())) {
      throw Problem.forbidden();
    }
    endTokens(claims.originJti());
    String rotated = fresh.get().refreshToken();
    sessions.revoke(rotated);
    if (!rotated.equals(refreshToken)) {
      sessions.revoke(refreshToken); // which a pool with a grace period would take still
    }
  }

  private static @Nullable String own(Authentication caller) {
    return caller.getAttributes().get("origin_jti") instanceof String origin ? origin : null;
  }

  /** A pool that revokes no tokens makes them without an origin. */
  private void endTokens(@Nullable String originJti) {
    if (originJti != null) {
      revocations.endTokens(originJti);
    }
  }
}
