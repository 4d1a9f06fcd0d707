package dev.portico.gateway.exchange;

/** What names and values of fields may be made of (RFC 9110, sections 5.1 and 5.5). */
public final class FieldSyntax {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  private FieldSyntax() {}

  /** Whether it is a token (section 5.6.2): a field's name, a method. */
  public static boolean isToken(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && TOKEN_SYMBOLS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Whether a value has a control character other than a tab: written out it could end its line.
   */
  public static boolean hasControl(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        return true;
      }
    }
    return false;
  }
}
