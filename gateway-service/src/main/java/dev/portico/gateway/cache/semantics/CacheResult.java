package dev.portico.gateway.cache.semantics;

/** How a response came about in CloudFront's words, for X-Cache. */
public enum CacheResult {
  /** From the cache, fresh, or stale as its origin allows. */
  HIT("Hit"),
  /** From the cache after the origin said that it still holds. */
  REFRESH_HIT("RefreshHit"),
  /** From the origin. */
  MISS("Miss"),
  /** To another address, by the gateway. */
  REDIRECT("Redirect"),
  /** Made by the gateway itself: neither cached bytes nor an origin's. */
  GENERATED("Generated"),
  /** An error, of the origin or of the gateway. */
  ERROR("Error");

  private final String field;

  CacheResult(String word) {
    this.field = word + " from portico";
  }

  /** The value of X-Cache. */
  public String field() {
    return field;
  }
}
