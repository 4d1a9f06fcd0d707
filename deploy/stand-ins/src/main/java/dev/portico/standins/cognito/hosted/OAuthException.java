package dev.portico.standins.cognito.hosted;

import org.jspecify.annotations.Nullable;

/** A refusal by the names of RFC 6749, sections 4.1.2.1 and 5.2, and Cognito's own ones besides. */
final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;
  private final @Nullable String location;

  private OAuthException(String error, String description, @Nullable String location) {
    super(description, null, false, false);
    this.error = error;
    this.location = location;
  }

  /** One that the caller, or the person at the browser, is told. */
  static OAuthException of(String error, String description) {
    return new OAuthException(error, description, null);
  }

  /** The same for the app that has sent the browser, whose address was proven to be its own. */
  OAuthException sentTo(String redirectUri, @Nullable String state) {
    return new OAuthException(
        error,
        description(),
        Parameters.appended(
            redirectUri, "error", error, "error_description", description(), "state", state));
  }

  String error() {
    return error;
  }

  String description() {
    return String.valueOf(getMessage());
  }

  /** Where the browser takes it; null if it stays here. */
  @Nullable String location() {
    return location;
  }
}
