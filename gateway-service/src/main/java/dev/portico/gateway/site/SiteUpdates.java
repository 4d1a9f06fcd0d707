package dev.portico.gateway.site;

import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.service.Lifetime;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings sites up to date. A site is worked on by one virtual thread at a time and independently of
 * the others, so that one with a huge or broken manifest holds up nobody; its new files are read
 * before its pointer moves, and it keeps its old ones until that has succeeded. What a snapshot
 * says of access waits for no file.
 */
@Singleton
class SiteUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(SiteUpdates.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int PARALLEL_SNAPSHOTS = 16;

  private final ContentInternal content;
  private final ManifestLoader manifests;
  private final HeldSites sites;
  private final SharedPolicies policies;
  private final FeedDelay delay;
  private final UnexpectedFailures unexpected;
  private final int aheadParallelism;
  private final Updates updates;
  private final Semaphore snapshots = new Semaphore(PARALLEL_SNAPSHOTS);
  private final Queue<String> ahead = new ConcurrentLinkedQueue<>();
  private final AtomicInteger aheadWorkers = new AtomicInteger();
  private final Lifetime lifetime = new Lifetime();

  @Inject
  SiteUpdates(
      ContentInternal content,
      ManifestLoader manifests,
      HeldSites sites,
      SharedPolicies policies,
      ManifestSettings settings,
      FeedDelay delay,
      UnexpectedFailures unexpected) {
    this.delay = delay;
    this.unexpected = unexpected;
    this.content = content;
    this.manifests = manifests;
    this.sites = sites;
    this.policies = policies;
    this.aheadParallelism = settings.aheadParallelism();
    this.updates = new Updates(LONGEST_PAUSE, Work.SITE_UPDATE, unexpected);
  }

  /**
   * Reads a site again, soon, and measures how long after its change it is up to date; returns at
   * once.
   *
   * @param committed when the change was committed; null: unknown, and nothing is measured
   */
  void changed(String site, @Nullable Instant committed) {
    if (committed != null) {
      delay.told(site, committed);
    }
    changed(site);
  }

  private void changed(String site) {
    updates.changed("site " + site, again -> bringUpToDate(site, again));
  }

  /** Reads the shared policies again, all of them together, soon; returns at once. */
  void policiesChanged() {
    updates.changed(
        "the shared policies",
        again -> {
          policies.read();
          sites.policiesChanged();
        });
  }

  /** Takes a snapshot that was read with all others. */
  void read(SiteSnapshot snapshot) {
    if (policies.resolve(snapshot.settings()) == null) {
      // Of a policy that is newer than those that were read; its hosts have an answer soon.
      sites.unread(snapshot.site(), Set.copyOf(snapshot.hosts()), sites.reading());
      sites.restrict(snapshot, sites.reading());
      changed(snapshot.site());
    } else if (sites.needsFiles(snapshot)) {
      sites.restrict(snapshot, sites.reading());
      changed(snapshot.site());
    } else {
      sites.install(snapshot, sites.reading(), null);
      fetchAhead(snapshot.site());
    }
  }

  /** Reads a site again until that succeeds, which could not be read with all others. */
  void unread(SnapshotsPage.Faulty site) {
    sites.unread(site.site(), Set.copyOf(site.hosts()), sites.reading());
    changed(site.site());
  }

  private void bringUpToDate(String site, CompletableFuture<?> again) throws IOException {
    long asked = sites.reading();
    delay.begun(site);
    try {
      if (refresh(site, asked, again)) {
        delay.applied(site);
      }
    } catch (Throwable e) {
      sites.unread(site, Set.of(), asked);
      throw e;
    }
  }

  /** False when the site has changed meanwhile, so that it is not up to date. */
  private boolean refresh(String site, long asked, CompletableFuture<?> again) throws IOException {
    SiteSnapshot snapshot = snapshot(site);
    manifests.siteChanged(site);
    if (snapshot != null) {
      // What it closes waits for neither its files nor its policies.
      sites.restrict(snapshot, asked);
      if (policies.require(snapshot.settings())) {
        sites.policiesChanged();
      }
    }
    if (snapshot == null) {
      sites.remove(site, asked);
    } else if (sites.needsFiles(snapshot)) {
      DeploymentFiles files = files(snapshot, again);
      if (files == null) {
        return false;
      }
      sites.install(snapshot, asked, files);
    } else {
      sites.install(snapshot, asked, null);
      fetchAhead(site);
    }
    return true;
  }

  private @Nullable SiteSnapshot snapshot(String site) throws IOException {
    snapshots.acquireUninterruptibly();
    try {
      return content.snapshot(site);
    } finally {
      snapshots.release();
    }
  }

  /**
   * The files of a snapshot's deployment; null when the site has changed while they were awaited,
   * since that may close what is open.
   */
  private @Nullable DeploymentFiles files(SiteSnapshot snapshot, CompletableFuture<?> again)
      throws IOException {
    String deployment = snapshot.deployment();
    if (deployment == null) {
      throw new IllegalStateException("a snapshot without deployment needs no files");
    }
    DeploymentKey key = new DeploymentKey(snapshot.site(), deployment);
    ManifestAnswer answer = manifests.held(key);
    if (!(answer instanceof ManifestAnswer.Files)) {
      CompletableFuture<ManifestAnswer> load = manifests.load(key);
      CompletableFuture.anyOf(load, again).join();
      if (!load.isDone()) {
        return null;
      }
      answer = load.join();
    }
    if (answer instanceof ManifestAnswer.Files found) {
      return found.files();
    }
    throw new IOException("manifest " + deployment + " of the live deployment: " + answer);
  }

  /** Has the files of a site's live deployment fetched before somebody asks for them. */
  private void fetchAhead(String site) {
    if (sites.missingFiles(site) == null) {
      return;
    }
    ahead.add(site);
    if (aheadWorkers.incrementAndGet() <= aheadParallelism) {
      Thread.ofVirtual().name("manifest-ahead").start(this::workAhead);
    } else {
      aheadWorkers.decrementAndGet();
    }
  }

  private void workAhead() {
    Backoff backoff = new Backoff(LONGEST_PAUSE, ThreadLocalRandom.current());
    try {
      for (String site = ahead.poll(); site != null && !lifetime.over(); site = ahead.poll()) {
        if (loadAhead(site)) {
          backoff.reset();
        } else {
          ahead.add(site);
          lifetime.pause(backoff.next());
        }
      }
    } finally {
      aheadWorkers.decrementAndGet();
    }
    // A site may have been added after the last poll and before the count went down.
    String late = ahead.peek();
    if (late != null && !lifetime.over() && ahead.remove(late)) {
      fetchAhead(late);
    }
  }

  /** False when it must be tried again. */
  private boolean loadAhead(String site) {
    try {
      DeploymentKey key = sites.missingFiles(site);
      if (key == null) {
        return true;
      }
      switch (manifests.load(key).join()) {
        case ManifestAnswer.Files found -> sites.fill(site, found.files());
        case ManifestAnswer.Failed failed -> {
          return false;
        }
        case ManifestAnswer.Unknown unknown -> LOG.warn("{} is live and unknown", key);
        case ManifestAnswer.Gone gone -> LOG.warn("{} is live and deleted", key);
      }
      return true;
    } catch (Throwable e) { // also an Error: the site has left the queue and would never be filled
      LOG.error("could not fetch the files of site {} ahead, trying again", site, e);
      unexpected.count(Work.SITE_UPDATE, e);
      return false;
    }
  }

  /** Ends all work; what is held stays. */
  @PreDestroy
  void stop() {
    lifetime.end();
    updates.stop();
  }
}
