package dev.portico.auth.pages;

import dev.portico.auth.mfa.MfaSettings;
import dev.portico.auth.mfa.TotpEnrolment;
import dev.portico.auth.mfa.TotpSecret;
import jakarta.inject.Singleton;

/** Shows people the secret that they put into their app. */
@Singleton
final class Enrolments {
  private final MfaSettings settings;

  Enrolments(MfaSettings settings) {
    this.settings = settings;
  }

  View.Enrolment of(TotpSecret app) {
    TotpEnrolment made = TotpEnrolment.of(app, settings.totpIssuer());
    // In groups of four, as people type it; apps take it with spaces.
    String grouped = made.secret().replaceAll("(.{4})(?!$)", "$1 ");
    return new View.Enrolment(made.qrCode(), grouped, made.uri());
  }
}
