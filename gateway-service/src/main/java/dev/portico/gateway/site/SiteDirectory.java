package dev.portico.gateway.site;

import dev.portico.gateway.routing.SiteHost;
import dev.portico.gateway.site.SiteResolution.Serving;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All sites the gateway knows. A look-up is one or two reads of a hash map, whatever their number,
 * and needs no lock; everything a request needs of a site hangs on one immutable object, which an
 * activation replaces, so that no request can see parts of two.
 */
@Singleton
public class SiteDirectory {
  private static final SiteResolution UNKNOWN = Previews.UNKNOWN;
  private static final SiteResolution UNAVAILABLE = Previews.UNAVAILABLE;

  private static final long ANY_VERSION = -1;

  private final Map<String, Known> sites = new ConcurrentHashMap<>();
  private final HostOwners hosts = new HostOwners();
  private final UnreadSites unread = new UnreadSites();
  private final ManifestLoader manifests;
  private final Previews previews;
  private final String domain;
  private final long liveLimit;
  private volatile boolean complete;
  private final Duration demandWait;
  private long liveBytes;
  private long reading;

  /**
   * A site and, unless they must be fetched on demand, the files it serves.
   *
   * @param version what a snapshot must exceed to take its place
   */
  private record Known(SiteSnapshot snapshot, @Nullable Serving live, long version) {
    Known(SiteSnapshot snapshot, @Nullable Serving live) {
      this(snapshot, live, snapshot.version());
    }
  }

