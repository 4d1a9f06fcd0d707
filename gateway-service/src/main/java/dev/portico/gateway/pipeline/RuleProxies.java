package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.rules.RuleOutcome;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for rules that lead to another server: only to one that is among the origins of the
 * site's settings, whose owner has let it be asked, and only below its path prefix.
 */
@Singleton
final class RuleProxies {
  private static final Logger LOG = LoggerFactory.getLogger(RuleProxies.class);

  private final EdgeBehaviours behaviours;
  private final EdgeServing edges;

  RuleProxies(EdgeBehaviours behaviours, EdgeServing edges) {
    this.behaviours = behaviours;
    this.edges = edges;
  }

  /**
   * Answers from an origin.
   *
   * @param vary names of fields that the rule looked at; empty for none
   */
  void serve(
      ViewerExchange exchange, SiteResolution.Serving site, RuleOutcome.Proxy proxy, String vary) {
    for (HttpOrigin origin : site.settings().origins().values()) {
      String prefix = origin.pathPrefix();
      if (isOrigin(origin, proxy) && proxy.rawPath().startsWith(prefix + '/')) {
        ViewerRequest request =
            rewritten(exchange.request(), proxy, proxy.rawPath().substring(prefix.length()));
        if (!vary.isEmpty()) {
          exchange.add("Vary", vary);
        }
        edges.serve(new RewrittenExchange(exchange, request), behaviours.proxy(site, origin));
        return;
      }
    }
    LOG.debug("{}: a rule leads to {}, which is no origin", site.site(), proxy.host());
    ErrorReplies.reply(exchange, EdgeError.ORIGIN_REFUSED, false);
  }

  private static boolean isOrigin(HttpOrigin origin, RuleOutcome.Proxy proxy) {
    return origin.tls() == proxy.tls()
        && origin.port() == proxy.port()
        && origin.host().equalsIgnoreCase(proxy.host());
  }

  private static ViewerRequest rewritten(
      ViewerRequest request, RuleOutcome.Proxy proxy, String rawPath) {
    return request.at(rawPath, Escapes.decode(rawPath), proxy.query());
  }
}
