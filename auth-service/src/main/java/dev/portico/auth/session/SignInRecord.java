package dev.portico.auth.session;

import dev.portico.auth.audit.AuditLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;

/**
 * Writes down what became of sign-ins: in the audit log who signed in and that somebody was
 * refused, and in a counter. Names as typed are not written: people type passwords in their place.
 */
@Singleton
public final class SignInRecord {
  private final AuditLog audit;
  private final MeterRegistry meters;

  SignInRecord(AuditLog audit, MeterRegistry meters) {
    this.audit = audit;
    this.meters = meters;
  }

  /**
   * Writes down what became of the answer to a challenge: also that a new password was set by it,
   * or an app set up, if that was the last step of the sign-in.
   */
  public SignInOutcome of(SignInOutcome outcome, ChallengeKind answered, HttpRequest<?> http) {
    if (outcome instanceof SignInOutcome.SignedIn signedIn) {
      String subject = TokenClaims.of(signedIn.tokens()).subject();
      if (answered == ChallengeKind.NEW_PASSWORD_REQUIRED) {
        audit.write("me.change-password", subject, http, subject, null);
      } else if (answered == ChallengeKind.MFA_SETUP) {
        audit.write("me.enrol-totp", subject, http, subject, null);
      }
    }
    return of(outcome, http);
  }

  /** Writes one down, if this is the end of it. Returns it as it is. */
  public SignInOutcome of(SignInOutcome outcome, HttpRequest<?> http) {
    switch (outcome) {
      case SignInOutcome.SignedIn signedIn -> {
        String subject = TokenClaims.of(signedIn.tokens()).subject();
        count("done");
        audit.write("sign-in", subject, http, subject, null);
      }
      case SignInOutcome.Refused refused -> refused(http);
      case SignInOutcome.CodeRefused refused -> refused(http);
      case SignInOutcome.NotConfirmed waits -> count("unfinished");
      case SignInOutcome.UnknownChallenge unknown -> count("unfinished");
      case SignInOutcome.NewPasswordRequired step -> count("step");
      case SignInOutcome.FactorRequired step -> count("step");
      case SignInOutcome.PasswordRefused step -> count("step");
      case SignInOutcome.AttributesRefused step -> count("step");
    }
    return outcome;
  }

  private void refused(HttpRequest<?> http) {
    count("refused");
    audit.refused("sign-in.refused", http);
  }

  private void count(String outcome) {
    meters.counter("portico.auth.sign-ins", "outcome", outcome).increment();
  }
}
