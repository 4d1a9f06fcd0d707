package dev.portico.gateway.pipeline;

import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.observe.ExchangeRecorder;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.site.SiteDirectory;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of a request, in order. A stage that is not there yet has its place named.
 *
 * <ol>
 *   <li>connection: TLS, HTTP/1.1 and HTTP/2, limits, the door ({@code connection})
 *   <li>host to site
 *   <li>path to behaviour: the API's services, an HTTP origin, or the site's files
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
  private final SiteDirectory sites;
  private final EdgeBehaviours behaviours;
  private final EdgeServing edges;
  private final FileServing files;
  private final OriginClient origins;
  private final ExchangeRecorder recorder;

  RequestPipeline(
      ApiRoutes routes,
      SiteDirectory sites,
      EdgeBehaviours behaviours,
      EdgeServing edges,
      FileServing files,
      OriginClient origins,
      ExchangeRecorder recorder) {
    this.routes = routes;
    this.sites = sites;
    this.behaviours = behaviours;
    this.edges = edges;
    this.files = files;
    this.origins = origins;
    this.recorder = recorder;
  }

  @Override
  public void handle(ViewerExchange exchange) {
    guarded(
        exchange,
        () -> {
          if (routes.apiHost(exchange.request().host())) {
            api(exchange);
          } else {
            site(exchange);
          }
        });
  }

  /** A bug must cost one request and not the connection with all that wait on it. */
  private static void guarded(ViewerExchange exchange, Runnable stages) {
    try {
      stages.run();
    } catch (RuntimeException e) {
      LOG.error("Request {} failed", exchange.request().requestId(), e);
      ErrorReplies.reply(exchange, EdgeError.INTERNAL, false);
    }
  }

  private void api(ViewerExchange exchange) {
    Origin origin = routes.origin(exchange.request().rawPath());
    if (origin == null) {
      ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, true);
    } else if (ForwardedRequest.upgrade(exchange.request()) != null) {
      ErrorReplies.reply(exchange, EdgeError.UPGRADE_REFUSED, true);
    } else {
      ServiceProxy.pass(exchange, origin, origins);
    }
  }

  private void site(ViewerExchange exchange) {
    ViewerRequest request = exchange.request();
    SiteResolution resolution = sites.resolve(request.host());
    if (!(resolution instanceof SiteResolution.Routable routable)) {
      answer(exchange, resolution);
      return;
    }
    Behaviour behaviour = routable.settings().behaviours().of(request.path());
    EdgeBehaviour edge = behaviours.find(routable, behaviour);
    if (edge != null) {
      edges.serve(exchange, edge);
    } else if (behaviour.methods().contains(request.method())) {
      answer(exchange, resolution);
    } else {
      exchange.timeline().site(routable.site());
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, false, behaviour.allow());
    }
  }

  /** Of a path that no HTTP origin answers. */
  private void answer(ViewerExchange exchange, SiteResolution resolution) {
    switch (resolution) {
      case SiteResolution.Serving serving -> files.serve(exchange, serving);
      case SiteResolution.Loading loading -> awaitFiles(exchange, loading);
      case SiteResolution.OriginsOnly origins -> answer(exchange, origins.otherwise());
      case SiteResolution.Empty empty -> {
        exchange.timeline().site(empty.site());
        ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, false);
      }
      case SiteResolution.Gone gone -> {
        exchange.timeline().site(gone.site());
        ErrorReplies.reply(exchange, EdgeError.GONE, false);
      }
      case SiteResolution.Unknown ignored ->
          ErrorReplies.reply(exchange, unknownHost(exchange.request()), false);
      case SiteResolution.Unavailable ignored ->
          ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, false);
    }
  }

  private void awaitFiles(ViewerExchange exchange, SiteResolution.Loading loading) {
    loading
        .outcome()
        .whenCompleteAsync(
            (resolution, failure) -> {
              if (resolution == null || resolution instanceof SiteResolution.Loading) {
                LOG.error("Files of {} were not loaded", exchange.request().host(), failure);
                ErrorReplies.reply(exchange, EdgeError.INTERNAL, false);
              } else {
                guarded(exchange, () -> answer(exchange, resolution));
              }
            },
            exchange.loop());
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
