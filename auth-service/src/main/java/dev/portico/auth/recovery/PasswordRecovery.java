package dev.portico.auth.recovery;

import java.util.Optional;

/** What this feature needs of the user pool. */
public interface PasswordRecovery {
  /** Has a code sent, if there is an account that can be recovered. */
  void forgot(String username);

  /** Sets another password by the code. Sessions go on. */
  ResetOutcome reset(String username, String code, String newPassword);

  /** The account's sub; empty if there is none of this name. */
  Optional<String> subjectOf(String username);

  /** Ends all sessions of the account. */
  void endSessions(String username);
}
