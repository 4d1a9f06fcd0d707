package dev.portico.auth.hosted;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that a browser has begun at the hosted login. Kept by the browser, sealed.
 *
 * @param state by which it is known again
 * @param nonce that the ID token must hold
 * @param verifier of PKCE
 * @param begun when, in seconds since 1970
 * @param again whether the account must be proven anew, whoever is logged in there
 * @param requestUri the site's request that it is for, if one sent the browser
 * @param next the page that it is for, if it is one of the account
 */
@Serdeable
@Introspected
public record LoginAttempt(
    String state,
    String nonce,
    String verifier,
    long begun,
    boolean again,
    @Nullable String requestUri,
    @Nullable String next) {
  /** Since when the account must have been proven; null: whenever. */
  @Nullable Instant provenSince() {
    return again ? Instant.ofEpochSecond(begun) : null;
  }

  /** Without the secrets, since what is printed may be logged. */
  @Override
  public String toString() {
    return "LoginAttempt[...]";
  }
}
