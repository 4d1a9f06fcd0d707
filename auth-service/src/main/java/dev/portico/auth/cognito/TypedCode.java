package dev.portico.auth.cognito;

import java.util.Optional;
import java.util.regex.Pattern;

/** Codes as people type them: apps and messages show them in groups, as {@code 123 456}. */
final class TypedCode {
  /** RFC 6238 codes as Cognito has them; it takes anything else for a malformed request. */
  private static final Pattern TOTP = Pattern.compile("[0-9]{6}");

  private static final Pattern SPACE = Pattern.compile("[\\s\\u00A0\\u202F]+");

  private TypedCode() {}

  /** Without white space. */
  static String of(String typed) {
    return SPACE.matcher(typed).replaceAll("");
  }

  /** The code of an authenticator app; empty if it can be none. */
  static Optional<String> totp(String typed) {
    return Optional.of(of(typed)).filter(code -> TOTP.matcher(code).matches());
  }
}
