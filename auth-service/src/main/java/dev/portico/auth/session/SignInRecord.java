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
    audit.write("sign-in.refused", null, http, null, null);
  }

  private void count(String outcome) {
    meters.counter("portico.auth.sign-ins", "outcome", outcome).increment();
  }
}
