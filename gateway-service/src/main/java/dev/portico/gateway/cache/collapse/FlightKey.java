package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.key.CacheKey;

/**
 * What requests must have in common to share a flight.
 *
 * @param key the cache key, lasting
 * @param variant what they say where the origin's answers are known to differ; empty while nothing
 *     is known of that
 */
public record FlightKey(CacheKey key, String variant) {
  /** A key for requests with credentials, which must not lead a flight of others. */
  public FlightKey personal() {
    return new FlightKey(key, variant + "\0personal");
  }
}
