package dev.portico.content.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest: the identity of a blob.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when this is not 64 lower-case hexadecimal digits
   */
  public Digest {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException("A digest is 64 lower-case hexadecimal digits.");
    }
  }

  /** Tells whether the text is a digest in the form that {@link #hex()} has. */
  public static boolean isDigest(String text) {
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

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return finish(sha256(), bytes, 0, bytes.length);
  }

  /** A fresh SHA-256 computation. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** The digest of what went into the computation, which is reset. */
  public static Digest finish(MessageDigest computation) {
    return new Digest(HEX.formatHex(computation.digest()));
  }

  static Digest finish(MessageDigest computation, byte[] bytes, int offset, int length) {
    computation.update(bytes, offset, length);
    return finish(computation);
  }

  /** The first 64 bits, as a well-distributed hash. */
  long prefix() {
    return Long.parseUnsignedLong(hex, 0, 16, 16);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
