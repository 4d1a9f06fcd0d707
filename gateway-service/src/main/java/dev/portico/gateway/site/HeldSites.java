package dev.portico.gateway.site;

import dev.portico.gateway.site.SiteResolution.Serving;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway holds of all sites, and how that changes. A look needs no lock; changes are made
 * one at a time, each by replacing what is held of a site, or of many.
 */
@Singleton
class HeldSites {
  private static final long ANY_VERSION = -1;

  private final Map<String, HeldSite> sites = new ConcurrentHashMap<>();
  private final HostOwners hosts = new HostOwners();
  // The same for origins, which several sites may name.
  private final HostOwners apiOrigins = new HostOwners();
  private final UnreadSites unread = new UnreadSites();
  private final ManifestLoader manifests;
  private final Previews previews;
  private final SharedPolicies policies;
  private final long liveLimit;
  private volatile boolean complete;
  private long liveBytes;
  private long reading;

  HeldSites(
      ManifestSettings settings,
      ManifestLoader manifests,
      Previews previews,
      SharedPolicies policies) {
    this.liveLimit = settings.liveBytes();
    this.manifests = manifests;
    this.previews = previews;
    this.policies = policies;
  }

  /** What is held of a site; null when nothing is. */
  @Nullable HeldSite find(String site) {
    return sites.get(site);
  }

  /** The name of the site that has a host of its own; null when none has. */
  @Nullable String ownerOfHost(String host) {
    return hosts.owner(host);
  }

  /** Whether any site names an origin, as browsers write it, for calls of the API. */
  boolean hasApiOrigin(String origin) {
    return apiOrigins.owner(origin) != null;
  }

  /** Whether a site is there and could not be read. */
  boolean isUnread(String site) {
    return unread.has(site);
  }

  /** Whether a host is known to be of a site that could not be read. */
  boolean isUnreadHost(String host) {
    return unread.hasHost(host);
  }

  /** Whether all sites have been read at least once since the start. */
  boolean complete() {
    return complete;
  }

  /** How many sites are known, those among them that are deleted and restorable included. */
  int size() {
    return sites.size();
  }

  /** Sites whose gradual release is to be counted → the name under which it is. */
  Map<String, String> counted() {
    Map<String, String> counted = new HashMap<>();
    for (HeldSite known : sites.values()) {
      GradualRelease release = known.snapshot().active() ? known.snapshot().release() : null;
      if (release != null && release.counted() != null) {
        counted.put(known.snapshot().site(), release.counted());
      }
    }
    return counted;
  }

  /**
   * Whether the site is served from files held for it and the snapshot names other ones: then those
   * must be read before the snapshot may be installed. Until then it may {@link #restrict}.
   */
  synchronized boolean needsFiles(SiteSnapshot snapshot) {
    HeldSite known = sites.get(snapshot.site());
    if (known == null || known.live() == null || !snapshot.active()) {
      return false;
    }
    String deployment = snapshot.deployment();
    return deployment != null
        && known.givesWayTo(snapshot)
        && !known.live().files().deployment().equals(deployment);
  }

  /**
   * Makes a snapshot that {@link #needsFiles} current in all but what the site's own hosts serve.
   * These go on with the files and settings that they have, but who may have what is from now on
   * what both say: the new deployment may take long to arrive, and what is to be closed must not
   * stay open so long. Where it restricts access, needs no files, and names shared policies that
   * are not held, nobody may have anything of the site until these are.
   *
   * @param asked the {@link #reading()} in which it was asked for
   */
  synchronized void restrict(SiteSnapshot snapshot, long asked) {
    HeldSite before = sites.get(snapshot.site());
    if (asked != reading || before == null || !before.givesWayTo(snapshot)) {
      return;
    }
    if (needsFiles(snapshot)) {
      Serving live = Objects.requireNonNull(before.live()).besides(snapshot.settings());
      SiteSnapshot known = snapshot.with(renewed(snapshot.settings()));
      replace(snapshot.site(), before, new HeldSite(known, live));
    } else if (snapshot.settings().restrictsAccess()
        && policies.resolve(snapshot.settings()) == null) {
      // With the version of before: the snapshot is yet to be installed.
      Serving live = before.live();
      HeldSite closed =
          new HeldSite(
              before.snapshot().with(SiteSettings.CLOSED),
              live == null ? null : live.settings(SiteSettings.CLOSED),
              before.version());
      replace(snapshot.site(), before, closed);
    }
  }

