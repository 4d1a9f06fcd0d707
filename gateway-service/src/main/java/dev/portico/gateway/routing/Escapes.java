package dev.portico.gateway.routing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding (RFC 3986, section 2.1). */
public final class Escapes {
  /** What a path may hold as it is (RFC 3986, section 3.3), the slash between segments included. */
  public static final String PATH = "-._~!$&'()*+,;=:@/";

  /** The same without the slash. */
  public static final String SEGMENT = "-._~!$&'()*+,;=:@";

  /** What the value of a query parameter may hold as it is, and still be one value. */
  public static final String PARAMETER = "-._~!$'()*,;:@/";

  /** What a query may hold as it is, escapes and what browsers leave alone included. */
  public static final String QUERY = PATH + "?%[]^|{}`\"";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Escapes() {}

  /**
   * Appends a text, escaping all but ASCII letters, digits and some symbols. What is appended has
   * visible ASCII characters only.
   *
   * @param symbols those that stay as they are
   */
  public static void encode(StringBuilder to, String text, String symbols) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || symbols.indexOf(c) >= 0);
      if (plain) {
        to.append(c);
      } else {
        to.append('%').append(HEX.toHexDigits(b));
      }
    }
  }

  /** What a text means: escapes replaced, as UTF-8. What is no escape stays as it is. */
  public static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = bytes[i];
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
