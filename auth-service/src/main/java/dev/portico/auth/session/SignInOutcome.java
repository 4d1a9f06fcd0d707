package dev.portico.auth.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user pool says to a sign-in, or to the answer of a challenge. */
public sealed interface SignInOutcome {
  /**
   * Signed in.
   *
   * @param tokens the session
   */
  record SignedIn(Tokens tokens) implements SignInOutcome {}

  /**
   * The password was a temporary one; a new one is asked for.
   *
   * @param session proves the step so far; short-lived
   * @param username the name by which the pool knows the user, to be sent back
   * @param requiredAttributes attributes that must be given with the new password
   */
  record NewPasswordRequired(String session, String username, List<String> requiredAttributes)
      implements SignInOutcome {
    /** Without the session, since what is printed may be logged. */
    @Override
    public String toString() {
      return "NewPasswordRequired[...]";
    }
  }

  /**
   * A second factor is asked for, in one of its steps.
   *
   * @param kind the step
   * @param session proves the steps so far; short-lived
   * @param username the name by which the pool knows the user, to be sent back
   * @param factors that can be chosen, or set up
   * @param destination where a code was sent, masked by the pool; null if none was
   */
  record FactorRequired(
      ChallengeKind kind,
      String session,
      String username,
      List<String> factors,
      @Nullable String destination)
      implements SignInOutcome {
    /** Without the session, since what is printed may be logged. */
    @Override
    public String toString() {
      return "FactorRequired[" + kind + ']';
    }
  }

  /** The code is wrong or was used before; the session can be tried again. */
  record CodeRefused() implements SignInOutcome {}

  /**
   * The pool asks for something that this service does not know yet.
   *
   * @param challenge Cognito's name of it
   */
  record UnknownChallenge(String challenge) implements SignInOutcome {}

  /** The password is right, but the account waits for its code. */
  record NotConfirmed() implements SignInOutcome {}

  /** Wrong password, no such account, disabled, locked: one outcome, so that none can leak. */
  record Refused() implements SignInOutcome {}

  /**
   * The new password does not follow the pool's policy.
   *
   * @param reason the part of the policy, safe to show
   */
  record PasswordRefused(String reason) implements SignInOutcome {}

  /**
   * A required attribute is missing or wrong.
   *
   * @param reason the pool's words, safe to show
   */
  record AttributesRefused(String reason) implements SignInOutcome {}
}
