package dev.portico.local;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes the secrets that the data folder keeps. */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** No letters or digits that are mistaken for one another: people type it. */
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private Secrets() {}

  /** 256 random bits, in hexadecimal. */
  static String internal() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A key by which auth-service seals: an id and 256 random bits, in base64. */
  static String sealingKey() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return "k1:" + Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * A password of over 100 random bits that Cognito's default policy accepts: small and capital
   * letter, digit and symbol are there whatever chance says.
   */
  static String password() {
    var password = new StringBuilder("Pa-");
    for (int i = 0; i < 18; i++) {
      password.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return password.append(RANDOM.nextInt(10)).toString();
  }
}
