package dev.portico.auth.pages;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which text says why the pool refuses a password. The pool gives its reason in English words
 * alone.
 */
final class PasswordReason {
  private static final List<Map.Entry<String, String>> KNOWN =
      List.of(
          Map.entry("long enough", "fault.newPassword.short"),
          Map.entry("lowercase", "fault.newPassword.lowercase"),
          Map.entry("uppercase", "fault.newPassword.uppercase"),
          Map.entry("numeric", "fault.newPassword.number"),
          Map.entry("symbol", "fault.newPassword.symbol"));

  private PasswordReason() {}

  /** The fault of a new password that was refused in these words. */
  static List<Fault> fault(String reason) {
    String words = reason.toLowerCase(Locale.ROOT);
    String message =
        KNOWN.stream()
            .filter(known -> words.contains(known.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("fault.newPassword.refused");
    return List.of(new Fault(Field.NEW_PASSWORD, message, reason));
  }
}
