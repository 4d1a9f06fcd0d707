package dev.portico.auth.administration;

/** What the user pool says to an order of an administrator. */
public sealed interface AdministrationOutcome {
  /** It was done. */
  record Done() implements AdministrationOutcome {}

  /**
   * The account was made.
   *
   * @param user as the pool made it
   */
  record Made(User user) implements AdministrationOutcome {}

  /** There is no such account or group any more. */
  record Missing() implements AdministrationOutcome {}

  /** There is one of that name or address already. */
  record AlreadyExists() implements AdministrationOutcome {}

  /**
   * The account's state does not allow it.
   *
   * @param reason the pool's words, safe to show
   */
  record WrongState(String reason) implements AdministrationOutcome {}

  /**
   * The temporary password does not follow the pool's policy.
   *
   * @param reason the part of the policy, safe to show
   */
  record PasswordRefused(String reason) implements AdministrationOutcome {}

  /**
   * The pool does not take a value.
   *
   * @param reason the pool's words, safe to show
   */
  record Refused(String reason) implements AdministrationOutcome {}
}
