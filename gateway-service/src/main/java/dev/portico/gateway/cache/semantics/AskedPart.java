package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.response.ByteRange;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One part of a representation as an origin is asked for it, and whether what comes is that part
 * (RFC 9110, section 14; RFC 9111, sections 3.3 and 3.4). Only with a strong validator: parts are
 * combined when they share one, and never otherwise.
 *
 * @param range the bytes
 * @param size length of the complete representation in bytes
 * @param etag its entity tag, a strong one
 */
public record AskedPart(ByteRange range, long size, String etag) {
  private static final Set<String> OF_THE_PART = Set.of("content-range", "content-length");

  /** Refuses what could be mixed up. */
  public AskedPart {
    if (!EntityTag.isStrong(etag) || range.last() >= size) {
      throw new IllegalArgumentException("part " + range + " of " + size + ", " + etag);
    }
  }

  /**
   * Whether a complete response may be kept and fetched in parts: it can be told from its other
   * versions, and its origin says that it has ranges (RFC 9110, section 14.3).
   */
  public static boolean canBeAskedFor(Storing.Store whole) {
    StoredResponse response = whole.response();
    String etag = response.etag();
    String ranges = whole.fields().joined("Accept-Ranges");
    return response.status() == 200
        && response.size() > 0
        && etag != null
        && EntityTag.isStrong(etag)
        && ranges != null
        && Tokens.fieldNames(ranges).contains("bytes");
  }

  /**
   * What asks for it. If-Range has an origin that has another version by now answer with the whole
   * of that; If-Match, which spares that body, is not heeded by many.
   */
  public FieldList fields() {
    return FieldList.of("Range", "bytes=" + range.first() + '-' + range.last(), "If-Range", etag);
  }

  /**
   * The answer as one to a request for a resource that is this part and no more.
   *
   * @return null when it is not this part of this version, whatever else it is
   */
  public @Nullable OriginAnswer asWhole(OriginAnswer answer) {
    PartialContent part = answer.status() == 206 ? PartialContent.of(answer.response()) : null;
    if (part == null
        || !part.range().equals(range)
        || part.size() != size
        || !EntityTag.matchesStrongly(etag, EntityTag.parse(answer.response().first("ETag")))) {
      return null;
    }
    FieldList.Builder fields = new FieldList.Builder();
    FieldList.without(answer.response(), OF_THE_PART).forEach(fields::add);
    fields.add("Content-Length", Long.toString(range.length()));
    return answer.with(200, fields.build());
  }
}
