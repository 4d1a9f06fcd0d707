package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.HttpDates;
import java.time.Instant;

/**
 * Answers: may a stored response answer a request? RFC 9111, section 4, RFC 5861 and RFC 8246. The
 * stored response is one that matches the request ({@link StoredResponse#choose}). What of it
 * answers the request is {@link StoredAnswer}'s question.
 */
public sealed interface Reuse {
  /** It is fresh, and served. */
  record Fresh() implements Reuse {}

  /** It is stale, and the viewer said that it would take it (max-stale). */
  record StaleAccepted() implements Reuse {}

  /** It is fresh, and a better form of it is asked for in the background: all of it. */
  record FreshForNow() implements Reuse {}

  /**
   * It is stale, served at once, and validated in the background (stale-while-revalidate).
   *
   * @param conditions what makes the background request conditional
   */
  record ServeStaleAndRevalidate(FieldList conditions) implements Reuse {}

  /** It is served since the origin is known to be down: nobody waits for that to be found again. */
  record StaleBecauseOriginDown() implements Reuse {}

  /**
   * The origin is asked whether it still holds. If the origin fails, {@link
   * StoredResponse#mayReplaceFailure} tells whether it is served all the same; if not, the failure
   * is passed on, or 504 when there is none (section 5.2.2.2).
   *
   * @param conditions the fields that make the request conditional (section 4.3.1); none when there
   *     is no validator, or a better form may be had, so that the response is fetched anew
   */
  record Validate(FieldList conditions) implements Reuse {
    /** Asks the origin whatever the freshness, as after losing touch with the change feed. */
    public static Validate of(StoredResponse stored) {
      FieldList.Builder conditions = new FieldList.Builder();
      String etag = stored.etag();
      if (etag != null) {
        conditions.add("If-None-Match", etag);
      }
      if (stored.lastModified() != OriginAnswer.NO_DATE) {
        Instant date = Instant.ofEpochMilli(stored.lastModified());
        conditions.add("If-Modified-Since", HttpDates.format(date));
      }
      return new Validate(conditions.build());
    }
  }

  /** Nothing that is stored can be used: the origin is asked. */
  record Miss() implements Reuse {}

  /**
   * Neither the cache nor the origin may answer: 504.
   *
   * @param cause why
   */
  record Refused(Cause cause) implements Reuse {}

  /** Why nothing may answer. */
  enum Cause {
    /** The viewer wants an answer from the cache or none (section 5.2.1.7). */
    ONLY_IF_CACHED,
    /** The origin is down and must have been asked (section 5.2.2.2), or nothing is stored. */
    ORIGIN_DOWN
  }

  /** The answer of nearly all hits. */
  Fresh FRESH = new Fresh();

  /** The answer of hits on what was not compressed for want of room. */
  FreshForNow FRESH_FOR_NOW = new FreshForNow();

  /** The answer when the origin is down and something is stored. */
  StaleBecauseOriginDown ORIGIN_DOWN = new StaleBecauseOriginDown();

  /**
   * Decides about a stored response.
   *
   * @param request the viewer's fields
   * @param stored the response that matches it
   * @param rules how the behaviour caches
   * @param now in milliseconds since the epoch
   * @param originDown whether the origin is known to be down, so that it is not asked
   */
  static Reuse decide(
      HeaderFields request,
      StoredResponse stored,
      CachingRules rules,
      long now,
      boolean originDown) {
    if (!rules.viewerDirectives()) {
      return stored.isFresh(now) ? fresh(stored, now) : stale(stored, now, originDown);
    }
    RequestDirectives asked = RequestDirectives.of(request, rules);
    Reuse reuse = asked(asked, stored, now, originDown);
    return reuse instanceof Validate && asked.onlyIfCached()
        ? new Refused(Cause.ONLY_IF_CACHED)
        : reuse;
  }

  /**
   * Decides when nothing that is stored matches.
   *
   * @param request the viewer's fields
   * @param rules how the behaviour caches
   * @param originDown whether the origin is known to be down
   */
  static Reuse withoutStored(HeaderFields request, CachingRules rules, boolean originDown) {
    if (RequestDirectives.of(request, rules).onlyIfCached()) {
      return new Refused(Cause.ONLY_IF_CACHED);
    }
    return originDown ? new Refused(Cause.ORIGIN_DOWN) : new Miss();
  }

  private static Reuse fresh(StoredResponse stored, long now) {
    return stored.isToBeAskedAgain(now) ? FRESH_FOR_NOW : FRESH;
  }

  /** By its validators, unless a better form of it may be had: then it is asked for whole. */
  private static Validate validate(StoredResponse stored, long now) {
    return stored.isToBeAskedAgain(now) ? new Validate(FieldList.EMPTY) : Validate.of(stored);
  }

  private static Reuse stale(StoredResponse stored, long now, boolean originDown) {
    if (originDown) {
      boolean usable = stored.mayReplaceFailure(now) || now < stored.staleWhileRevalidateUntil();
      return usable ? ORIGIN_DOWN : new Refused(Cause.ORIGIN_DOWN);
    }
    Validate validate = validate(stored, now);
    return now < stored.staleWhileRevalidateUntil()
        ? new ServeStaleAndRevalidate(validate.conditions())
        : validate;
  }

  private static Reuse asked(
      RequestDirectives asked, StoredResponse stored, long now, boolean originDown) {
    if (wantsValidation(asked, stored, now)) {
      return originDown ? stale(stored, now, true) : validate(stored, now);
    }
    if (stored.isFresh(now)) {
      return fresh(stored, now);
    }
    boolean accepted =
        !stored.mustRevalidate()
            && asked.maxStale() >= 0
            && (now - stored.freshUntil()) / 1000.0 <= asked.maxStale();
    return accepted ? new StaleAccepted() : stale(stored, now, originDown);
  }

  /**
   * no-cache, max-age and min-fresh (sections 5.2.1.1, 5.2.1.3 and 5.2.1.4). A reload sends
   * max-age=0, which an immutable response need not heed while it is fresh (RFC 8246, section 2).
   */
  private static boolean wantsValidation(RequestDirectives asked, StoredResponse stored, long now) {
    boolean tooStale =
        asked.minFresh() >= 0 && (stored.freshUntil() - now) / 1000.0 < asked.minFresh();
    if (asked.noCache() || tooStale) {
      return true;
    }
    return asked.maxAge() == 0
        ? !(stored.immutable() && stored.isFresh(now))
        : asked.maxAge() > 0 && stored.age(now) > asked.maxAge();
  }
}
