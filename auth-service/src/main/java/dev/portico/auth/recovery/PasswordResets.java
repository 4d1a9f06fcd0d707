package dev.portico.auth.recovery;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets another password by a code, and ends what the old one has opened. */
@Singleton
public final class PasswordResets {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordResets.class);

  private final PasswordRecovery recovery;
  private final Revocations revocations;
  private final AuditLog audit;

  PasswordResets(PasswordRecovery recovery, Revocations revocations, AuditLog audit) {
    this.recovery = recovery;
    this.revocations = revocations;
    this.audit = audit;
  }

  /** Sets another password by the code; if that is done, all sessions of the account end. */
  public ResetOutcome reset(String username, String code, String newPassword, HttpRequest<?> http) {
    // First, for what fails here leaves the code to be used again.
    Optional<String> subject = recovery.subjectOf(username);
    ResetOutcome outcome = recovery.reset(username, code, newPassword);
    if (outcome instanceof ResetOutcome.Done && subject.isPresent()) {
      endSessions(subject.get(), username);
      audit.write("me.reset-password", subject.get(), http, subject.get(), null);
    }
    return outcome;
  }

  /**
   * Whoever knew the old password may have a session; Cognito itself leaves it alive. Where it
   * cannot be written down, at least nothing can be refreshed any more.
   */
  private void endSessions(String subject, String username) {
    boolean written = done(() -> revocations.endAll(subject, () -> recovery.endSessions(username)));
    if (!written) {
      done(() -> recovery.endSessions(username));
    }
  }

  private static boolean done(Runnable end) {
    try {
      end.run();
      return true;
    } catch (Problem | IllegalStateException e) {
      // The password is changed, and the code used up: an error would only mislead.
      LOG.error("The sessions before a reset of the password could not be ended", e);
      return false;
    }
  }
}
