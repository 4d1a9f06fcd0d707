package dev.portico.gateway.response;

import dev.portico.gateway.exchange.HeaderFields;
import org.jspecify.annotations.Nullable;

/**
 * What a GET or HEAD request says about the response it wants; null for what it does not say.
 *
 * @param head whether it is HEAD: it has no ranges (RFC 9110, section 14.2)
 * @param acceptEncoding Accept-Encoding
 * @param ifMatch If-Match
 * @param ifNoneMatch If-None-Match
 * @param ifModifiedSince If-Modified-Since
 * @param ifUnmodifiedSince If-Unmodified-Since
 * @param range Range
 * @param ifRange If-Range
 */
public record FileConditions(
    boolean head,
    @Nullable String acceptEncoding,
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable String ifModifiedSince,
    @Nullable String ifUnmodifiedSince,
    @Nullable String range,
    @Nullable String ifRange) {
  /** Takes them from a request. */
  public static FileConditions of(boolean head, HeaderFields fields) {
    return new FileConditions(
        head,
        fields.joined("Accept-Encoding"),
        fields.joined("If-Match"),
        fields.joined("If-None-Match"),
        single(fields, "If-Modified-Since"),
        single(fields, "If-Unmodified-Since"),
        single(fields, "Range"),
        single(fields, "If-Range"));
  }

  /** A field that is no list counts only when it stands there once (RFC 9110, section 5.3). */
  private static @Nullable String single(HeaderFields fields, String name) {
    String first = fields.first(name);
    return first != null && fields.all(name).size() == 1 ? first : null;
  }
}
