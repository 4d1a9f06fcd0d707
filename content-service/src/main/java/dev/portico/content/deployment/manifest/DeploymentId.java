package dev.portico.content.deployment.manifest;

/**
 * The name of a deployment: the first 100 bits of its manifest's digest in lower-case base32 (RFC
 * 4648, section 6), 20 characters, so that a preview's host label fits 63.
 */
public final class DeploymentId {
  /** Number of characters. */
  public static final int LENGTH = 20;

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private DeploymentId() {}

  /** The id for a manifest's SHA-256 digest. */
  static String of(byte[] digest) {
    StringBuilder id = new StringBuilder(LENGTH);
    long buffer = 0;
    int bits = 0;
    for (int i = 0; id.length() < LENGTH; i++) {
      buffer = (buffer << 8 | (digest[i] & 0xff)) & 0xffffff;
      bits += 8;
      while (bits >= 5 && id.length() < LENGTH) {
        bits -= 5;
        id.append(ALPHABET.charAt((int) (buffer >> bits) & 31));
      }
    }
    return id.toString();
  }

  /** Whether {@code text} has the form of a deployment's id. */
  public static boolean isValid(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
