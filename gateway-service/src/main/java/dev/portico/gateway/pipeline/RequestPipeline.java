package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.observe.ExchangeRecorder;
import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.site.GradualRelease;
import dev.portico.gateway.site.ReleaseCounts;
import dev.portico.gateway.site.SiteDirectory;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of a request, in order.
 *
 * <ol>
 *   <li>connection: TLS, HTTP/1.1 and HTTP/2, limits, the door ({@code connection})
 *   <li>addresses that admins have blocked ({@link ControlReplies})
 *   <li>host to site; paths of it that admins have blocked; what is reserved at every site: reports
 *       of violations ({@link CspReports}), signing in and out ({@link SiteAccounts}), passwords
 *       ({@link SitePasswords}), the API where the site has it mounted ({@link SiteApi}); then the
 *       site's maintenance page, if it shows one
 *   <li>path to behaviour: the API's services, an HTTP origin, or the site's files
 *   <li>viewer protocol and method rules
 *   <li>access: who may have what ({@link AccessGuard})
 *   <li>redirects and rewrites of the site's deployment ({@code routing.rules})
 *   <li>cache key, cache, collapse, origin fetch, store ({@code cache}, {@code origin})
 *   <li>response header policy, security headers ({@code response})
 *   <li>access log and metrics from the exchange's timeline ({@code observe})
 * </ol>
 */
