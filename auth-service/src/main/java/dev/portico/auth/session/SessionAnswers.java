package dev.portico.auth.session;

import dev.portico.auth.error.Problem;
import java.util.function.Supplier;

/** What callers are told about each outcome. Pure. */
final class SessionAnswers {
  private SessionAnswers() {}

  /**
   * The answer to a sign-in.
   *
   * @throws Problem if it was refused
   */
  static SignInAnswer signIn(SignInOutcome outcome) {
    return answer(outcome, SessionAnswers::notSignedIn);
  }

  /**
   * The answer to a challenge's answer.
   *
   * @throws Problem if it was refused
   */
  static SignInAnswer challenge(SignInOutcome outcome) {
    return answer(outcome, Problem::challengeRefused);
  }

  /** 401: what a wrong password and an unknown account have in common. */
  private static Problem notSignedIn() {
    return Problem.notProven(
        "sign-in-refused",
        "Not signed in",
        "User name or password is wrong, or the account cannot be used.");
  }

  /** 401: the refresh token is revoked, expired, rotated out or not one. */
  static Problem refreshRefused() {
    return Problem.notProven(
        "refresh-refused",
        "Not signed in",
        "The refresh token is wrong, expired or revoked. Sign in again.");
  }

  private static SignInAnswer answer(SignInOutcome outcome, Supplier<Problem> refused) {
    return switch (outcome) {
      case SignInOutcome.SignedIn signedIn -> SignInAnswer.of(signedIn.tokens());
      case SignInOutcome.NewPasswordRequired challenge -> SignInAnswer.of(challenge);
      case SignInOutcome.FactorRequired challenge -> SignInAnswer.of(challenge);
      case SignInOutcome.CodeRefused code -> throw Problem.invalidCode();
      case SignInOutcome.UnknownChallenge challenge ->
          throw Problem.of(
              403,
              "challenge-not-supported",
              "Sign-in needs a step that is not supported",
              "The user pool asks for " + challenge.challenge() + '.');
      case SignInOutcome.NotConfirmed waits ->
          throw Problem.of(
              403,
              "not-confirmed",
              "The account is not confirmed",
              "Confirm it with the code that was sent, or ask for another one.");
      case SignInOutcome.Refused no -> throw refused.get();
      case SignInOutcome.PasswordRefused password ->
          throw Problem.invalid("responses.newPassword", password.reason());
      case SignInOutcome.AttributesRefused attributes ->
          throw Problem.invalid("responses.attributes", attributes.reason());
    };
  }
}
