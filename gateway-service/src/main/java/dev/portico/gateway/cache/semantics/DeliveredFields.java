package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.Set;

/** Answers: which of the fields of a stored response does a viewer get? */
public final class DeliveredFields {
  /** Said to this cache, of no use behind it; the vendors they come from take them off as well. */
  private static final Set<String> FOR_THE_CACHE =
      Set.of("portico-cache-control", "surrogate-control", "surrogate-key", "cache-tag");

  /** What a 304 does not say: it is about a body that is not there (RFC 9110, section 15.4.5). */
  private static final Set<String> ABOUT_THE_BODY =
      Set.of(
          "content-length",
          "content-type",
          "content-encoding",
          "content-language",
          "content-range",
          "content-md5",
          "content-digest",
          "repr-digest",
          "accept-ranges");

  private DeliveredFields() {}

  /** The fields of the whole response. Age and Cache-Status are to be added when it is sent. */
  public static FieldList whole(HeaderFields stored) {
    return FieldList.without(stored, FOR_THE_CACHE);
  }

  /** The fields of a 304: Last-Modified too only where there is no entity tag. */
  public static FieldList notModified(HeaderFields stored) {
    FieldList kept = FieldList.without(whole(stored), ABOUT_THE_BODY);
    return stored.contains("ETag") ? FieldList.without(kept, Set.of("last-modified")) : kept;
  }
}
