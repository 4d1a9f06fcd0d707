package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.key.CacheKey;

/**
 * What requests must have in common to share a flight.
 *
 * @param key the cache key, lasting
 * @param variant what they say where the origin's answers are known to differ; empty while nothing
 *     is known of that
 * @param isPersonal whether they have credentials that the key knows nothing of
 */
public record FlightKey(CacheKey key, String variant, boolean isPersonal) {
  /** A key for requests without credentials of their own. */
  public FlightKey(CacheKey key, String variant) {
    this(key, variant, false);
  }

  /**
   * A key for requests with credentials, which must not lead a flight of others, and what the
   * origin says to which tells nothing of what it would say to others.
   */
  public FlightKey personal() {
    return new FlightKey(key, variant, true);
  }
}
