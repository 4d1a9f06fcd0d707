package dev.portico.gateway.cache.semantics;

import java.util.Set;

/** Answers: what does a status code mean for caching? */
final class Statuses {
  /** RFC 9110, section 15.1; 206 only as a part of a 200. */
  private static final Set<Integer> HEURISTIC =
      Set.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501);

  /** What this cache recognises, and caches as RFC 9110 says (RFC 9111, section 3). */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          200, 203, 204, 206, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 451, 500,
          501, 502, 503, 504);

  /**
   * Answers to what is not in the key: a precondition, a range, credentials, the size or pace of
   * this request. Another request would get another answer.
   */
  private static final Set<Integer> ABOUT_ONE_REQUEST =
      Set.of(304, 401, 407, 408, 411, 412, 413, 416, 417, 421, 425, 426, 428, 429, 431);

  /** What a policy's default time is for; 307 and 308 are not, as in CloudFront. */
  private static final Set<Integer> DEFAULT_TTL = Set.of(200, 203, 204, 206, 300, 301, 302, 303);

  /** RFC 5861, section 4. */
  private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

  /**
   * Errors that may well be about who asks and how, though another request can get the same: as in
   * CloudFront they are not cached unless their origin says a time.
   */
  private static final Set<Integer> OF_ONE_VIEWER = Set.of(400, 403, 405);

  private Statuses() {}

  static boolean isFinal(int status) {
    return status >= 200 && status <= 599;
  }

  static boolean isUnderstood(int status) {
    return UNDERSTOOD.contains(status);
  }

  static boolean isHeuristicallyCacheable(int status) {
    return HEURISTIC.contains(status);
  }

  static boolean isAboutOneRequest(int status) {
    return ABOUT_ONE_REQUEST.contains(status);
  }

  static boolean isOfOneViewer(int status) {
    return OF_ONE_VIEWER.contains(status);
  }

  static boolean getsDefaultTtl(int status) {
    return DEFAULT_TTL.contains(status);
  }

  static boolean isFailure(int status) {
    return FAILURES.contains(status);
  }
}
