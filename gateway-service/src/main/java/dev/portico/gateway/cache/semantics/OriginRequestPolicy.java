package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.ViewerFact;
import java.util.Set;

/**
 * What origins get of a request besides what is in the cache key: CloudFront's origin request
 * policy.
 *
 * @param id its name in the site's settings, or CloudFront's id
 * @param headers header fields of the viewer, in lower case
 * @param cookies cookies of the viewer
 * @param query query parameters
 * @param facts what is told about the viewer
 */
public record OriginRequestPolicy(
    String id,
    KeySelection headers,
    KeySelection cookies,
    KeySelection query,
    Set<ViewerFact> facts) {
  /** Copies the set. */
  public OriginRequestPolicy {
    facts = Set.copyOf(facts);
  }

  /** Whether the origin sees cookies that are not in the key. */
  public boolean hasCookies() {
    return cookies.mode() != KeySelection.Mode.NONE;
  }

  /** Whether the origin gets the viewer's Host in place of its own. */
  public boolean hasHost() {
    return headers.selects("host");
  }

  /** A cache policy whose key would be all that the origin sees of cookies and query. */
  public CachePolicy seen(CachePolicy cache) {
    return new CachePolicy(
        cache.id(),
        cache.minTtl(),
        cache.defaultTtl(),
        cache.maxTtl(),
        cache.unsafeMinTtl(),
        cache.headers(),
        cache.cookies().and(cookies),
        cache.query().and(query),
        cache.sortQuery(),
        cache.gzip(),
        cache.brotli(),
        cache.errorTtl(),
        cache.viewerDirectives());
  }
}
