package dev.portico.content.blob;

/**
 * A part of a blob, within its size.
 *
 * @param first position of the first byte, from 0
 * @param last position of the last byte, inclusive
 */
public record ByteRange(long first, long last) {
  /** Refuses an empty or inverted range. */
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("Not a range: " + first + "-" + last);
    }
  }

  /** The number of bytes. */
  public long length() {
    return last - first + 1;
  }
}
