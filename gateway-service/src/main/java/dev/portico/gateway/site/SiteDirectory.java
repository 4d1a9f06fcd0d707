package dev.portico.gateway.site;

import dev.portico.gateway.routing.SiteHost;
import dev.portico.gateway.site.SiteResolution.Serving;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does a host name come to? A look-up is one or two reads of a hash map, whatever the
 * number of sites, and needs no lock; everything a request needs of a site hangs on one immutable
 * object, which an activation replaces, so that no request can see parts of two.
 */
@Singleton
public final class SiteDirectory {
  private static final SiteResolution UNKNOWN = Previews.UNKNOWN;
  private static final SiteResolution UNAVAILABLE = Previews.UNAVAILABLE;

  private final HeldSites sites;
  private final ManifestLoader manifests;
  private final Previews previews;
  private final String domain;
  private final Duration demandWait;

  SiteDirectory(
      SiteDomain siteDomain,
      ManifestSettings manifestSettings,
      HeldSites sites,
      ManifestLoader manifests,
      Previews previews) {
    this.domain = siteDomain.sites();
    this.demandWait = manifestSettings.demandWait();
    this.sites = sites;
    this.manifests = manifests;
    this.previews = previews;
  }

  /**
   * What a host name comes to now.
   *
   * @param host lower case, without port and final dot
   */
  public SiteResolution resolve(String host) {
    return switch (SiteHost.parse(host, domain)) {
      case SiteHost.Live live -> live(sites.find(live.site()), sites.isUnread(live.site()));
      case SiteHost.Preview preview -> preview(preview.site(), preview.label(), previews::resolve);
      case SiteHost.Custom custom -> {
        String site = sites.ownerOfHost(custom.host());
        yield live(site == null ? null : sites.find(site), sites.isUnreadHost(custom.host()));
      }
    };
  }

  /** What a host comes to whose site is not here. */
  private SiteResolution absent(boolean isUnread) {
    return complete() && !isUnread ? UNKNOWN : UNAVAILABLE;
  }

  /** Whether all sites have been read at least once since the start. */
  public boolean complete() {
    return sites.complete();
  }

  private SiteResolution live(@Nullable HeldSite site, boolean isUnread) {
    if (site == null) {
      return absent(isUnread);
    }
    if (site.live() != null) {
      return site.live();
    }
    SiteSnapshot snapshot = site.snapshot();
    if (!snapshot.active()) {
      return new SiteResolution.SiteGone(snapshot.site());
    }
    String deployment = snapshot.deployment();
    return deployment == null
        ? withoutFiles(snapshot, new SiteResolution.Empty(snapshot.site()))
        : onDemand(snapshot, deployment);
  }

  /** How a preview is looked at. */
  private interface View {
    SiteResolution of(SiteSnapshot site, String label, @Nullable DeploymentFiles live);
  }

  private SiteResolution preview(String name, String label, View view) {
    HeldSite site = sites.find(name);
    if (site == null) {
      return absent(sites.isUnread(name));
    }
    SiteSnapshot snapshot = site.snapshot();
    if (!snapshot.active()) {
      return new SiteResolution.SiteGone(snapshot.site());
    }
    Serving live = site.live();
    return view.of(snapshot, label, live == null ? null : live.files());
  }

  private SiteResolution onDemand(SiteSnapshot snapshot, String deployment) {
    DeploymentKey key = new DeploymentKey(snapshot.site(), deployment);
    ManifestAnswer held = manifests.held(key);
    if (held != null) {
      return resolution(held, snapshot);
    }
    return new SiteResolution.Loading(
        snapshot.site(),
        snapshot.settings(),
        false,
        manifests
            .load(key)
            .thenApply(answer -> keep(answer, snapshot))
            .completeOnTimeout(
                withoutFiles(snapshot, UNAVAILABLE), demandWait.toMillis(), TimeUnit.MILLISECONDS));
  }

  private SiteResolution keep(ManifestAnswer answer, SiteSnapshot snapshot) {
    if (answer instanceof ManifestAnswer.Files found) {
      sites.fill(snapshot.site(), found.files());
    }
    return resolution(answer, snapshot);
  }

  private static SiteResolution resolution(ManifestAnswer answer, SiteSnapshot snapshot) {
    return switch (answer) {
      case ManifestAnswer.Files found -> Serving.live(snapshot, found.files());
      case ManifestAnswer.Gone gone -> new SiteResolution.Gone(snapshot.site());
      case ManifestAnswer.Unknown unknown -> UNKNOWN;
      case ManifestAnswer.Failed failed -> withoutFiles(snapshot, UNAVAILABLE);
    };
  }

  /** HTTP origins can answer their paths, whatever is the matter with the files. */
  private static SiteResolution withoutFiles(SiteSnapshot snapshot, SiteResolution otherwise) {
    SiteSettings settings = snapshot.settings();
    return settings.hasOrigins()
        ? new SiteResolution.OriginsOnly(snapshot.site(), settings, false, otherwise)
        : otherwise;
  }

  /**
   * What the viewers of a site get who have a share in its gradual release: its deployment, or the
   * live one when it cannot be had.
   *
   * @param live what the others get, with a release
   */
  public SiteResolution released(Serving live) {
    GradualRelease release = live.release();
    if (release == null) {
      return live;
    }
    DeploymentKey key = new DeploymentKey(live.site(), release.deployment());
    ManifestAnswer held = manifests.held(key);
    if (held != null) {
      return released(live, held);
    }
    return new SiteResolution.Loading(
        live.site(),
        live.settings(),
        false,
        manifests
            .load(key)
            .thenApply(answer -> released(live, answer))
            .completeOnTimeout(
                released(live, ManifestAnswer.FAILED),
                demandWait.toMillis(),
                TimeUnit.MILLISECONDS));
  }

  private static SiteResolution released(Serving live, ManifestAnswer answer) {
    return live.released(
        answer instanceof ManifestAnswer.Files found ? found.files() : live.files());
  }

  /**
   * What a site's hosts would come to if one of its deployments were the live one.
   *
   * @param label the deployment's id, or an alias
   */
  public SiteResolution supposing(String site, String label) {
    HeldSite known = sites.find(site);
    SiteResolution preview = preview(site, label, previews::supposing);
    return switch (preview) {
      case Serving serving -> serving.ifLive(Objects.requireNonNull(known).snapshot());
      case SiteResolution.Loading loading ->
          new SiteResolution.Loading(
              site,
              loading.settings(),
              false,
              loading
                  .outcome()
                  .thenApply(
                      outcome ->
                          outcome instanceof Serving serving
                              ? serving.ifLive(Objects.requireNonNull(known).snapshot())
                              : outcome));
      default -> preview;
    };
  }

  /**
   * Whether any site says that pages of an origin may call Portico's API at its own host.
   *
   * @param origin as browsers write it
   */
  public boolean apiOrigin(String origin) {
    return sites.hasApiOrigin(origin);
  }

  /** The name of the site that a host belongs to; null when there is none. */
  public @Nullable String owner(String host) {
    String site =
        switch (SiteHost.parse(host, domain)) {
          case SiteHost.Live live -> live.site();
          case SiteHost.Preview preview -> preview.site();
          case SiteHost.Custom custom -> sites.ownerOfHost(custom.host());
        };
    return site == null || sites.find(site) == null ? null : site;
  }
}
