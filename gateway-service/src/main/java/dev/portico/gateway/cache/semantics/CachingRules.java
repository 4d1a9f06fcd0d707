package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a behaviour says about caching, in the form that decisions use: RFC 9111 alone, or with a
 * {@link CachePolicy} on top. Made once per behaviour. Times are in milliseconds.
 */
public final class CachingRules {
  /** RFC 9111 and nothing else. */
  public static final CachingRules RFC_9111 = new CachingRules();

  private static final long LONGEST_SECONDS = 1L << 33;

  private final boolean policy;
  private final long minTtl;
  private final long defaultTtl;
  private final long maxTtl;
  private final boolean unsafeMinTtl;
  private final boolean viewerDirectives;
  private final KeySelection keyHeaders;
  private final boolean codingsInKey;
  private final boolean cookiesInKey;
  private final Map<Integer, Long> errorTtl;
  private final Map<Integer, Long> behaviourErrorTtl;
  private final Map<Integer, Long> raisedErrorTtl;

  private CachingRules() {
    this.policy = false;
    this.minTtl = 0;
    this.defaultTtl = 0;
    this.maxTtl = Long.MAX_VALUE;
    this.unsafeMinTtl = false;
    this.viewerDirectives = false;
    this.keyHeaders = KeySelection.NONE;
    this.codingsInKey = false;
    this.cookiesInKey = false;
    this.errorTtl = Map.of();
    this.behaviourErrorTtl = Map.of();
    this.raisedErrorTtl = Map.of();
  }

  private CachingRules(
      CachePolicy policy, boolean otherCookies, Map<Integer, Duration> leastErrorTtl) {
    this.policy = true;
    this.minTtl = millis(policy.minTtl());
    this.defaultTtl = millis(policy.defaultTtl());
    this.maxTtl = millis(policy.maxTtl());
    this.unsafeMinTtl = policy.unsafeMinTtl();
    this.viewerDirectives = policy.viewerDirectives();
    this.keyHeaders = policy.headers();
    this.cookiesInKey = !otherCookies;
    this.codingsInKey = policy.gzip() || policy.brotli();
    Map<Integer, Long> errors = new HashMap<>();
    policy.errorTtl().forEach((status, ttl) -> errors.put(status, millis(ttl)));
    Map<Integer, Long> always = new HashMap<>();
    Map<Integer, Long> raised = new HashMap<>();
    leastErrorTtl.forEach(
        (status, ttl) ->
            (Statuses.isOfOneViewer(status) ? raised : always).put(status, millis(ttl)));
    this.errorTtl = Map.copyOf(errors);
    this.behaviourErrorTtl = Map.copyOf(always);
    this.raisedErrorTtl = Map.copyOf(raised);
  }

  private CachingRules(CachingRules from) {
    this.policy = from.policy;
    this.minTtl = from.minTtl;
    this.defaultTtl = from.defaultTtl;
    this.maxTtl = from.maxTtl;
    this.unsafeMinTtl = from.unsafeMinTtl;
    this.viewerDirectives = from.viewerDirectives;
    this.keyHeaders = from.keyHeaders;
    this.codingsInKey = true;
    this.cookiesInKey = from.cookiesInKey;
    this.errorTtl = from.errorTtl;
    this.behaviourErrorTtl = from.behaviourErrorTtl;
    this.raisedErrorTtl = from.raisedErrorTtl;
  }

  /** The same where the coding that a viewer gets is in the key, since the gateway compresses. */
  public CachingRules compressing() {
    return new CachingRules(this);
  }

  /** The rules of a behaviour with this policy. */
  public static CachingRules of(CachePolicy policy) {
    return of(policy, null, Map.of());
  }

  /**
   * The same where the origin gets more besides, and the behaviour says how long errors are kept.
   *
   * @param requests what the origin gets more; null for nothing
   * @param leastErrorTtl status to the least time that such an error is fresh, besides the policy's
   */
  public static CachingRules of(
      CachePolicy policy,
      @Nullable OriginRequestPolicy requests,
      Map<Integer, Duration> leastErrorTtl) {
    return new CachingRules(policy, requests != null && requests.hasCookies(), leastErrorTtl);
  }

  /** Longer than any age that can be stated, short enough to add to a clock. */
  private static long millis(Duration duration) {
    return duration.toSeconds() >= LONGEST_SECONDS ? LONGEST_SECONDS * 1000 : duration.toMillis();
  }

  /** Whether nothing is ever stored: CloudFront's CachingDisabled and whatever else has no time. */
  public boolean disabled() {
    return policy && maxTtl == 0;
  }

  boolean hasPolicy() {
    return policy;
  }

  long minTtl() {
    return minTtl;
  }

  long defaultTtl() {
    return defaultTtl;
  }

  long maxTtl() {
    return maxTtl;
  }

  /** Whether the least time holds although the response says that it must not be kept. */
  boolean overridesRestrictions() {
    return unsafeMinTtl;
  }

  boolean viewerDirectives() {
    return viewerDirectives;
  }

  /** The least time that the policy has an error with this status fresh, or 0. */
  long errorTtl(int status) {
    return errorTtl.getOrDefault(status, 0L);
  }

  /** The least time that the behaviour has it so, or 0: the greater of the two holds. */
  long behaviourErrorTtl(int status) {
    return behaviourErrorTtl.getOrDefault(status, 0L);
  }

  /** As the behaviour's where its origin says a time above 0, which is then at least this; or 0. */
  long raisedErrorTtl(int status) {
    return raisedErrorTtl.getOrDefault(status, 0L);
  }

  /**
   * Whether the answer is likely to be for one viewer alone, since the origin gets what tells
   * viewers apart and the key does not.
   */
  public boolean isPersonal(HeaderFields request) {
    return identifies(request) || hasCredentials(request);
  }

  /** Whether a request has credentials of the viewer's own that are not in the key. */
  boolean hasCredentials(HeaderFields request) {
    return request.contains("authorization") && !inKey("authorization");
  }

  /** Whether an origin may learn who a request is from by a field that is not in the key. */
  boolean identifies(HeaderFields request) {
    for (String name : request.identity()) {
      if (!inKey(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether all requests with one cache key have the same value of this field for the origin, so
   * that Vary need not look at it. Under a policy that holds for Cookie whatever is selected: the
   * origin sees only the cookies in the key, unless an origin request policy adds others.
   *
   * @param name in any case
   */
  public boolean inKey(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "cookie" -> cookiesInKey;
      case "accept-encoding" -> codingsInKey || keyHeaders.selects(lower);
      default -> keyHeaders.selects(lower);
    };
  }
}
