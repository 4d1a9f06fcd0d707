package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;

/**
 * Answers: what does a viewer ask of the cache? (RFC 9111, sections 5.2.1 and 5.4.) They are
 * advisory, and a viewer who can bypass a cache can aim at the origin behind it, so that they count
 * only where a policy says so. One with an invalid argument is ignored.
 *
 * <p>Times are in seconds; {@link ResponseDirectives#ABSENT} when not asked.
 *
 * @param maxStale {@link #ANY} for any staleness
 */
record RequestDirectives(
    boolean noCache,
    boolean noStore,
    long maxAge,
    long minFresh,
    long maxStale,
    boolean onlyIfCached) {
  /** How stale a response may be for a viewer who says only max-stale. */
  static final long ANY = Long.MAX_VALUE;

  private static final RequestDirectives NOTHING =
      new RequestDirectives(
          false,
          false,
          ResponseDirectives.ABSENT,
          ResponseDirectives.ABSENT,
          ResponseDirectives.ABSENT,
          false);

  /** Reads a request's fields, or none where the rules do not heed them. */
  static RequestDirectives of(HeaderFields request, CachingRules rules) {
    if (!rules.viewerDirectives()) {
      return NOTHING;
    }
    if (!request.contains("Cache-Control")) {
      boolean noCache = Directives.parse(request.all("Pragma")).has("no-cache");
      return noCache
          ? new RequestDirectives(
              true,
              false,
              ResponseDirectives.ABSENT,
              ResponseDirectives.ABSENT,
              ResponseDirectives.ABSENT,
              false)
          : NOTHING;
    }
    Directives directives = Directives.parse(request.all("Cache-Control"));
    return new RequestDirectives(
        directives.has("no-cache"),
        directives.has("no-store"),
        valid(directives.seconds("max-age")),
        valid(directives.seconds("min-fresh")),
        directives.isBare("max-stale") ? ANY : valid(directives.seconds("max-stale")),
        directives.has("only-if-cached"));
  }

  private static long valid(long seconds) {
    return seconds == DeltaSeconds.INVALID ? ResponseDirectives.ABSENT : seconds;
  }
}
