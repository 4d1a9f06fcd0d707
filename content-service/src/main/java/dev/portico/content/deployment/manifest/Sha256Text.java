package dev.portico.content.deployment.manifest;

/** The text form of a SHA-256 digest: 64 lower-case hex digits. */
public final class Sha256Text {
  private Sha256Text() {}

  /** Whether {@code text} is one. */
  public static boolean isValid(String text) {
    if (text.length() != 64) {
      return false;
    }
    for (int i = 0; i < 64; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
