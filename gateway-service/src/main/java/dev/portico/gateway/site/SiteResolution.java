package dev.portico.gateway.site;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a host name comes to at one moment. A request asks once and keeps its answer. */
public sealed interface SiteResolution {
  /**
   * These files are served.
   *
   * @param site name of the site
   * @param files the deployment; the same object for the whole request, whatever is activated
   *     meanwhile
   * @param immutableAssets whether files with a hash in their name may be cached for a year
   * @param preview whether it was asked for by a preview's host name: not for search engines
   */
  record Serving(String site, DeploymentFiles files, boolean immutableAssets, boolean preview)
      implements SiteResolution {}

  /**
   * The deployment exists as far as is known, but its files must be fetched first.
   *
   * @param outcome completed with anything but another {@code Loading}; never exceptionally
   */
  record Loading(CompletableFuture<SiteResolution> outcome) implements SiteResolution {}

  /**
   * The site exists and nothing has been activated yet (404).
   *
   * @param site name of the site
   */
  record Empty(String site) implements SiteResolution {}

  /**
   * The site or the deployment was deleted (410).
   *
   * @param site name of the site
   */
  record Gone(String site) implements SiteResolution {}

  /** There is no site, deployment or alias of this name (404). */
  record Unknown() implements SiteResolution {}

  /**
   * Not known at the moment (503): the sites have not been read yet, or content-service is down.
   *
   * @param retryAfter when to try again
   */
  record Unavailable(Duration retryAfter) implements SiteResolution {}
}
