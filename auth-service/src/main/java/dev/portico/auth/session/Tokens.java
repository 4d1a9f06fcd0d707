package dev.portico.auth.session;

/**
 * What a session is made of.
 *
 * @param accessToken for APIs
 * @param idToken who the user is, for the client itself
 * @param refreshToken for new ones of the above; kept by Portico's callers like a password
 * @param expiresIn life of the access token, in seconds
 */
public record Tokens(String accessToken, String idToken, String refreshToken, int expiresIn) {
  /** Without the tokens, since what is printed may be logged. */
  @Override
  public String toString() {
    return "Tokens[expiresIn=" + expiresIn + ']';
  }
}
