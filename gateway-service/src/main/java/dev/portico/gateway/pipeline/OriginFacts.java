package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.exchange.ViewerFact;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.routing.ErrorResponses;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What an origin gets of a request besides what is in the cache key.
 *
 * @param policy what the site wants; null for nothing
 * @param direct whether viewers' connections are this gateway's, with no proxy between
 * @param largestBody of a request, in bytes; larger ones it does not get. 0 for any
 */
record OriginFacts(@Nullable OriginRequestPolicy policy, boolean direct, long largestBody) {
  /** No policy, and bodies of any size. */
  static final OriginFacts NONE = new OriginFacts(null, false, 0);

  /** How responses are cached whose origin gets all this, and errors at least so long. */
  CachingRules rules(CachePolicy cache, ErrorResponses errors) {
    return CachingRules.of(cache, policy, errors.leastTtl());
  }

  /** What the origin sees of cookies and query. */
  KeyRules seen(CachePolicy cache) {
    return KeyRules.of(policy == null ? cache : policy.seen(cache));
  }

  /** Whether a field of a request that is looked up goes along; its name is in lower case. */
  boolean selects(String lower) {
    return policy != null && policy.headers().selects(lower);
  }

  /** A request that goes past the cache, without the fields that are to stay behind. */
  ViewerRequest withoutExcepted(ViewerRequest viewer) {
    if (policy == null || !excepts(policy.headers())) {
      return viewer;
    }
    return viewer.with(ToldFields.butWithout(viewer.headers(), policy.headers().names()));
  }

  /**
   * What of cookies and query goes along with a request that goes past the cache; null for all of
   * them.
   */
  @Nullable KeyRules chosen() {
    return policy == null || !(excepts(policy.cookies()) || excepts(policy.query()))
        ? null
        : KeyRules.choosing(butExcepted(policy.cookies()), butExcepted(policy.query()));
  }

  private static boolean excepts(KeySelection selection) {
    return selection.mode() == KeySelection.Mode.ALL_EXCEPT;
  }

  private static KeySelection butExcepted(KeySelection selection) {
    return excepts(selection) ? selection : KeySelection.ALL;
  }

  /** Adds what is no field of the viewer's: its Host, and what is known about it. */
  HttpHeaders addTo(HttpHeaders headers, ViewerRequest viewer) {
    if (policy == null) {
      return headers;
    }
    if (policy.hasHost()) {
      headers.set(HttpHeaderNames.HOST, viewer.authority());
    }
    for (ViewerFact fact : policy.facts()) {
      String value = fact.of(viewer, direct);
      if (value != null) {
        headers.set(fact.field(), value);
      }
    }
    return headers;
  }
}
