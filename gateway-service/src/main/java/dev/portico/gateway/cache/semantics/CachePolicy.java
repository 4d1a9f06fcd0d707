package dev.portico.gateway.cache.semantics;

import java.time.Duration;
import java.util.Map;

/**
 * How the responses of a behaviour are cached, on top of RFC 9111: CloudFront's cache policy. A
 * behaviour without a policy is cached by RFC 9111 alone.
 *
 * @param id identifies the policy: a managed policy's id as CloudFront has it, or the site's name
 *     for its own
 * @param minTtl least time that a response is fresh, at least 0 s
 * @param defaultTtl time that a response is fresh whose origin does not say
 * @param maxTtl most time that a response is fresh, whatever its origin says
 * @param unsafeMinTtl whether {@code minTtl} also holds against {@code private}, {@code no-store}
 *     and {@code no-cache}; CloudFront behaves as if this were always set
 * @param headers the header fields in the cache key; never all of them
 * @param cookies the cookies in the cache key
 * @param query the query parameters in the cache key
 * @param sortQuery whether the order of query parameters makes no difference
 * @param gzip whether {@code gzip} is told apart in Accept-Encoding
 * @param brotli whether {@code br} is told apart in Accept-Encoding
 * @param errorTtl status (400 to 599) to the least time that such an error is cached
 * @param viewerDirectives whether a viewer's Cache-Control can bypass or bound the cache (RFC 9111,
 *     section 5.2.1); off by default, which protects the origin
 */
public record CachePolicy(
    String id,
    Duration minTtl,
    Duration defaultTtl,
    Duration maxTtl,
    boolean unsafeMinTtl,
    KeySelection headers,
    KeySelection cookies,
    KeySelection query,
    boolean sortQuery,
    boolean gzip,
    boolean brotli,
    Map<Integer, Duration> errorTtl,
    boolean viewerDirectives) {
  /** Copies the map and checks the times. */
  public CachePolicy {
    errorTtl = Map.copyOf(errorTtl);
    if (minTtl.isNegative() || maxTtl.compareTo(minTtl) < 0 || defaultTtl.isNegative()) {
      throw new IllegalArgumentException(
          "Cache policy " + id + ": 0 <= minTtl <= maxTtl must hold");
    }
  }
}
