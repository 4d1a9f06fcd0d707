package dev.portico.gateway.access.revocation;

/** One entry of auth-service's revocation feed: deploy/contracts/auth-revocations.json. */
public sealed interface Revocation {
  /** Until when it must be remembered, in seconds since 1970: nothing is valid for longer. */
  long until();

  /**
   * A browser was signed out.
   *
   * @param signIn auth-service's id of the sign-in, to which sessions at several sites belong
   */
  record SignIn(String signIn, long until) implements Revocation {}

  /**
   * The tokens of a refresh token were revoked.
   *
   * @param originJti what all of them have in common
   */
  record Token(String originJti, long until) implements Revocation {}

  /**
   * All that an account had was revoked.
   *
   * @param subject its {@code sub}
   * @param issuedBefore what it was given before this, in seconds since 1970
   */
  record User(String subject, long issuedBefore, long until) implements Revocation {}
}
