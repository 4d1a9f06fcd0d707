package dev.portico.auth.sitesession;

import dev.portico.auth.identity.IdentityTokens;
import dev.portico.auth.signin.Profile;
import dev.portico.auth.signin.SignIn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is told of a session (deploy/contracts/auth-session.json,
 * auth-session-ended.json).
 *
 * @param session the value for the cookie; only when it is new
 * @param maxAgeSeconds how long the cookie is to be kept; only with it
 * @param nonce that was sent with the request; only with a new session
 * @param state {@code active} or {@code ended}
 * @param freshSeconds how long this may be relied upon, unless a revocation comes first
 * @param identity who it is; only if it is active
 */
@Serdeable
record SiteSessionAnswer(
    @Nullable String session,
    @Nullable Long maxAgeSeconds,
    @Nullable String nonce,
    String state,
    @Nullable Long freshSeconds,
    @Nullable Identity identity) {
  static final SiteSessionAnswer ENDED =
      new SiteSessionAnswer(null, null, null, "ended", null, null);

  static SiteSessionAnswer active(long freshSeconds, Identity identity) {
    return new SiteSessionAnswer(null, null, null, "active", freshSeconds, identity);
  }

  /** The same of a session that is new. */
  SiteSessionAnswer begun(String value, long maxAge, String nonceSent) {
    return new SiteSessionAnswer(value, maxAge, nonceSent, state, freshSeconds, identity);
  }

  /** Without the secrets, since what is printed may be logged. */
  @Override
  public String toString() {
    return "SiteSessionAnswer[" + state + ']';
  }

  /**
   * Who is signed in. Times are in seconds of the epoch.
   *
   * @param signIn by which revocations name it
   * @param subject the account
   * @param username the pool's name of it
   * @param email its address
   * @param emailVerified whether that is proven
   * @param name its name
   * @param groups the pool's groups
   * @param claims other attributes, by Cognito's names
   * @param claimLists those that are lists
   * @param authenticatedAt when it was proven
   * @param expiresAt when the session ends at the latest
   * @param originJti by which revocations name its access tokens
   * @param token the identity token for the site's origins
   * @param tokenExpiresAt when that expires
   */
  @Serdeable
  record Identity(
      String signIn,
      String subject,
      String username,
      @Nullable String email,
      boolean emailVerified,
      @Nullable String name,
      List<String> groups,
      Map<String, String> claims,
      Map<String, List<String>> claimLists,
      long authenticatedAt,
      long expiresAt,
      @Nullable String originJti,
      String token,
      long tokenExpiresAt) {
    static Identity of(SignIn signIn, Profile profile, IdentityTokens.Token token) {
      return new Identity(
          signIn.id(),
          signIn.subject(),
          profile.username(),
          profile.email(),
          profile.emailVerified(),
          profile.name(),
          profile.groups(),
          profile.claims(),
          profile.claimLists(),
          signIn.authenticatedAt().getEpochSecond(),
          signIn.expiresAt().getEpochSecond(),
          signIn.originJti(),
          token.text(),
          token.expiresAt().getEpochSecond());
    }
  }
}
