package dev.portico.auth.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What this feature needs of the user pool. */
public interface SessionAuthority {
  /** No call takes longer, all its retries included. */
  Duration LONGEST_CALL = Duration.ofSeconds(10);

  /** Signs in with a password. */
  SignInOutcome signIn(String username, String password, SignInContext context);

  /**
   * Answers NEW_PASSWORD_REQUIRED.
   *
   * @param username the name that came with the challenge
   * @param session the session that came with the challenge
   * @param attributes the required attributes by name
   */
  SignInOutcome newPassword(
      String username,
      String session,
      String newPassword,
      Map<String, String> attributes,
      SignInContext context);

  /**
   * Answers a challenge by a code.
   *
   * @param username the name that came with the challenge
   * @param kind SOFTWARE_TOKEN_MFA, EMAIL_OTP or SMS_MFA
   * @param session the session that came with the challenge
   */
  SignInOutcome enterCode(
      String username, ChallengeKind kind, String session, String code, SignInContext context);

  /** Answers SELECT_MFA_TYPE by the kind of factor that is to be asked for. */
  SignInOutcome chooseFactor(
      String username, String session, ChallengeKind factor, SignInContext context);

  /**
   * Answers MFA_SETUP by a code of the app that was set up.
   *
   * @param session the session that came with the app's secret
   */
  SignInOutcome finishSetup(String username, String session, String code, SignInContext context);

  /**
   * New tokens for a refresh token; the refresh token among them is a new one if the pool rotates
   * them, else the same.
   *
   * @return empty if it is not valid any more
   */
  Optional<Tokens> refresh(String refreshToken);

  /** Revokes a refresh token and all access tokens made with it; harmless if it is not valid. */
  void revoke(String refreshToken);

  /**
   * Revokes all of a user's tokens.
   *
   * @return false if the access token has been revoked already
   */
  boolean revokeAll(String accessToken);

  /** Revokes all of a user's tokens, by the pool's name of the user; harmless if there is none. */
  void revokeAllOf(String username);
}
