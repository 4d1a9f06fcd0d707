package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;

/** Answers, for people: what decides until when a response is fresh? (RFC 9111, section 4.2.) */
public final class FreshnessReason {
  private FreshnessReason() {}

  /**
   * In words like {@code max-age in Cache-Control}.
   *
   * @param status the response's status
   * @param request the fields of the request
   * @param response the fields of the response, as stored or received
   * @param rules how the behaviour caches
   * @param millis when it was received, in milliseconds since the epoch
   */
  public static String of(
      int status, HeaderFields request, HeaderFields response, CachingRules rules, long millis) {
    OriginAnswer answer = new OriginAnswer("GET", request, status, response, millis, millis);
    ResponseDirectives directives = ResponseDirectives.of(response).forStatus(status);
    String field = ResponseDirectives.deciding(response);
    return switch (Freshness.of(answer, directives, rules).by()) {
      case RESTRICTION ->
          (directives.noStore() ? "no-store" : directives.noCache() ? "no-cache" : "private")
              + " in "
              + field;
      case S_MAXAGE -> "s-maxage in " + field;
      case MAX_AGE -> "max-age in " + field;
      case EXPIRES -> "Expires";
      case HEURISTIC -> "a tenth of the time since Last-Modified";
      case MIN_TTL -> "minTtlSeconds of the cache policy";
      case DEFAULT_TTL -> "defaultTtlSeconds of the cache policy";
      case MAX_TTL -> "maxTtlSeconds of the cache policy";
      case ERROR_TTL -> "errorTtlSeconds of the cache policy";
      case BEHAVIOUR_ERROR_TTL -> "cachingMinTtlSeconds of the behaviour's errorResponses";
      case NOTHING -> "nothing says a time";
    };
  }
}
