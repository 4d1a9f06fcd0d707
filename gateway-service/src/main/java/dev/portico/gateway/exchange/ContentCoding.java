package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * A content coding in which a blob can exist (RFC 9110, section 8.4.1; RFC 7932; RFC 8878). The
 * order is the gateway's own preference where a viewer has none: variants are made once, with all
 * the time it takes, and Brotli is then the smallest for text, Zstandard next.
 */
public enum ContentCoding {
  /** Brotli. */
  BR("br", "-br"),
  /** Zstandard. */
  ZSTD("zstd", "-zstd"),
  /** gzip. */
  GZIP("gzip", "-gzip"),
  /** The bytes as they are. */
  IDENTITY("identity", "");

  private final String token;
  private final String tagSuffix;

  ContentCoding(String token, String tagSuffix) {
    this.token = token;
    this.tagSuffix = tagSuffix;
  }

  /** The name in Accept-Encoding and Content-Encoding. */
  public String token() {
    return token;
  }

  /** What an entity tag has after the digest, so that each representation has its own. */
  public String tagSuffix() {
    return tagSuffix;
  }

  /** The coding of this name in any case ({@code x-gzip} is gzip), or null for an unknown one. */
  public static @Nullable ContentCoding of(String name) {
    if (name.equalsIgnoreCase("br")) {
      return BR;
    }
    if (name.equalsIgnoreCase("zstd")) {
      return ZSTD;
    }
    if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip")) {
      return GZIP;
    }
    return name.equalsIgnoreCase("identity") ? IDENTITY : null;
  }
}
