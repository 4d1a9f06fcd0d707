package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.ByteRange;
import dev.portico.gateway.response.RangeSelection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what of a stored response, which may be used, does a request get? Its own conditions and
 * ranges are judged in the order of RFC 9110, section 13.2.2 (RFC 9111, section 4.3.2).
 *
 * <p>If-Match and If-Unmodified-Since are an origin's to judge and a cache may ignore them (RFC
 * 9110, section 13.1.1); so does this one, or any viewer could reach the origin by sending them.
 * Their Range is then ignored too, since the bytes might be of another version than the viewer's.
 */
public sealed interface StoredAnswer {
  /** All of it. */
  record Whole() implements StoredAnswer {}

  /** Nothing: the viewer has it (304). */
  record NotModified() implements StoredAnswer {}

  /**
   * Some ranges (206).
   *
   * @param ranges in the order asked for
   */
  record Parts(List<ByteRange> ranges) implements StoredAnswer {}

  /** No byte asked for exists (416). */
  record NotSatisfiable() implements StoredAnswer {}

  /** The answer of nearly all hits. */
  Whole WHOLE = new Whole();

  /** The viewer has it. */
  NotModified NOT_MODIFIED = new NotModified();

  /**
   * Decides for a response that is held, or what of it is missing can be fetched.
   *
   * @param head whether the method is HEAD, which has no ranges
   * @param request the viewer's fields
   * @param stored the response
   */
  static StoredAnswer of(boolean head, HeaderFields request, StoredResponse stored) {
    if (stored.status() < 200 || stored.status() > 299) {
      return WHOLE;
    }
    if (isUnchanged(request, stored)) {
      return NOT_MODIFIED;
    }
    return head ? WHOLE : ranges(request, stored);
  }

  private static boolean isUnchanged(HeaderFields request, StoredResponse stored) {
    String ifNoneMatch = request.joined("If-None-Match");
    if (ifNoneMatch != null) {
      return EntityTag.isNamed(ifNoneMatch, stored.etag());
    }
    String field = request.first("If-Modified-Since");
    long since = field == null ? OriginAnswer.NO_DATE : OriginAnswer.date(field, stored.date());
    if (since == OriginAnswer.NO_DATE) {
      return false;
    }
    boolean dated = stored.lastModified() != OriginAnswer.NO_DATE;
    return (dated ? stored.lastModified() : stored.date()) <= since;
  }

  private static StoredAnswer ranges(HeaderFields request, StoredResponse stored) {
    String range = request.joined("Range");
    if (range == null
        || stored.status() != 200
        || stored.size() < 0
        || request.contains("If-Match")
        || request.contains("If-Unmodified-Since")
        || !holdsIfRange(request.first("If-Range"), stored)) {
      return WHOLE;
    }
    RangeSelection selection = RangeSelection.of(range, stored.size());
    if (selection instanceof RangeSelection.Unsatisfiable) {
      return new NotSatisfiable();
    }
    return selection instanceof RangeSelection.Ranges ranges ? new Parts(ranges.ranges()) : WHOLE;
  }

  /** Strong comparison only (RFC 9110, section 13.1.5). */
  private static boolean holdsIfRange(@Nullable String ifRange, StoredResponse stored) {
    if (ifRange == null) {
      return true;
    }
    String tag = EntityTag.parse(ifRange);
    if (tag != null) {
      return EntityTag.matchesStrongly(tag, stored.etag());
    }
    long date = OriginAnswer.date(ifRange, stored.date());
    return date != OriginAnswer.NO_DATE && date == stored.lastModified() && stored.isDateStrong();
  }
}
