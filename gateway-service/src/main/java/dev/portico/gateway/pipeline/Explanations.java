package dev.portico.gateway.pipeline;

import dev.portico.gateway.connection.ListenerSettings;
import dev.portico.gateway.connection.SupposedRequest;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.pipeline.ExplainQuestion.InvalidException;
import dev.portico.gateway.routing.SiteHost;
import dev.portico.gateway.site.SiteDirectory;
import dev.portico.gateway.site.SiteDomain;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;

/**
 * Explains requests that nobody has sent: leads each through the stages that it would go through,
 * up to where something would be fetched.
 */
@Singleton
final class Explanations {
  private final SiteDirectory sites;
  private final String domain;
  private final int mostLine;
  private final int mostFields;

  Explanations(SiteDirectory sites, SiteDomain domain, ListenerSettings limits) {
    this.sites = sites;
    this.domain = domain.sites();
    this.mostLine = limits.maxRequestLine();
    this.mostFields = limits.maxHeaderSize();
  }

  /** The stages behind the door. */
  interface Stages {
    /** Answers a request of which the host has come to this. */
    void resolved(ViewerExchange exchange, SiteResolution resolution);

    /** Answers a request that the door has refused. */
    void refuse(ViewerExchange exchange, EdgeError error);
  }

  /** Who is told, once, on the asker's event loop. */
  interface Told {
    /** This is why a request would be answered as it would be. */
    void explained(ViewerRequest request, Explanation why);

    /** The question cannot be answered. */
    void invalid(InvalidException fault);
  }

  /**
   * Explains one request.
   *
   * @param asker who wants to know, and may
   * @param told perhaps before this returns
   */
  void explain(
      ViewerExchange asker, String site, ExplainQuestion question, Stages stages, Told told) {
    explain(asker, site, question, stages, told, true);
  }

  /**
   * As {@link #explain}, for a comparison: of a viewer without a share in a gradual release, who
   * does not draw for one, so that two answers differ by their deployments alone.
   */
  void compare(
      ViewerExchange asker, String site, ExplainQuestion question, Stages stages, Told told) {
    explain(asker, site, question, stages, told, false);
  }

  private void explain(
      ViewerExchange asker,
      String site,
      ExplainQuestion question,
      Stages stages,
      Told told,
      boolean released) {
    SupposedRequest supposed;
    try {
      question.check(mostLine, mostFields);
      supposed = question.supposed(asker.request(), site + '.' + domain);
    } catch (InvalidException e) {
      told.invalid(e);
      return;
    }
    ViewerRequest request = supposed.request();
    EdgeError refused = supposed.refused();
    if (refused == EdgeError.INVALID_HOST || !site.equals(sites.owner(request.host()))) {
      told.invalid(new InvalidException("url", "is at no host of this site"));
      return;
    }
    String deployment = question.deployment();
    if (deployment != null && SiteHost.parse(request.host(), domain) instanceof SiteHost.Preview) {
      told.invalid(new InvalidException("url", "is a preview's, which no activation changes"));
      return;
    }
    RecordingExchange exchange =
        new RecordingExchange(
            asker, request, why -> ErrorReplies.guarded(asker, () -> told.explained(request, why)));
    if (refused != null) {
      stages.refuse(exchange, refused);
    } else if (deployment == null) {
      SiteResolution now = sites.resolve(request.host());
      go(exchange, released ? now : now.withoutRelease(), stages);
    } else {
      suppose(exchange, sites.supposing(site, deployment), stages, told);
    }
  }

  /** With a deployment that may turn out not to be there. */
  private static void suppose(
      RecordingExchange exchange, SiteResolution resolution, Stages stages, Told told) {
    if (resolution instanceof SiteResolution.Loading loading) {
      loading
          .outcome()
          .whenCompleteAsync(
              (loaded, failure) ->
                  ErrorReplies.guarded(
                      exchange,
                      () -> {
                        if (loaded == null || loaded instanceof SiteResolution.Loading) {
                          throw new IllegalStateException("files were not loaded", failure);
                        }
                        suppose(exchange, loaded, stages, told);
                      }),
              exchange.loop());
    } else if (resolution instanceof SiteResolution.Unknown) {
      told.invalid(new InvalidException("deployment", "is no sealed deployment of this site"));
    } else {
      go(exchange, resolution, stages);
    }
  }

  private static void go(RecordingExchange exchange, SiteResolution resolution, Stages stages) {
    ErrorReplies.guarded(exchange, () -> stages.resolved(exchange, resolution));
  }
}
