package dev.portico.auth.pages;

import dev.portico.auth.signin.Profile;
import dev.portico.auth.signin.SignIn;
import io.micronaut.security.authentication.Authentication;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Somebody who is signed in at this host.
 *
 * @param signIn by which
 * @param profile as the ID token says
 */
record Visitor(SignIn signIn, Profile profile) {
  /** How long after the sign-in an account may be changed for good. */
  private static final Duration FRESH = Duration.ofMinutes(15);

  static Visitor of(SignIn signIn) {
    return new Visitor(signIn, Profile.of(signIn));
  }

  String accessToken() {
    return signIn.tokens().accessToken();
  }

  /** The address, or where there is none the name of the account. */
  String name() {
    String email = profile.email();
    return email == null ? profile.username() : email;
  }

  /** For what limits and the audit log count by. */
  Authentication caller() {
    return Authentication.build(signIn.subject(), profile.groups(), Map.of());
  }

  /** Whether it was proven lately enough for changes that lock others out. */
  boolean isFresh(Instant now) {
    return now.isBefore(signIn.authenticatedAt().plus(FRESH));
  }
}
