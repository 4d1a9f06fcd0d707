package dev.portico.auth.recovery;

/** What the user pool says to a code with a new password. */
public sealed interface ResetOutcome {
  /** The new password holds. */
  record Done() implements ResetOutcome {}

  /** Wrong code, expired, tried too often, no such account: one outcome, so that none can leak. */
  record CodeRefused() implements ResetOutcome {}

  /**
   * The new password does not follow the pool's policy.
   *
   * @param reason the part of the policy, safe to show
   */
  record PasswordRefused(String reason) implements ResetOutcome {}
}
