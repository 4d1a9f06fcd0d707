package dev.portico.auth.recovery;

import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets another password by a code, and ends what the old one has opened. */
@Singleton
public final class PasswordResets {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordResets.class);

  private final PasswordRecovery recovery;
  private final Revocations revocations;

  PasswordResets(PasswordRecovery recovery, Revocations revocations) {
    this.recovery = recovery;
    this.revocations = revocations;
  }

  /** Sets another password by the code; if that is done, all sessions of the account end. */
  public ResetOutcome reset(String username, String code, String newPassword) {
    ResetOutcome outcome = recovery.reset(username, code, newPassword);
    if (outcome instanceof ResetOutcome.Done) {
      endSessions(username);
    }
    return outcome;
  }

  /** Whoever knew the old password may have a session; Cognito itself leaves it alive. */
  private void endSessions(String username) {
    try {
      recovery
          .subjectOf(username)
          .ifPresent(subject -> revocations.endAll(subject, () -> recovery.endSessions(username)));
    } catch (Problem | IllegalStateException e) {
      // The password is changed, and the code used up: an error would only mislead.
      LOG.error("The sessions before a reset of the password could not be ended", e);
    }
  }
}
