package dev.portico.gateway.site;

import dev.portico.gateway.routing.SiteHost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a host name comes to at one moment. A request asks once and keeps its answer. */
public sealed interface SiteResolution {
  /** The same for a viewer who has no share in a gradual release, nor draws for one. */
  default SiteResolution withoutRelease() {
    return this;
  }

  /**
   * A site that is there: paths whose behaviour names an HTTP origin can be answered, whatever is
   * known of the deployment's files.
   */
  sealed interface Routable extends SiteResolution {
    /** Name of the site. */
    String site();

    /** The site's settings; the same object for the whole request, whatever changes meanwhile. */
    SiteSettings settings();

    /** Whether it was asked for by a preview's host name: not for search engines. */
    boolean preview();

    /**
     * Settings whose access policies hold besides: the live ones for a preview, and for the site's
     * own hosts those whose deployment has not arrived yet; null for none.
     */
    default @Nullable SiteSettings besides() {
      return null;
    }
  }

  /**
   * These files are served.
   *
   * @param site name of the site
   * @param files the deployment; the same object for the whole request, whatever is activated
   *     meanwhile
   * @param live the files of the live deployment where these are another's, that of a release: what
   *     the site's other viewers have; null otherwise
   * @param release what a share of the viewers gets in place of these; null: nothing
   * @param earlier other deployments whose assets are found too: those that were live before, and
   *     that which other viewers have; latest first
   * @param settings the site's settings, or the preview's own
   * @param preview whether it was asked for by a preview's host name: not for search engines
   * @param besides settings whose access policies hold besides: the live ones for a preview, and
   *     for the site's own hosts those whose deployment has not arrived yet; null for none
   */
  record Serving(
      String site,
      DeploymentFiles files,
      @Nullable DeploymentFiles live,
      @Nullable GradualRelease release,
      List<EarlierDeployment> earlier,
      SiteSettings settings,
      boolean preview,
      @Nullable SiteSettings besides)
      implements Routable {
    /** Keeps an unmodifiable copy. */
    public Serving {
      earlier = List.copyOf(earlier);
    }

    /** What the viewers of a site get who have no share in a gradual release. */
    static Serving live(SiteSnapshot snapshot, DeploymentFiles files) {
      GradualRelease release = snapshot.release();
      List<EarlierDeployment> earlier = snapshot.earlier();
      return new Serving(
          snapshot.site(),
          files,
          null,
          release,
          release == null ? earlier : EarlierDeployment.with(release.deployment(), earlier),
          snapshot.settings(),
          false,
          null);
    }

    /** What the viewers get who have a share in the release: these files of its deployment. */
    Serving released(DeploymentFiles others) {
      return new Serving(site, others, files, null, earlier, settings, false, besides);
    }

    /** A preview, if it were live: what was live until then would be the latest earlier one. */
    Serving ifLive(SiteSnapshot snapshot) {
      String before = snapshot.deployment();
      List<EarlierDeployment> others =
          before == null || before.equals(files.deployment())
              ? snapshot.earlier()
              : EarlierDeployment.with(before, snapshot.earlier());
      return new Serving(site, files, null, null, others, settings, false, null);
    }

    @Override
    public Serving withoutRelease() {
      return new Serving(site, files, live, null, earlier, settings, preview, besides);
    }

    /** The same with the access policies of other settings besides. */
    Serving besides(SiteSettings others) {
      return new Serving(site, files, live, release, earlier, settings, preview, others);
    }

    /** The same with other settings. */
    Serving settings(SiteSettings others) {
      return new Serving(site, files, live, release, earlier, others, preview, besides);
    }

    /** Whether a viewer with a share in a release has the live files, for want of the others. */
    public boolean fallenBack() {
      return live != null && live.deployment().equals(files.deployment());
    }

    /** The alias by whose host name it was asked for; null when that was another. */
    public @Nullable String alias(String host) {
      String label = preview ? SiteHost.label(host) : null;
      return label == null || label.equals(files.deployment()) ? null : label;
    }

    /** Whether files with a hash in their name may be cached for a year. */
    public boolean immutableAssets() {
      return settings.immutableAssets();
    }
  }

  /**
   * The deployment exists as far as is known, but its files must be fetched first. That of a
   * preview may prove not to exist, and to have settings of its own.
   *
   * @param site name of the site
   * @param settings the site's settings
   * @param preview whether it was asked for by a preview's host name: then nothing can be decided
   *     before the outcome
   * @param outcome completed with anything but another {@code Loading}; never exceptionally
   */
  record Loading(
      String site,
      SiteSettings settings,
      boolean preview,
      CompletableFuture<SiteResolution> outcome)
      implements Routable {
    @Override
    public Loading withoutRelease() {
      return new Loading(
          site, settings, preview, outcome.thenApply(SiteResolution::withoutRelease));
    }
  }

  /**
   * There are no files, but HTTP origins.
   *
   * @param site name of the site
   * @param settings the site's settings
   * @param preview whether it was asked for by a preview's host name
   * @param otherwise what paths come to that no HTTP origin answers: {@code Empty} or {@code
   *     Unavailable}
   */
  record OriginsOnly(String site, SiteSettings settings, boolean preview, SiteResolution otherwise)
      implements Routable {}

  /**
   * The site exists and nothing has been activated yet (404).
   *
   * @param site name of the site
   */
  record Empty(String site) implements SiteResolution {}

  /**
   * The site was deleted (410).
   *
   * @param site name of the site
   */
  record SiteGone(String site) implements SiteResolution {}

  /**
   * The deployment was deleted (410).
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
