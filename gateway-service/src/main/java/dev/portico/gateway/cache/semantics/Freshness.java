package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;

/**
 * Answers: how old is a response when it arrives, and until when is it fresh? RFC 9111, section
 * 4.2, and what a {@link CachePolicy} makes of it. Points in time and times are in milliseconds.
 *
 * <p>Of the two ways to tell the age in section 4.2.3 this takes {@code corrected_age_value} alone:
 * {@code apparent_age} guards against caches older than HTTP/1.1 and would make every response of
 * an origin stale whose clock is behind.
 *
 * @param generatedAt when the response would have been made if its age is true
 * @param freshUntil the first moment that it is stale
 * @param known whether there is an expiration time, explicit, of the policy or heuristic; without
 *     one the response is stale at once
 * @param by what the time was taken from
 */
record Freshness(long generatedAt, long freshUntil, boolean known, By by) {
  /** What the time was taken from. */
  enum By {
    /** A directive that forbids to keep it, or to use it unasked. */
    RESTRICTION,
    /** The origin's s-maxage. */
    S_MAXAGE,
    /** The origin's max-age. */
    MAX_AGE,
    /** The origin's Expires. */
    EXPIRES,
    /** A tenth of the time since Last-Modified. */
    HEURISTIC,
    /** The least time of the policy. */
    MIN_TTL,
    /** The policy's time for what says none. */
    DEFAULT_TTL,
    /** The greatest time of the policy. */
    MAX_TTL,
    /** The policy's time for errors with this status. */
    ERROR_TTL,
    /** The behaviour's time for errors with this status. */
    BEHAVIOUR_ERROR_TTL,
    /** Nothing: it is stale at once. */
    NOTHING
  }

  /** The most that a guess may be. */
  static final long LONGEST_HEURISTIC = 24 * 3600 * 1000L;

  private static final int HEURISTIC_FRACTION = 10;
  private static final long SECOND = 1000;

  /** Works it out. */
  static Freshness of(OriginAnswer answer, ResponseDirectives directives, CachingRules rules) {
    long generatedAt = answer.responseTime() - initialAge(answer);
    if (directives.isRestricted() && !overrides(answer, rules)) {
      return new Freshness(
          generatedAt, answer.responseTime(), directives.noCache(), By.RESTRICTION);
    }
    return rules.hasPolicy()
        ? byPolicy(answer, directives, rules, generatedAt)
        : byResponse(answer, directives, generatedAt);
  }

  /** {@code corrected_age_value}; only the first member of Age counts (section 5.1). */
  private static long initialAge(OriginAnswer answer) {
    long delay = Math.max(0, answer.responseTime() - answer.requestTime());
    String field = answer.response().first("Age");
    if (field == null) {
      return delay;
    }
    int comma = field.indexOf(',');
    long age = DeltaSeconds.parse((comma < 0 ? field : field.substring(0, comma)).strip());
    return delay + Math.max(0, age) * SECOND;
  }

  private static boolean overrides(OriginAnswer answer, CachingRules rules) {
    return rules.overridesRestrictions() && least(answer, rules) > 0;
  }

  /** The least time for this status. */
  private static long least(OriginAnswer answer, CachingRules rules) {
    return isError(answer)
        ? Math.max(rules.errorTtl(answer.status()), rules.behaviourErrorTtl(answer.status()))
        : rules.minTtl();
  }

  /** Who says it. */
  private static By leastBy(OriginAnswer answer, CachingRules rules) {
    if (!isError(answer)) {
      return By.MIN_TTL;
    }
    return rules.behaviourErrorTtl(answer.status()) > rules.errorTtl(answer.status())
        ? By.BEHAVIOUR_ERROR_TTL
        : By.ERROR_TTL;
  }

  private static boolean isError(OriginAnswer answer) {
    return answer.status() >= 400;
  }

  private static Freshness byResponse(
      OriginAnswer answer, ResponseDirectives directives, long generatedAt) {
    long explicit = explicit(answer, directives);
    long lifetime =
        explicit == ResponseDirectives.ABSENT ? heuristic(answer, directives) : explicit;
    if (lifetime == ResponseDirectives.ABSENT) {
      return new Freshness(generatedAt, answer.responseTime(), false, By.NOTHING);
    }
    By by = explicit == ResponseDirectives.ABSENT ? By.HEURISTIC : said(directives);
    return new Freshness(generatedAt, generatedAt + lifetime, true, by);
  }

