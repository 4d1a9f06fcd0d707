package dev.portico.gateway.routing;

import java.util.HexFormat;

/**
 * The SHA-256 of a blob as four words, so that a million of them take 32 bytes each.
 *
 * @param first the first eight bytes, big-endian
 * @param second the next eight
 * @param third the next eight
 * @param fourth the last eight
 */
public record BlobDigest(long first, long second, long third, long fourth) {
  private static final int HEX_LENGTH = 64;
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Reads 64 hexadecimal digits.
   *
   * @throws IllegalArgumentException when they are not that
   */
  public static BlobDigest parse(String hex) {
    if (hex.length() != HEX_LENGTH) {
      throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits");
    }
    return new BlobDigest(
        HexFormat.fromHexDigitsToLong(hex, 0, 16),
        HexFormat.fromHexDigitsToLong(hex, 16, 32),
        HexFormat.fromHexDigitsToLong(hex, 32, 48),
        HexFormat.fromHexDigitsToLong(hex, 48, 64));
  }

  /** The 64 lower-case hexadecimal digits. */
  public String hex() {
    return HEX.toHexDigits(first)
        + HEX.toHexDigits(second)
        + HEX.toHexDigits(third)
        + HEX.toHexDigits(fourth);
  }

  @Override
  public int hashCode() {
    // The digest is already as random as a hash can be.
    return Long.hashCode(first);
  }

  @Override
  public String toString() {
    return hex();
  }
}
