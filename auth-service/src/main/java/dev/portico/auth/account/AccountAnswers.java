package dev.portico.auth.account;

import dev.portico.auth.error.Problem;

/**
 * What callers are told about each outcome. Pure, and the one place that keeps the rule: an answer
 * does not depend on whether the account exists.
 */
final class AccountAnswers {
  private AccountAnswers() {}

  /**
   * The answer to a sign-up.
   *
   * @param address where a code would go
   * @throws Problem if the sign-up is refused
   */
  static AccountStatus signedUp(SignUpOutcome outcome, String address) {
    return switch (outcome) {
      case SignUpOutcome.Created created -> AccountStatus.confirmationRequired(address);
      case SignUpOutcome.AlreadyExists exists -> AccountStatus.confirmationRequired(address);
      case SignUpOutcome.Closed closed ->
          throw Problem.of(
              403,
              "sign-up-closed",
              "Sign-up is closed",
              "Accounts are made by an administrator here.");
      case SignUpOutcome.PasswordRefused refused ->
          throw Problem.invalid("password", refused.reason());
      case SignUpOutcome.Refused refused -> throw Problem.invalid("username", refused.reason());
    };
  }

  /**
   * The answer to a code.
   *
   * @throws Problem if it was refused
   */
  static AccountStatus confirmed(boolean accepted) {
    if (!accepted) {
      throw Problem.invalidCode();
    }
    return AccountStatus.confirmed();
  }
}
