package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.CodingPreferences;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which of the content codings that a policy tells apart does a viewer take? As in
 * CloudFront, but a viewer who says nothing and one who takes none of them, who share a key, are
 * the same to the origin too: {@code identity}. An origin that is told nothing may send any coding.
 */
enum KeyedCodings {
  /** The policy tells none apart: the field is one like others. */
  NOT_KEYED(0, null),
  /** None. */
  NONE(1, "identity"),
  /** gzip. */
  GZIP(2, "gzip"),
  /** Brotli. */
  BROTLI(3, "br"),
  /** Both. */
  BOTH(4, "br,gzip"),
  /** Zstandard, where the gateway compresses. */
  ZSTD(5, "zstd");

  private final byte code;
  private final @Nullable String forwarded;

  KeyedCodings(int code, @Nullable String forwarded) {
    this.code = (byte) code;
    this.forwarded = forwarded;
  }

  static KeyedCodings of(HeaderFields request, KeyRules rules) {
    if (rules.compresses()) {
      return compressed(request);
    }
    if (!rules.gzip() && !rules.brotli()) {
      return NOT_KEYED;
    }
    CodingPreferences preferences = CodingPreferences.of(request.joined("accept-encoding"));
    boolean gzip = rules.gzip() && preferences.accepts(ContentCoding.GZIP);
    boolean brotli = rules.brotli() && preferences.accepts(ContentCoding.BR);
    if (gzip) {
      return brotli ? BOTH : GZIP;
    }
    return brotli ? BROTLI : NONE;
  }

  /**
   * The one that the gateway compresses in for this viewer. RFC 9111, section 5.2.1.6: who asks for
   * it gets nothing transformed.
   */
  private static KeyedCodings compressed(HeaderFields request) {
    List<ContentCoding> codings = CodingPreferences.of(request.joined("accept-encoding")).codings();
    boolean untouched =
        request.contains("cache-control") && request.lists("cache-control", "no-transform");
    if (codings.isEmpty() || untouched) {
      return NONE;
    }
    return switch (codings.getFirst()) {
      case BR -> BROTLI;
      case ZSTD -> ZSTD;
      case GZIP -> GZIP;
      case IDENTITY -> NONE;
    };
  }

  /** What stands for it in a key; never to change, since keys may outlive the process. */
  byte code() {
    return code;
  }

  /** What Accept-Encoding says to the origin; null to pass it on as sent. */
  @Nullable String forwarded() {
    return forwarded;
  }
}