@Singleton
final class RequestPipeline implements ExchangeHandler, Explanations.Stages {
  private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);

  private final ControlReplies controls;
  private final ApiRoutes routes;
  private final SiteDirectory sites;
  private final CspReports reports;
  private final SiteAccounts accounts;
  private final SitePasswords passwords;
  private final SiteApi siteApi;
  private final ViewerProtocols protocols;
  private final AccessGuard guard;
  private final EdgeBehaviours behaviours;
  private final EdgeServing edges;
  private final FileServing files;
  private final ErrorPages pages;
  private final OriginClient origins;
  private final ExplainApi explains;
  private final MemberExplanations members;
  private final ReleaseCounts releases;
  private final ExchangeRecorder recorder;

  RequestPipeline(
      ControlReplies controls,
      ApiRoutes routes,
      SiteDirectory sites,
      CspReports reports,
      SiteAccounts accounts,
      SitePasswords passwords,
      SiteApi siteApi,
      ViewerProtocols protocols,
      AccessGuard guard,
      EdgeBehaviours behaviours,
      EdgeServing edges,
      FileServing files,
      ErrorPages pages,
      OriginClient origins,
      ExplainApi explains,
      MemberExplanations members,
      ReleaseCounts releases,
      ExchangeRecorder recorder) {
    this.controls = controls;
    this.routes = routes;
    this.sites = sites;
    this.reports = reports;
    this.accounts = accounts;
    this.passwords = passwords;
    this.siteApi = siteApi;
    this.protocols = protocols;
    this.guard = guard;
    this.behaviours = behaviours;
    this.edges = edges;
    this.files = files;
    this.pages = pages;
    this.origins = origins;
    this.explains = explains;
    this.members = members;
    this.releases = releases;
    this.recorder = recorder;
  }

  @Override
  public void handle(ViewerExchange exchange) {
    ErrorReplies.guarded(
        exchange,
        () -> {
          String host = exchange.request().host();
          if (controls.blocksAddress(exchange, routes.apiHost(host))) {
            return;
          }
          if (routes.serviceHost(host)) {
            service(exchange);
          } else {
            site(exchange);
          }
        });
  }

  private void service(ViewerExchange exchange) {
    String host = exchange.request().host();
    String path = exchange.request().rawPath();
    boolean api = routes.apiHost(host);
    if (api && ApiCors.answers(exchange, sites)) {
      return;
    }
    Origin origin = routes.origin(host, path);
    String explained = api ? ExplainApi.site(path) : null;
    if (explained != null) {
      explains.answer(exchange, explained, this);
    } else if (origin == null) {
      ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, api);
    } else if (exchange.request().upgrade() != null) {
      ErrorReplies.reply(exchange, EdgeError.UPGRADE_REFUSED, api);
    } else {
      // The auth host has cookies of its own by these names; the API has no use for any.
      ServiceProxy.pass(api ? PlainExchange.of(exchange) : exchange, origin, origins);
    }
  }

  private void site(ViewerExchange exchange) {
    ViewerRequest request = exchange.request();
    SiteResolution resolution = sites.resolve(request.host());
    if (MemberExplanations.asked(request) && resolution instanceof SiteResolution.Routable site) {
      members.decide(exchange, site.site(), () -> sites.resolve(request.host()), this);
    } else {
      resolved(exchange, resolution);
    }
  }

  @Override
  public void resolved(ViewerExchange exchange, SiteResolution resolution) {
    // The settings of a preview come with its files.
    if (resolution instanceof SiteResolution.Loading loading && loading.preview()) {
      awaitFiles(exchange, loading, found -> route(exchange, found));
    } else {
      route(exchange, resolution);
    }
  }

  private void route(ViewerExchange exchange, SiteResolution resolution) {
    if (!(resolution instanceof SiteResolution.Routable routable)) {
      answer(exchange, resolution);
      return;
    }
    if (controls.blocksPath(exchange, routable)
        || reports.answers(exchange, routable.site())
        || accounts.answers(exchange, routable)
        || passwords.answers(exchange, routable)
        || siteApi.answers(exchange, routable)
        || controls.maintains(exchange, routable)) {
      return;
    }
    serve(exchange, PlainExchange.of(exchange), routable);
  }

  /**
   * Answers for a site.
   *
   * @param asked with what proves who it is from
   * @param exchange the same without Portico's cookies
   */
  private void serve(
      ViewerExchange asked, ViewerExchange exchange, SiteResolution.Routable routable) {
    ViewerRequest request = exchange.request();
    Behaviour behaviour = routable.settings().behaviours().of(request.path());
    exchange.timeline().behaviour(behaviour.pattern().toString());
    Explained.routed(exchange, routable, behaviour);
    PolicyRules rules = routable.settings().responsePolicy(behaviour);
    if (rules != null) {
      exchange.rules(routable.preview() ? rules.forPreview() : rules);
    }
    if (protocols.answers(exchange, behaviour) || preflight(exchange, behaviour, rules)) {
      exchange.timeline().site(routable.site());
      return;
    }
    List<AccessPolicy> policies =
        routable
            .settings()
            .accessPolicies(behaviour, request.path(), routable.preview(), routable.besides());
    if (policies.isEmpty()) {
      admitted(AccessGuard.open(exchange, routable), routable, behaviour);
    } else {
      guard.admit(
          asked, exchange, routable, policies, admitted -> admitted(admitted, routable, behaviour));
    }
  }

  private void admitted(
      ViewerExchange exchange, SiteResolution.Routable routable, Behaviour behaviour) {
    EdgeBehaviour edge = behaviours.find(routable, behaviour);
    if (edge != null) {
      ViewerExchange around = pages.around(exchange, behaviour, routable);
      edges.serve(rooted(around, routable.settings()), edge);
    } else if (behaviour.methods().contains(exchange.request().method())) {
      answer(pages.around(exchange, behaviour, routable), routable);
    } else {
      exchange.timeline().site(routable.site());
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, false, behaviour.allow());
    }
  }

  /**
   * Answers a preflight that the policy decides on; false for anything else. It is not about the
   * resource, so that it may be asked where OPTIONS itself is not allowed.
   */
  private static boolean preflight(
      ViewerExchange exchange, Behaviour behaviour, @Nullable PolicyRules rules) {
    boolean passed = behaviour.origin() != null && behaviour.methods().contains("OPTIONS");
    if (rules == null || !rules.answersPreflight(exchange.request(), passed)) {
      return false;
    }
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head = ResponseHead.of(204).add("Cache-Control", "no-store");
    SecurityHeaders.addTo(head, exchange);
    String[] cache = CacheFields.generated(204, "preflight");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
    return true;
  }

  /** For {@code /} the site's root object, where it has one, is asked for. */
  private static ViewerExchange rooted(ViewerExchange exchange, SiteSettings settings) {
    String object = settings.rootObject();
    ViewerRequest request = exchange.request();
    return object == null || !request.path().equals("/")
        ? exchange
        : new RewrittenExchange(
            exchange, request.at(object, Escapes.decode(object), request.query()));
  }

  /** Of a path that no HTTP origin answers. */
  private void answer(ViewerExchange exchange, SiteResolution resolution) {
    switch (resolution) {
      case SiteResolution.Serving serving -> files(exchange, serving);
      case SiteResolution.Loading loading ->
          awaitFiles(exchange, loading, found -> answer(exchange, found));
      case SiteResolution.OriginsOnly origins -> answer(exchange, origins.otherwise());
      case SiteResolution.Empty empty -> {
        exchange.timeline().site(empty.site());
        ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, false);
      }
      case SiteResolution.SiteGone gone -> {
        exchange.timeline().site(gone.site());
        ErrorReplies.reply(exchange, EdgeError.SITE_GONE, false);
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

  /** Those of the live deployment, or of the one that is being released. */
  private void files(ViewerExchange exchange, SiteResolution.Serving live) {
    GradualRelease release = live.release();
    if (live.fallenBack()) {
      exchange.timeline().share(null);
    }
    if (release != null) {
      Explained.released(exchange, release);
    }
    if (release == null || !ReleaseShare.has(exchange, live.site(), release, releases)) {
      if (exchange instanceof ErrorPageExchange replaceable) {
        replaceable.servedFrom(live);
      }
      files.serve(exchange, live);
    } else {
      answer(exchange, sites.released(live));
    }
  }

  private static void awaitFiles(
      ViewerExchange exchange, SiteResolution.Loading loading, Consumer<SiteResolution> next) {
    loading
        .outcome()
        .whenCompleteAsync(
            (resolution, failure) -> {
              if (resolution == null || resolution instanceof SiteResolution.Loading) {
                LOG.error("Files of {} were not loaded", exchange.request().host(), failure);
                ErrorReplies.reply(exchange, EdgeError.INTERNAL, false);
              } else {
                ErrorReplies.guarded(exchange, () -> next.accept(resolution));
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
