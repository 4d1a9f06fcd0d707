package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.Locale;
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
    return without(stored, Set.of());
  }

  /** The fields of a 304: Last-Modified too only where there is no entity tag. */
  public static FieldList notModified(HeaderFields stored) {
    FieldList kept = without(stored, ABOUT_THE_BODY);
    return stored.contains("ETag") ? without(kept, Set.of("last-modified")) : kept;
  }

  private static FieldList without(HeaderFields stored, Set<String> dropped) {
    FieldList.Builder kept = new FieldList.Builder();
    stored.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!FOR_THE_CACHE.contains(lower) && !dropped.contains(lower)) {
            kept.add(name, value);
          }
        });
    return kept.build();
  }
}
