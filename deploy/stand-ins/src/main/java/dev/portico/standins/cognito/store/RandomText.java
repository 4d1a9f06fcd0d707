package dev.portico.standins.cognito.store;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable identifiers and secrets. */
public final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String MIXED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomText() {}

  /** Lower-case letters and digits. */
  public static String lower(int length) {
    return from(LOWER, length);
  }

  /** Letters of both cases and digits. */
  public static String mixed(int length) {
    return from(MIXED, length);
  }

  /** Decimal digits. */
  public static String digits(int length) {
    return from("0123456789", length);
  }

  /** Characters of an alphabet. */
  public static String from(String alphabet, int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** Random bytes. */
  public static byte[] bytes(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Random bytes as base64url without padding. */
  public static String base64(int length) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(length));
  }
}
