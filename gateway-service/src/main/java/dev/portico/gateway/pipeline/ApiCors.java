package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.site.SiteDirectory;
import io.netty.buffer.Unpooled;

/**
 * Cross-origin resource sharing of Portico's API at its own host (Fetch standard, section 3.3): for
 * pages of the origins that sites name, and for no others. Never with credentials, since the API
 * knows no cookies.
 */
final class ApiCors {
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String FIELDS =
      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range";
  private static final String EXPOSED =
      "Accept-Ranges, Content-Range, ETag, Idempotent-Replayed, Location, Portico-Settings-File,"
          + " Retry-After, WWW-Authenticate, X-Request-Id";

  /** How long browsers may keep the answer to a preflight, in seconds. */
  private static final String MAX_AGE = "600";

  private ApiCors() {}

  /**
   * Answers a preflight; false for anything else, whose answer says who may read it.
   *
   * @param sites which name the origins
   */
  static boolean answers(ViewerExchange exchange, SiteDirectory sites) {
    ViewerRequest request = exchange.request();
    String origin = request.headers().joined("origin");
    if (origin == null) {
      return false;
    }
    boolean allowed = sites.apiOrigin(origin);
    if (allowed
        && request.method().equals("OPTIONS")
        && request.headers().contains("access-control-request-method")) {
      preflight(exchange, origin);
      return true;
    }
    exchange.add("Vary", "Origin");
    if (allowed) {
      exchange.add(ALLOW_ORIGIN, origin);
      exchange.add("Access-Control-Expose-Headers", EXPOSED);
    }
    return false;
  }

  private static void preflight(ViewerExchange exchange, String origin) {
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head =
        ResponseHead.of(204)
            .add("Cache-Control", "no-store")
            .add("Vary", "Origin")
            .add(ALLOW_ORIGIN, origin)
            .add("Access-Control-Allow-Methods", METHODS)
            .add("Access-Control-Allow-Headers", FIELDS)
            .add("Access-Control-Max-Age", MAX_AGE);
    SecurityHeaders.addTo(head, exchange);
    String[] cache = CacheFields.generated(204, "preflight");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
  }
}
