package dev.portico.auth.account;

import org.jspecify.annotations.Nullable;

/** What the user pool says to a sign-up. */
public sealed interface SignUpOutcome {
  /**
   * The account was made.
   *
   * @param subject its sub; null where the pool did not come to say it
   */
  record Created(@Nullable String subject) implements SignUpOutcome {}

  /** An account of that name or address is there already. Callers must not learn this. */
  record AlreadyExists() implements SignUpOutcome {}

  /** The pool lets only administrators make accounts. */
  record Closed() implements SignUpOutcome {}

  /**
   * The password does not follow the pool's policy.
   *
   * @param reason the part of the policy, safe to show
   */
  record PasswordRefused(String reason) implements SignUpOutcome {}

  /**
   * The pool does not take the name or an attribute.
   *
   * @param reason the pool's words, safe to show
   */
  record Refused(String reason) implements SignUpOutcome {}
}
