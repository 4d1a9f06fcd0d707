package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.List;

/**
 * Answers: which stored responses does a newer answer bring up to date, and to what? RFC 9111,
 * sections 3.2 and 4.3.4.
 */
public final class Freshening {
  private Freshening() {}

  /**
   * The stored responses that a 304 is about (section 4.3.4).
   *
   * @param candidates those that could have answered the request: same key, matching Vary
   * @param notModified the fields of the 304
   * @param receivedAt when it came, in milliseconds since the epoch
   */
  public static List<StoredResponse> selected(
      List<StoredResponse> candidates, HeaderFields notModified, long receivedAt) {
    String etag = EntityTag.parse(notModified.first("ETag"));
    if (etag != null && EntityTag.isStrong(etag)) {
      return candidates.stream()
          .filter(stored -> EntityTag.matchesStrongly(etag, stored.etag()))
          .toList();
    }
    long lastModified = OriginAnswer.date(notModified.first("Last-Modified"), receivedAt);
    if (etag != null || lastModified != OriginAnswer.NO_DATE) {
      return mostRecent(
          candidates.stream()
              .filter(
                  stored ->
                      etag == null
                          ? stored.lastModified() == lastModified
                          : EntityTag.matchesWeakly(etag, stored.etag()))
              .toList());
    }
    // The section speaks of a response without a validator here. Many origins leave the validator
    // out of their 304, and with one response nominated it can mean no other.
    return candidates.size() == 1 ? List.copyOf(candidates) : List.of();
  }

  private static List<StoredResponse> mostRecent(List<StoredResponse> matching) {
    StoredResponse best = null;
    for (StoredResponse stored : matching) {
      if (best == null || stored.date() > best.date()) {
        best = stored;
      }
    }
    return best == null ? List.of() : List.of(best);
  }

  /**
   * A stored response as a 304 renews it. Where that may no longer be stored, the stored one is to
   * be dropped once this request has been answered with it.
   *
   * @param stored one of those {@link #selected}
   * @param storedFields its fields
   * @param answer the 304
   * @param rules how the behaviour caches
   */
  public static Storing byNotModified(
      StoredResponse stored, HeaderFields storedFields, OriginAnswer answer, CachingRules rules) {
    return renewed(stored, storedFields, answer, rules);
  }

  private static Storing renewed(
      StoredResponse stored, HeaderFields storedFields, OriginAnswer answer, CachingRules rules) {
    HeaderFields merged = StorableFields.updated(storedFields, dated(answer));
    OriginAnswer whole =
        new OriginAnswer(
            "GET",
            answer.request(),
            stored.status(),
            merged,
            answer.requestTime(),
            answer.responseTime());
    Storing storing = Storing.decide(whole, rules);
    return storing instanceof Storing.Store store
        ? new Storing.Store(
            store.fields(),
            // The same bytes: a better form may be had still.
            store.response().withSize(stored.size()).askedAgainAt(stored.askAgainAt()),
            store.shareable(),
            store.tags())
        : storing;
  }

  /** With a Date, or the stored one would make the answer older than it is. */
  private static HeaderFields dated(OriginAnswer answer) {
    if (answer.response().contains("Date")) {
      return answer.response();
    }
    return StorableFields.withDate(answer.response(), answer.responseTime());
  }
}