  /**
   * Begins another reading of all sites. What is held stays in use, but gives way to whatever is
   * read from now on, of an earlier version too: the table may have been restored to an earlier
   * time.
   */
  synchronized void readAnew() {
    reading++;
    sites.replaceAll((name, known) -> new HeldSite(known.snapshot(), known.live(), ANY_VERSION));
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
   * @throws IllegalStateException when its settings name shared policies that are not held: see
   *     {@link SharedPolicies#require}
   */
  synchronized void install(SiteSnapshot given, long asked, @Nullable DeploymentFiles files) {
    String name = given.site();
    HeldSite before = sites.get(name);
    if (asked != reading || (before != null && !before.givesWayTo(given))) {
      return;
    }
    SiteSettings settings = policies.resolve(given.settings());
    if (settings == null) {
      throw new IllegalStateException(
          "settings of "
              + name
              + " name policies that are not held: "
              + given.settings().lacking());
    }
    SiteSnapshot snapshot = given.with(settings);
    DeploymentFiles held = files;
    if (held == null && before != null && before.live() != null) {
      held = before.live().files();
    }
    unread.remove(name);
    replace(name, before, new HeldSite(snapshot, serving(snapshot, held)));
    fetchReleased(snapshot);
  }

  /** Has all settings hold with the shared policies as they are now. */
  synchronized void policiesChanged() {
    for (Map.Entry<String, HeldSite> entry : sites.entrySet()) {
      HeldSite known = entry.getValue();
      SiteSnapshot snapshot = known.snapshot();
      SiteSettings settings = renewed(snapshot.settings());
      Serving live = known.live();
      if (live != null && known.awaitsFiles()) {
        SiteSettings shown = renewed(live.settings());
        entry.setValue(
            new HeldSite(snapshot.with(settings), live.settings(shown), known.version()));
      } else if (!settings.equals(snapshot.settings())) {
        SiteSnapshot changed = snapshot.with(settings);
        entry.setValue(
            new HeldSite(
                changed, live == null ? null : serving(changed, live.files()), known.version()));
      }
    }
  }

  /** Settings with the shared policies as they are now; as they were, where one is not held. */
  private SiteSettings renewed(SiteSettings before) {
    SiteSettings settings = policies.resolve(before);
    return settings == null || settings.sharedPolicies().equals(before.sharedPolicies())
        ? before
        : settings;
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
    return Serving.live(snapshot, files);
  }

  private void replace(String name, @Nullable HeldSite before, @Nullable HeldSite after) {
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
    apiOrigins.changed(name, apiOrigins(before), apiOrigins(after));
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
  private void keepEarlier(@Nullable HeldSite before, @Nullable HeldSite after) {
    if (before == null || before.live() == null || after == null) {
      return;
    }
    DeploymentFiles files = before.live().files();
    if (after.snapshot().earlier().stream()
        .anyMatch(each -> each.deployment().equals(files.deployment()))) {
      manifests.hold(new DeploymentKey(after.snapshot().site(), files.deployment()), files);
    }
  }

  private static Set<String> hosts(@Nullable HeldSite known) {
    return known == null ? Set.of() : new HashSet<>(known.snapshot().hosts());
  }

  private static Set<String> apiOrigins(@Nullable HeldSite known) {
    return known == null || !known.snapshot().active()
        ? Set.of()
        : known.snapshot().settings().access().api().origins();
  }

  private static long bytes(@Nullable HeldSite known) {
    return known == null || known.live() == null ? 0 : known.live().files().footprint();
  }

  /**
   * Gives a site the files of its live deployment, so that it is served without asking from now on.
   * Does nothing when it has them, when they are another deployment's or there is no room.
   */
  synchronized void fill(String site, DeploymentFiles files) {
    HeldSite known = sites.get(site);
    if (known == null || known.live() != null || !roomFor(files.footprint())) {
      return;
    }
    Serving live = serving(known.snapshot(), files);
    if (live != null) {
      replace(site, known, new HeldSite(known.snapshot(), live, known.version()));
    }
  }

  private boolean roomFor(long bytes) {
    return liveBytes + bytes <= liveLimit;
  }

  /**
   * The deployment whose files should be fetched ahead for a site, or null when none is missing.
   */
  synchronized @Nullable DeploymentKey missingFiles(String site) {
    HeldSite known = sites.get(site);
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
    HeldSite before = sites.get(site);
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
