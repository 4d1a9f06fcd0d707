package dev.portico.auth.recovery;

/** What this feature needs of the user pool. */
public interface PasswordRecovery {
  /** Has a code sent, if there is an account that can be recovered. */
  void forgot(String username);

  /** Sets another password by the code, and ends all sessions of the account. */
  ResetOutcome reset(String username, String code, String newPassword);
}
