package dev.portico.auth.mfa;

import org.jspecify.annotations.Nullable;

/**
 * A secret that is to be put into an app.
 *
 * @param secret base32
 * @param account whose it is, as the app shows it
 * @param session what goes on with a sign-in that demands it; null for somebody signed in
 */
public record TotpSecret(String secret, String account, @Nullable String session) {
  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "TotpSecret[...]";
  }
}
