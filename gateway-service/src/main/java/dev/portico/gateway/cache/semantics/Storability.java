package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.cache.semantics.Storing.Reason;
import org.jspecify.annotations.Nullable;

/** Answers: may a response be stored by a shared cache? RFC 9111, sections 3 and 3.5. */
final class Storability {
  private Storability() {}

  /** Why it may not be stored; null when it may. */
  static @Nullable Reason refusal(
      OriginAnswer answer, ResponseDirectives directives, Freshness freshness, CachingRules rules) {
    if (rules.disabled()) {
      return Reason.DISABLED;
    }
    if (!answer.method().equals("GET")) {
      return Reason.METHOD;
    }
    if (RequestDirectives.of(answer.request(), rules).noStore()) {
      return Reason.NO_STORE;
    }
    Reason restriction = restriction(answer, directives, freshness, rules);
    if (restriction != null) {
      return restriction;
    }
    return isStatusAllowed(answer, directives, freshness, rules)
        ? personal(answer, directives, rules)
        : Reason.STATUS;
  }

  /**
   * Of the statuses, those stand for themselves that are heuristically cacheable. Others need an
   * explicit expiration time, public, or a time that the policy gives. An unknown status needs that
   * too, and must-understand rules it out.
   */
  private static boolean isStatusAllowed(
      OriginAnswer answer, ResponseDirectives directives, Freshness freshness, CachingRules rules) {
    int status = answer.status();
    if (!Statuses.isFinal(status) || Statuses.isAboutOneRequest(status)) {
      return false;
    }
    if (directives.mustUnderstand() && !Statuses.isUnderstood(status)) {
      return false;
    }
    boolean explicit =
        directives.isPublic()
            || Freshness.explicit(answer, directives) != ResponseDirectives.ABSENT;
    boolean byItself =
        Statuses.isHeuristicallyCacheable(status) && !(rules.hasPolicy() && status >= 400);
    return explicit || byItself || freshness.known();
  }

  /** no-store and private, which a policy's least time overrides only where it says so. */
  private static @Nullable Reason restriction(
      OriginAnswer answer, ResponseDirectives directives, Freshness freshness, CachingRules rules) {
    boolean overridden =
        rules.overridesRestrictions() && freshness.freshUntil() > answer.responseTime();
    if (overridden) {
      return null;
    }
    if (directives.noStore()) {
      return Reason.NO_STORE;
    }
    return directives.isPrivate() ? Reason.PRIVATE : null;
  }

  /**
   * Answers to somebody in particular. Section 7.3 lets a response be stored that sets a cookie;
   * like nginx and Varnish this cache does not, since it would hand one viewer's session to others.
   * An origin that means it names the field: {@code no-cache="set-cookie"} stores the rest.
   *
   * <p>Section 3.5 takes must-revalidate, too, for a word to shared caches. To requests that the
   * gateway itself says are somebody's it is none here: origins say it of pages that are one
   * viewer's, and know nothing of this cache.
   */
  private static @Nullable Reason personal(
      OriginAnswer answer, ResponseDirectives directives, CachingRules rules) {
    if ((rules.identifies(answer.request()) && !directives.isMeantForAll())
        || (rules.hasCredentials(answer.request()) && !directives.allowsSharedStorage())) {
      return Reason.AUTHORIZATION;
    }
    boolean dropped =
        directives.noCacheFields().contains("set-cookie")
            || directives.privateFields().contains("set-cookie");
    return answer.response().contains("Set-Cookie") && !dropped ? Reason.SET_COOKIE : null;
  }
}
