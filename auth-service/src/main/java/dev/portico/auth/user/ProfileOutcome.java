package dev.portico.auth.user;

/** What the user pool says to the change of one's own account. */
public sealed interface ProfileOutcome {
  /** It was done. */
  record Done() implements ProfileOutcome {}

  /** The current password is wrong, or was tried too often. */
  record WrongPassword() implements ProfileOutcome {}

  /** The code is wrong, expired or was tried too often; or the address is another user's by now. */
  record CodeRefused() implements ProfileOutcome {}

  /** There is no address to prove. */
  record NothingToVerify() implements ProfileOutcome {}

  /**
   * The new value is not what the pool takes.
   *
   * @param reason the pool's words, safe to show
   */
  record ValueRefused(String reason) implements ProfileOutcome {}
}
