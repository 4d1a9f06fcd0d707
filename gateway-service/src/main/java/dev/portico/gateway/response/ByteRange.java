package dev.portico.gateway.response;

/**
 * Some consecutive bytes.
 *
 * @param first offset of the first
 * @param last offset of the last, inclusive
 */
public record ByteRange(long first, long last) {
  /** Refuses an empty range. */
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("range " + first + "-" + last);
    }
  }

  /** How many bytes. */
  public long length() {
    return last - first + 1;
  }

  /** The value of Content-Range (RFC 9110, section 14.4). */
  public String contentRange(long size) {
    return "bytes " + first + '-' + last + '/' + size;
  }
}
