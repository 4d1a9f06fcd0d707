package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;

/** What every response says about the cache (RFC 9211; X-Cache). */
final class CacheFields {
  /** RFC 9211. */
  static final String STATUS = "Cache-Status";

  private static final String RESULT = "X-Cache";
  private static final String CACHE = "portico";
  private static final int FIRST_ERROR = 400;
  private static final CacheStatus HELD =
      new CacheStatus(true, null, 0, CacheStatus.NO_TTL, false, false, null);
  private static final CacheStatus FETCHED = CacheStatus.forwarded(CacheStatus.Forward.URI_MISS);
  private static final String[] FILE_HELD = of(HELD, CacheResult.HIT);
  private static final String[] FILE_FETCHED = of(FETCHED, CacheResult.MISS);
  private static final String[] PAGE_HELD = error(HELD);
  private static final String[] PAGE_FETCHED = error(FETCHED);

  private CacheFields() {}

  /** Names and values in turn. */
  static String[] of(CacheStatus status, CacheResult result) {
    return new String[] {
      STATUS, status.render(CACHE), RESULT, result.field(),
    };
  }

  /** As above, with the age of the response in seconds. */
  static String[] of(CacheStatus status, CacheResult result, long age) {
    return new String[] {
      "Age", Long.toString(age), STATUS, status.render(CACHE), RESULT, result.field(),
    };
  }

  /**
   * Of a file of a deployment, or a page in place of one.
   *
   * @param held whether the gateway had all that it needed, instead of asking content-service
   */
  static String[] file(int status, boolean held) {
    if (status >= FIRST_ERROR) {
      return held ? PAGE_HELD : PAGE_FETCHED;
    }
    return held ? FILE_HELD : FILE_FETCHED;
  }

  /**
   * Of what the gateway has made itself: a redirect, a page, an answer to OPTIONS.
   *
   * @param detail what it is, a token
   */
  static String[] generated(int status, String detail) {
    CacheResult result = CacheResult.GENERATED;
    if (status >= FIRST_ERROR) {
      result = CacheResult.ERROR;
    } else if (status >= 300) {
      result = CacheResult.REDIRECT;
    }
    return of(CacheStatus.refused(detail), result);
  }

  /** Of an error that the gateway found. */
  static String[] error(CacheStatus status) {
    return of(status, CacheResult.ERROR);
  }
}
