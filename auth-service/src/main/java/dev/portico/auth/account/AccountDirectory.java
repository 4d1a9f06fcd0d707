package dev.portico.auth.account;

import org.jspecify.annotations.Nullable;

/** What this feature needs of the user pool. */
public interface AccountDirectory {
  /**
   * Makes an account that waits for confirmation, and has a code sent.
   *
   * @param email the address of the code, if the user name is none
   */
  SignUpOutcome signUp(String username, String password, @Nullable String email);

  /**
   * Confirms an account by the code sent to it.
   *
   * @return false if the code is wrong, expired or tried too often, or no account waits for it
   */
  boolean confirm(String username, String code);

  /** Has another code sent, if an account waits for one. */
  void resend(String username);
}
