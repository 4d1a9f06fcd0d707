package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Arrival;
import dev.portico.gateway.cache.collapse.FlightUser;
import dev.portico.gateway.cache.key.KeyParts;
import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.FreshnessReason;
import dev.portico.gateway.cache.semantics.RequestCaching;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is decided about a behaviour with an HTTP origin: the cache's part, and what
 * would be asked of whom. As {@link Explained} for the rest.
 */
final class ExplainedEdge {
  /** The note about the cache, and what sets its fields. */
  static final String CACHE = "cache";

  private static final String FETCH = "fetch";
  private static final String KEPT = "kept";
  private static final String SLICED = "sliced";

  /** What is said of the cache that is about the request, whatever is found. */
  private static final Set<String> OF_REQUEST = Set.of("lookedUp", "key");

  /** Stands in the place of what an origin is told in confidence. */
  static final String SECRET = "(secret)";

  private ExplainedEdge() {}

  /** Whether the cache is asked about a request. */
  static void caching(ViewerExchange exchange, RequestCaching caching) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("lookedUp", caching == RequestCaching.LOOKUP);
    if (caching != RequestCaching.LOOKUP) {
      said.put("because", Explained.lower(caching));
    }
    why.note(CACHE, said);
  }

  /** The key has been made. */
  static void key(ViewerExchange exchange, String scope, ViewerRequest asked, KeyRules rules) {
    Explanation why = exchange.explanation();
    if (why != null) {
      cache(why).put("key", KeyParts.of(scope, asked, rules));
    }
  }

  @SuppressWarnings("unchecked") // noted by caching() and here alone
  private static Map<String, Object> cache(Explanation why) {
    Object noted = why.noted(CACHE);
    if (noted instanceof Map<?, ?>) {
      return (Map<String, Object>) noted;
    }
    Map<String, Object> said = new LinkedHashMap<>();
    why.note(CACHE, said);
    return said;
  }

  /** What is stored for the request; null for nothing. */
  static void found(
      ViewerExchange exchange, EdgeBehaviour behaviour, @Nullable StoredEntry entry, long now) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    Map<String, Object> said = cache(why);
    // It may have looked before, and found or asked something else.
    said.keySet().retainAll(OF_REQUEST);
    why.forget(FETCH);
    if (entry == null) {
      said.put("stored", "no");
      return;
    }
    StoredResponse response = entry.response();
    said.put("stored", response.isFresh(now) ? "fresh" : "stale");
    said.put("status", response.status());
    said.put("age", response.age(now));
    said.put("ttl", response.ttl(now));
    said.put(
        "decidedBy",
        FreshnessReason.of(
            response.status(),
            exchange.request().headers(),
            entry.fields(),
            behaviour.rules(),
            response.generatedAt()));
    if (!response.vary().names().isEmpty()) {
      said.put("vary", response.vary().names());
    }
  }

  /**
   * An origin is about to be asked. Where nothing may be fetched, that ends the exchange.
   *
   * @return whether nobody is to be asked
   */
  static boolean asks(ViewerExchange exchange, OriginRequest request, CacheStatus.Forward because) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return false;
    }
    HttpOrigin origin = request.target().origin();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("from", origin.id());
    said.put("because", because.token());
    said.put("method", request.method());
    said.put(
        "url",
        Explained.address(origin.tls(), origin.host(), origin.port())
            + origin.pathPrefix()
            + request.path());
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request
        .headers()
        .forEach(
            each ->
                fields.merge(each.getKey(), each.getValue(), (one, other) -> one + ", " + other));
    origin.headers().forEach(field -> fields.put(field.name(), SECRET));
    // An authorizer may tell the origin what it tells no viewer.
    exchange
        .request()
        .headers()
        .told()
        .forEach(name -> fields.computeIfPresent(name, (same, told) -> SECRET));
    said.put("headers", fields);
    HttpOrigin second = request.second();
    Explained.put(said, "failover", second == null ? null : second.id());
    why.note(FETCH, said);
    if (why.dry()) {
      exchange.abort();
    }
    return why.dry();
  }

  /** An origin's answer begins. */
  static void arrived(ViewerExchange exchange, EdgeBehaviour behaviour, Arrival arrival, long now) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    Map<String, Object> said = cache(why);
    said.put(KEPT, arrival.kept());
    StoredResponse response = arrival.response();
    if (response != null) {
      said.put("ttl", response.ttl(now));
      said.put(
          "decidedBy",
          FreshnessReason.of(
              arrival.status(),
              exchange.request().headers(),
              arrival.said(),
              behaviour.rules(),
              now));
    }
    Explained.put(said, "because", arrival.reason() == null ? null : arrival.reason().label());
  }

  /** What is stored answers after the origin was asked. */
  static void held(ViewerExchange exchange, StoredEntry entry, FlightUser.Held how, long now) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    Map<String, Object> said = cache(why);
    said.put(KEPT, how != FlightUser.Held.IN_NEED);
    said.put("ttl", entry.response().ttl(now));
    if (how == FlightUser.Held.SLICED) {
      said.put(SLICED, true);
    }
  }

  /** Whether what comes is being kept whole, so that it must come to its end. */
  static boolean isKept(Explanation why) {
    return why.noted(CACHE) instanceof Map<?, ?> said
        && Boolean.TRUE.equals(said.get(KEPT))
        && !said.containsKey(SLICED);
  }
}