  /**
   * CloudFront's rule. Its least time counts from the arrival of the response, whatever age that
   * has. Errors have a least time of their own and neither the default nor the general least one.
   */
  private static Freshness byPolicy(
      OriginAnswer answer, ResponseDirectives directives, CachingRules rules, long generatedAt) {
    long least = least(answer, rules);
    long floor = answer.responseTime() + least;
    By leastBy = leastBy(answer, rules);
    if (directives.isRestricted()) {
      return new Freshness(generatedAt, floor, true, leastBy);
    }
    long explicit = explicit(answer, directives);
    if (explicit != ResponseDirectives.ABSENT) {
      boolean bounded = explicit > rules.maxTtl();
      long until = generatedAt + (bounded ? rules.maxTtl() : explicit);
      By by = bounded ? By.MAX_TTL : said(directives);
      long raised = explicit > 0 ? rules.raisedErrorTtl(answer.status()) : 0;
      Freshness said = new Freshness(generatedAt, until, true, by);
      return raised > least
          ? atLeast(said, answer.responseTime() + raised, By.BEHAVIOUR_ERROR_TTL)
          : atLeast(said, floor, leastBy);
    }
    if (!isError(answer) && Statuses.getsDefaultTtl(answer.status())) {
      long until = generatedAt + rules.defaultTtl();
      return atLeast(new Freshness(generatedAt, until, true, By.DEFAULT_TTL), floor, leastBy);
    }
    boolean known = isError(answer) && least > 0;
    return known
        ? new Freshness(generatedAt, floor, true, leastBy)
        : new Freshness(generatedAt, answer.responseTime(), false, By.NOTHING);
  }

  private static Freshness atLeast(Freshness freshness, long floor, By by) {
    return freshness.freshUntil >= floor
        ? freshness
        : new Freshness(freshness.generatedAt, floor, freshness.known, by);
  }

  /** Which of them {@link #explicit} takes. */
  private static By said(ResponseDirectives directives) {
    if (directives.sharedMaxAge() != ResponseDirectives.ABSENT) {
      return By.S_MAXAGE;
    }
    return directives.maxAge() == ResponseDirectives.ABSENT ? By.EXPIRES : By.MAX_AGE;
  }

  /**
   * The explicit lifetime (section 4.2.1), or {@link ResponseDirectives#ABSENT}. What is invalid
   * makes the response stale, as the section encourages.
   */
  static long explicit(OriginAnswer answer, ResponseDirectives directives) {
    if (directives.sharedMaxAge() != ResponseDirectives.ABSENT) {
      return Math.max(0, directives.sharedMaxAge()) * SECOND;
    }
    if (directives.maxAge() != ResponseDirectives.ABSENT) {
      return Math.max(0, directives.maxAge()) * SECOND;
    }
    HeaderFields response = answer.response();
    if (directives.targeted() || !response.contains("Expires")) {
      return ResponseDirectives.ABSENT;
    }
    long expires = answer.dateOf("Expires");
    return expires == OriginAnswer.NO_DATE
        ? 0
        : Math.clamp(expires - answer.date(), 0, DeltaSeconds.MOST * SECOND);
  }

  /**
   * A tenth of the time since it was last changed, at most a day (section 4.2.2), or {@link
   * ResponseDirectives#ABSENT}. No guess is made for an answer to somebody: a request with cookies
   * or credentials, which origins often answer personally without saying so.
   */
  static long heuristic(OriginAnswer answer, ResponseDirectives directives) {
    long lastModified = answer.dateOf("Last-Modified");
    boolean allowed = Statuses.isHeuristicallyCacheable(answer.status()) || directives.isPublic();
    if (!allowed
        || lastModified == OriginAnswer.NO_DATE
        || answer.request().contains("Cookie")
        || answer.request().contains("Authorization")
        || !answer.request().identity().isEmpty()) {
      return ResponseDirectives.ABSENT;
    }
    long since = answer.date() - lastModified;
    return Math.clamp(since / HEURISTIC_FRACTION, 0, LONGEST_HEURISTIC);
  }
}
