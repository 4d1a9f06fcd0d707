package dev.portico.gateway.cache.semantics;

/**
 * Answers: until when may a stale response be served, and what for? RFC 9111, section 4.2.4, and
 * RFC 5861. Points in time are in milliseconds.
 *
 * <ul>
 *   <li>must-revalidate, proxy-revalidate and no-cache forbid it.
 *   <li>s-maxage forbids it too, unless the response says stale-while-revalidate or stale-if-error
 *       beside it: these directives came later and qualify what is beside them (section 5.2.3), and
 *       origins write the pair to mean both.
 *   <li>Where nothing is said, a response may stand in for an origin that fails as long as it is
 *       held: the cache is then disconnected (section 4.2.4), and this is what CloudFront does. An
 *       origin says {@code stale-if-error=0} to prevent it.
 *   <li>A stored failure (5xx) never stands in for one.
 * </ul>
 *
 * @param whileRevalidateUntil for being validated in the background
 * @param ifErrorUntil for a failure of the origin
 */
record StaleWindows(long whileRevalidateUntil, long ifErrorUntil) {
  private static final long SECOND = 1000;

  static StaleWindows of(int status, ResponseDirectives directives, long freshUntil) {
    if (directives.forbidsStale() || directives.isRestricted()) {
      return new StaleWindows(freshUntil, freshUntil);
    }
    long whileRevalidate = Math.max(0, directives.staleWhileRevalidate()) * SECOND;
    return new StaleWindows(
        freshUntil + whileRevalidate, ifErrorUntil(status, directives, freshUntil));
  }

  private static long ifErrorUntil(int status, ResponseDirectives directives, long freshUntil) {
    if (status >= 500) {
      return freshUntil;
    }
    if (directives.staleIfError() != ResponseDirectives.ABSENT) {
      return freshUntil + Math.max(0, directives.staleIfError()) * SECOND;
    }
    boolean shared = directives.sharedMaxAge() != ResponseDirectives.ABSENT;
    return shared ? freshUntil : Long.MAX_VALUE;
  }
}
