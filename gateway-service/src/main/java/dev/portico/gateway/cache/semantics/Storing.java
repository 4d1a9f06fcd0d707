package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.Locale;

/** Answers: is a response stored, and as what? RFC 9111, section 3. */
public sealed interface Storing {
  /**
   * It is stored.
   *
   * @param fields the fields to keep
   * @param response what decides on its reuse
   * @param shareable whether requests that wait for this response may have it too while it streams
   *     (section 4): it is fresh as it begins. Each waiter must also match its Vary rule
   * @param tags what it can be invalidated by
   */
  record Store(FieldList fields, StoredResponse response, boolean shareable, CacheTags tags)
      implements Storing {
    /**
     * The same for a response that was not compressed for want of room: before long it is asked for
     * again, whole. That changes nothing of when it is stale, and what for.
     *
     * @param now in milliseconds since the epoch
     */
    public Store forNow(long now) {
      long again = now + StoredResponse.FORM_MILLIS;
      return new Store(fields, response.askedAgainAt(again), shareable, tags);
    }
  }

  /**
   * It is not stored; requests that wait for it must ask for themselves.
   *
   * @param reason why
   */
  record Pass(Reason reason) implements Storing {}

  /** Why a response is not stored. */
  enum Reason {
    /** The policy's greatest time is none. */
    DISABLED,
    /** The request was no GET. */
    METHOD,
    /** The status is not final, unknown to this cache, or about one request only. */
    STATUS,
    /** The request, or the response, says no-store. */
    NO_STORE,
    /** The response is for one user. */
    PRIVATE,
    /** The request had credentials and nothing allows to share the response. */
    AUTHORIZATION,
    /** The response sets a cookie. */
    SET_COOKIE,
    /** The response depends on more than requests say. */
    VARY,
    /** A part; slices are asked for by the cache itself ({@link AskedPart}). */
    PART,
    /** It would be stale at once and could not be validated. */
    USELESS;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The reason in lower case, for the detail of Cache-Status. */
    public String label() {
      return label;
    }
  }

  /**
   * Decides.
   *
   * @param answer the head of the response; a 304 goes to {@link Freshening} instead
   * @param rules how the behaviour caches
   */
  static Storing decide(OriginAnswer answer, CachingRules rules) {
    ResponseDirectives directives =
        ResponseDirectives.of(answer.response()).forStatus(answer.status());
    Freshness freshness = Freshness.of(answer, directives, rules);
    Reason reason = Storability.refusal(answer, directives, freshness, rules);
    if (reason != null) {
      return new Pass(reason);
    }
    VaryRule vary = VaryRule.of(answer.response(), rules);
    if (vary.isAnything()) {
      return new Pass(Reason.VARY);
    }
    if (answer.status() == 206) {
      return new Pass(Reason.PART);
    }
    StoredResponse stored = stored(answer, directives, freshness, vary);
    if (!isUseful(stored, answer.responseTime())) {
      return new Pass(Reason.USELESS);
    }
    return new Store(
        StorableFields.of(answer, directives),
        stored,
        stored.isFresh(answer.responseTime()),
        CacheTags.of(answer.response()));
  }

  private static StoredResponse stored(
      OriginAnswer answer, ResponseDirectives directives, Freshness freshness, VaryRule vary) {
    HeaderFields response = answer.response();
    StaleWindows windows = StaleWindows.of(answer.status(), directives, freshness.freshUntil());
    return new StoredResponse(
        answer.status(),
        freshness.generatedAt(),
        answer.date(),
        freshness.freshUntil(),
        windows.whileRevalidateUntil(),
        windows.ifErrorUntil(),
        answer.dateOf("Last-Modified"),
        StoredResponse.NEVER,
        length(response),
        directives.forbidsStale()
            || directives.isRestricted()
            || directives.sharedMaxAge() != ResponseDirectives.ABSENT,
        directives.immutable(),
        response.lists("Vary", "Accept-Encoding"),
        EntityTag.parse(response.first("ETag")),
        vary,
        vary.variant(answer.request()));
  }

  private static long length(HeaderFields response) {
    String field = response.first("Content-Length");
    if (field == null || field.length() > 18 || DeltaSeconds.parse(field) < 0) {
      return StoredResponse.UNKNOWN;
    }
    return Long.parseLong(field);
  }

  /**
   * Whether anything can come of storing it: a hit, a 304 from the origin, or an answer in need.
   */
  private static boolean isUseful(StoredResponse stored, long now) {
    return stored.isFresh(now) || stored.hasValidator() || now < stored.staleWhileRevalidateUntil();
  }
}
