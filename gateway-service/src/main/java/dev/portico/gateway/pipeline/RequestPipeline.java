package dev.portico.gateway.pipeline;

import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.observe.ExchangeRecorder;
import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginClient;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of a request, in order. A stage that is not there yet has its place named.
 *
 * <ol>
 *   <li>connection: TLS, HTTP/1.1 and HTTP/2, limits, the door ({@code connection})
 *   <li>host to site
 *   <li>path to behaviour (one behaviour as yet: the API's services, or the site's files)
 *   <li>viewer protocol and method rules
 *   <li>access, viewer-request functions, redirects and rewrites (later issues)
 *   <li>cache key, cache, collapse, origin fetch, store ({@code cache}, {@code origin})
 *   <li>response header policy, security headers ({@code response})
 *   <li>access log and metrics from the exchange's timeline ({@code observe})
 * </ol>
 */
@Singleton
final class RequestPipeline implements ExchangeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);

  private final ApiRoutes routes;
  private final OriginClient origins;
  private final ExchangeRecorder recorder;

  RequestPipeline(ApiRoutes routes, OriginClient origins, ExchangeRecorder recorder) {
    this.routes = routes;
    this.origins = origins;
    this.recorder = recorder;
  }

  @Override
  public void handle(ViewerExchange exchange) {
    try {
      if (routes.apiHost(exchange.request().host())) {
        api(exchange);
      } else {
        site(exchange);
      }
    } catch (RuntimeException e) {
      LOG.error("Request {} failed", exchange.request().requestId(), e);
      ErrorReplies.reply(exchange, EdgeError.INTERNAL, false);
    }
  }

  private void api(ViewerExchange exchange) {
    Origin origin = routes.origin(exchange.request().rawPath());
    if (origin == null) {
      ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, true);
    } else {
      ServiceProxy.pass(exchange, origin, origins);
    }
  }

  private void site(ViewerExchange exchange) {
    ErrorReplies.reply(exchange, unknownHost(exchange.request()), false);
  }

  /** On a connection with many hosts the client should try another (RFC 9110, section 15.5.20). */
  private static EdgeError unknownHost(ViewerRequest request) {
    return switch (request.protocol()) {
      case HTTP_2 -> EdgeError.MISDIRECTED_REQUEST;
      case HTTP_1_0, HTTP_1_1 -> EdgeError.UNKNOWN_HOST;
    };
  }

  @Override
  public void refuse(ViewerExchange exchange, EdgeError error) {
    ErrorReplies.reply(exchange, error, routes.apiHost(exchange.request().host()));
  }

  @Override
  public void finished(ViewerExchange exchange) {
    recorder.record(exchange);
  }
}