  @Inject
  SiteDirectory(
      SiteDomain siteDomain,
      ManifestSettings manifestSettings,
      ManifestLoader manifests,
      Previews previews) {
    this.domain = siteDomain.sites();
    this.liveLimit = manifestSettings.liveBytes();
    this.demandWait = manifestSettings.demandWait();
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
      case SiteHost.Live live -> live(sites.get(live.site()), unread.has(live.site()));
      case SiteHost.Preview preview -> preview(preview.site(), preview.label(), previews::resolve);
      case SiteHost.Custom custom -> {
        String site = hosts.owner(custom.host());
        yield live(site == null ? null : sites.get(site), unread.hasHost(custom.host()));
      }
    };
  }

  /** What a host comes to whose site is not here. */
  private SiteResolution absent(boolean isUnread) {
    return complete && !isUnread ? UNKNOWN : UNAVAILABLE;
  }

  /** Whether all sites have been read at least once since the start. */
  public boolean complete() {
    return complete;
  }

  /** How many sites are known, those among them that are deleted and restorable included. */
  int size() {
    return sites.size();
  }

  /** Sites whose gradual release is to be counted → the name under which it is. */
  Map<String, String> counted() {
    Map<String, String> counted = new HashMap<>();
    for (Known known : sites.values()) {
      GradualRelease release = known.snapshot().active() ? known.snapshot().release() : null;
      if (release != null && release.counted() != null) {
        counted.put(known.snapshot().site(), release.counted());
      }
    }
    return counted;
  }

  private SiteResolution live(@Nullable Known site, boolean isUnread) {
    if (site == null) {
      return absent(isUnread);
    }
    if (site.live() != null) {
      return site.live();
    }
    SiteSnapshot snapshot = site.snapshot();
    if (!snapshot.active()) {
      return new SiteResolution.Gone(snapshot.site());
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
    Known site = sites.get(name);
    if (site == null) {
      return absent(unread.has(name));
    }
    SiteSnapshot snapshot = site.snapshot();
    if (!snapshot.active()) {
      return new SiteResolution.Gone(snapshot.site());
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
      fill(snapshot.site(), found.files());
    }
    return resolution(answer, snapshot);
  }

  private static SiteResolution resolution(ManifestAnswer answer, SiteSnapshot snapshot) {
    return switch (answer) {
      case ManifestAnswer.Files found -> live(snapshot, found.files());
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
   * Whether the site is served from files held for it and the snapshot names other ones: then those
   * must be read before the snapshot may be installed.
   */
  synchronized boolean needsFiles(SiteSnapshot snapshot) {
    Known known = sites.get(snapshot.site());
    if (known == null || known.live() == null || !snapshot.active()) {
      return false;
    }
    String deployment = snapshot.deployment();
    return deployment != null
        && known.version() < snapshot.version()
        && !known.live().files().deployment().equals(deployment);
  }

  /**
   * Begins another reading of all sites. What is held stays in use, but gives way to whatever is
   * read from now on, of an earlier version too: the table may have been restored to an earlier
   * time.
   */
  synchronized void readAnew() {
    reading++;
    sites.replaceAll((name, known) -> new Known(known.snapshot(), known.live(), ANY_VERSION));
    previews.readAnew();
  }

  /** The number of the present reading, to be asked for before a snapshot is. */
  synchronized long reading() {
    return reading;
  }

  /**
   * Makes a snapshot current unless a later one is, or it was asked for before the present reading
   * began.
   *
   * @param asked the {@link #reading()} in which it was asked for
   * @param files the files of its deployment; null to keep those held if they are the same
   *     deployment's, else to fetch them on demand
   */
  synchronized void install(SiteSnapshot snapshot, long asked, @Nullable DeploymentFiles files) {
    String name = snapshot.site();
    Known before = sites.get(name);
    if (asked != reading || (before != null && before.version() >= snapshot.version())) {
      return;
    }
    DeploymentFiles held = files;
    if (held == null && before != null && before.live() != null) {
      held = before.live().files();
    }
    unread.remove(name);
    replace(name, before, new Known(snapshot, serving(snapshot, held)));
    fetchReleased(snapshot);
  }

  /**
   * Notes that a site is there and cannot be read. What is held of it stays in use; where nothing
   * is, its hosts have an answer later.
   *
   * @param siteHosts its own host names, as far as they are known
   * @param asked the {@link #reading()} in which it was asked for
   */
  synchronized void unread(String site, Set<String> siteHosts, long asked) {
    if (asked == reading && !sites.containsKey(site)) {
      unread.add(site, siteHosts);
    }
  }

  private static @Nullable Serving serving(SiteSnapshot snapshot, @Nullable DeploymentFiles files) {
    if (files == null || !snapshot.active() || !files.deployment().equals(snapshot.deployment())) {
      return null;
    }
    return live(snapshot, files);
  }

  /** What the viewers of a site get who have no share in a gradual release. */
  private static Serving live(SiteSnapshot snapshot, DeploymentFiles files) {
    GradualRelease release = snapshot.release();
    List<EarlierDeployment> earlier = snapshot.earlier();
    return new Serving(
        snapshot.site(),
        files,
        null,
        release,
        release == null ? earlier : with(release.deployment(), earlier),
        snapshot.settings(),
        false,
        null);
  }

  /** Somebody's page may be of this deployment, as long as viewers have it. */
  private static List<EarlierDeployment> with(String deployment, List<EarlierDeployment> earlier) {
    List<EarlierDeployment> all = new ArrayList<>();
    all.add(new EarlierDeployment(deployment, Instant.MAX));
    all.addAll(earlier);
    return all;
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
    DeploymentFiles files =
        answer instanceof ManifestAnswer.Files found ? found.files() : live.files();
    return new Serving(
        live.site(), files, live.files(), null, live.earlier(), live.settings(), false, null);
  }

  /**
   * What a site's hosts would come to if one of its deployments were the live one.
   *
   * @param label the deployment's id, or an alias
   */
  public SiteResolution supposing(String site, String label) {
    Known known = sites.get(site);
    SiteResolution preview = preview(site, label, previews::supposing);
    return switch (preview) {
      case Serving serving -> live(Objects.requireNonNull(known).snapshot(), serving);
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
                              ? live(Objects.requireNonNull(known).snapshot(), serving)
                              : outcome));
      default -> preview;
    };
  }

  /** The same for a viewer who has no share in a gradual release, nor draws for one. */
  public static SiteResolution withoutRelease(SiteResolution resolution) {
    return switch (resolution) {
      case Serving serving ->
          new Serving(
              serving.site(),
              serving.files(),
              serving.live(),
              null,
              serving.earlier(),
              serving.settings(),
              serving.preview(),
              null);
      case SiteResolution.Loading loading ->
          new SiteResolution.Loading(
              loading.site(),
              loading.settings(),
              loading.preview(),
              loading.outcome().thenApply(SiteDirectory::withoutRelease));
      default -> resolution;
    };
  }

  /** A preview, if it were live: what was live until then would be the latest earlier one. */
  private static Serving live(SiteSnapshot snapshot, Serving preview) {
    String before = snapshot.deployment();
    List<EarlierDeployment> earlier =
        before == null || before.equals(preview.files().deployment())
            ? snapshot.earlier()
            : with(before, snapshot.earlier());
    return new Serving(
        preview.site(), preview.files(), null, null, earlier, preview.settings(), false, null);
  }

  /** The name of the site that a host belongs to; null when there is none. */
  public @Nullable String owner(String host) {
    String site =
        switch (SiteHost.parse(host, domain)) {
          case SiteHost.Live live -> live.site();
          case SiteHost.Preview preview -> preview.site();
          case SiteHost.Custom custom -> hosts.owner(custom.host());
        };
    return site != null && sites.containsKey(site) ? site : null;
  }

  private void replace(String name, @Nullable Known before, @Nullable Known after) {
    liveBytes += bytes(after) - bytes(before);
    if (after == null) {
      sites.remove(name);
    } else {
      sites.put(name, after);
      if (after.live() != null) {
        manifests.forget(new DeploymentKey(name, after.live().files().deployment()));
      }
    }
    hosts.changed(name, hosts(before), hosts(after));
    keepEarlier(before, after);
  }

  /** Viewers get it at once: none of them should wait for it. */
  private void fetchReleased(SiteSnapshot snapshot) {
    GradualRelease release = snapshot.release();
    if (release != null && snapshot.active()) {
      DeploymentKey key = new DeploymentKey(snapshot.site(), release.deployment());
      if (manifests.held(key) == null) {
        manifests.loadPreview(key);
      }
    }
  }

  /** Pages of the deployment that was live are open in browsers: its files are wanted still. */
  private void keepEarlier(@Nullable Known before, @Nullable Known after) {
    if (before == null || before.live() == null || after == null) {
      return;
    }
    DeploymentFiles files = before.live().files();
    if (after.snapshot().earlier().stream()
        .anyMatch(each -> each.deployment().equals(files.deployment()))) {
      manifests.hold(new DeploymentKey(after.snapshot().site(), files.deployment()), files);
    }
  }

  private static Set<String> hosts(@Nullable Known known) {
    return known == null ? Set.of() : new HashSet<>(known.snapshot().hosts());
  }

  private static long bytes(@Nullable Known known) {
    return known == null || known.live() == null ? 0 : known.live().files().footprint();
  }

  /**
   * Gives a site the files of its live deployment, so that it is served without asking from now on.
   * Does nothing when it has them, when they are another deployment's or there is no room.
   */
  synchronized void fill(String site, DeploymentFiles files) {
    Known known = sites.get(site);
    if (known == null || known.live() != null || !roomFor(files.footprint())) {
      return;
    }
    Serving live = serving(known.snapshot(), files);
    if (live != null) {
      replace(site, known, new Known(known.snapshot(), live, known.version()));
    }
  }

  private boolean roomFor(long bytes) {
    return liveBytes + bytes <= liveLimit;
  }

  /**
   * The deployment whose files should be fetched ahead for a site, or null when none is missing.
   */
  synchronized @Nullable DeploymentKey missingFiles(String site) {
    Known known = sites.get(site);
    if (known == null || known.live() != null || !known.snapshot().active() || !roomFor(1)) {
      return null;
    }
    String deployment = known.snapshot().deployment();
    return deployment == null ? null : new DeploymentKey(site, deployment);
  }

  /**
   * Forgets a site that content-service does not know.
   *
   * @param asked the {@link #reading()} in which it was asked for
   */
  synchronized void remove(String site, long asked) {
    if (asked != reading) {
      return;
    }
    unread.remove(site);
    Known before = sites.get(site);
    if (before != null) {
      replace(site, before, null);
    }
  }

  /** Forgets all sites but these; from now on a site that is not here does not exist. */
  synchronized void completeWith(Set<String> names) {
    for (String site : Set.copyOf(sites.keySet())) {
      if (!names.contains(site)) {
        remove(site, reading);
      }
    }
    unread.retain(names);
    complete = true;
  }
}
