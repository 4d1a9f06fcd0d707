package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;

/** What every response of a behaviour with an origin says about the cache (RFC 9211; X-Cache). */
final class CacheFields {
  private static final String CACHE = "portico";

  private CacheFields() {}

  /** Of an answer that is none of the cache's business: a name and its value. */
  static String[] of(CacheStatus status) {
    return new String[] {"Cache-Status", status.render(CACHE)};
  }

  /** Names and values in turn. */
  static String[] of(CacheStatus status, CacheResult result) {
    return new String[] {
      "Cache-Status", status.render(CACHE), "X-Cache", result.field(),
    };
  }

  /** As above, with the age of the response in seconds. */
  static String[] of(CacheStatus status, CacheResult result, long age) {
    return new String[] {
      "Age", Long.toString(age), "Cache-Status", status.render(CACHE), "X-Cache", result.field(),
    };
  }

  /** Of an error that the gateway found. */
  static String[] error(CacheStatus status) {
    return of(status, CacheResult.ERROR);
  }
}
