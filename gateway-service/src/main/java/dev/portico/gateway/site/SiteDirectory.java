package dev.portico.gateway.site;

import dev.portico.gateway.routing.SiteHost;
import dev.portico.gateway.site.SiteResolution.Serving;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All sites the gateway knows. A look-up is one or two reads of a hash map, whatever their number,
 * and needs no lock; everything a request needs of a site hangs on one immutable object, which an
 * activation replaces, so that no request can see parts of two.
 */
@Singleton
public class SiteDirectory {
  private static final SiteResolution UNKNOWN = new SiteResolution.Unknown();
  private static final SiteResolution UNAVAILABLE =
      new SiteResolution.Unavailable(Duration.ofSeconds(2));
  private static final Pattern DEPLOYMENT_ID = Pattern.compile("[a-z2-7]{20}");

  private static final long ANY_VERSION = -1;

  private final Map<String, Known> sites = new ConcurrentHashMap<>();
  private final HostOwners hosts = new HostOwners();
  private final ManifestLoader manifests;
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
      SiteDomain siteDomain, ManifestSettings manifestSettings, ManifestLoader manifests) {
    this.domain = siteDomain.sites();
    this.liveLimit = manifestSettings.liveBytes();
    this.demandWait = manifestSettings.demandWait();
    this.manifests = manifests;
  }

  /**
   * What a host name comes to now.
   *
   * @param host lower case, without port and final dot
   */
  public SiteResolution resolve(String host) {
    return switch (SiteHost.parse(host, domain)) {
      case SiteHost.Live live -> live(sites.get(live.site()));
      case SiteHost.Preview preview -> preview(preview.label(), sites.get(preview.site()));
      case SiteHost.Custom custom -> {
        String site = hosts.owner(custom.host());
        yield live(site == null ? null : sites.get(site));
      }
    };
  }

  /** Whether all sites have been read at least once since the start. */
  public boolean complete() {
    return complete;
  }

  private SiteResolution live(@Nullable Known site) {
    if (site == null) {
      return complete ? UNKNOWN : UNAVAILABLE;
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
        ? withoutFiles(snapshot, false, new SiteResolution.Empty(snapshot.site()))
        : onDemand(snapshot, deployment, false);
  }

  private SiteResolution preview(String label, @Nullable Known site) {
    if (site == null) {
      return complete ? UNKNOWN : UNAVAILABLE;
    }
    SiteSnapshot snapshot = site.snapshot();
    if (!snapshot.active()) {
      return new SiteResolution.Gone(snapshot.site());
    }
    String aliased = snapshot.aliases().get(label);
    if (aliased == null && !DEPLOYMENT_ID.matcher(label).matches()) {
      return UNKNOWN;
    }
    String deployment = aliased == null ? label : aliased;
    Serving live = site.live();
    if (live != null && live.files().deployment().equals(deployment)) {
      return new Serving(live.site(), live.files(), live.settings(), true);
    }
    return onDemand(snapshot, deployment, true);
  }

  private SiteResolution onDemand(SiteSnapshot snapshot, String deployment, boolean preview) {
    DeploymentKey key = new DeploymentKey(snapshot.site(), deployment);
    ManifestAnswer held = manifests.held(key);
    if (held != null) {
      return resolution(held, snapshot, preview);
    }
    return new SiteResolution.Loading(
        snapshot.site(),
        snapshot.settings(),
        preview,
        (preview ? manifests.loadPreview(key) : manifests.load(key))
            .thenApply(answer -> keep(answer, snapshot, preview))
            .completeOnTimeout(
                withoutFiles(snapshot, preview, UNAVAILABLE),
                demandWait.toMillis(),
                TimeUnit.MILLISECONDS));
  }

  private SiteResolution keep(ManifestAnswer answer, SiteSnapshot snapshot, boolean preview) {
    if (!preview && answer instanceof ManifestAnswer.Files found) {
      fill(snapshot.site(), found.files());
    }
    return resolution(answer, snapshot, preview);
  }

  private static SiteResolution resolution(
      ManifestAnswer answer, SiteSnapshot snapshot, boolean preview) {
    return switch (answer) {
      case ManifestAnswer.Files found ->
          new Serving(snapshot.site(), found.files(), snapshot.settings(), preview);
      case ManifestAnswer.Gone gone -> new SiteResolution.Gone(snapshot.site());
      case ManifestAnswer.Unknown unknown -> UNKNOWN;
      case ManifestAnswer.Failed failed -> withoutFiles(snapshot, preview, UNAVAILABLE);
    };
  }

  /** HTTP origins can answer their paths, whatever is the matter with the files. */
  private static SiteResolution withoutFiles(
      SiteSnapshot snapshot, boolean preview, SiteResolution otherwise) {
    SiteSettings settings = snapshot.settings();
    return settings.hasOrigins()
        ? new SiteResolution.OriginsOnly(snapshot.site(), settings, preview, otherwise)
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
    replace(name, before, new Known(snapshot, serving(snapshot, held)));
  }

  private static @Nullable Serving serving(SiteSnapshot snapshot, @Nullable DeploymentFiles files) {
    if (files == null || !snapshot.active() || !files.deployment().equals(snapshot.deployment())) {
      return null;
    }
    return new Serving(snapshot.site(), files, snapshot.settings(), false);
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
    Known before = sites.get(site);
    if (asked == reading && before != null) {
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
    complete = true;
  }
}
