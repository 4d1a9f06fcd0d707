package dev.portico.gateway.site;

import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings sites up to date. A site is worked on by one virtual thread at a time and independently of
 * the others, so that one with a huge or broken manifest holds up nobody; its new files are read
 * before its pointer moves, and it keeps its old ones until that has succeeded.
 */
@Singleton
class SiteUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(SiteUpdates.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int PARALLEL_SNAPSHOTS = 16;

  private final ContentInternal content;
  private final ManifestLoader manifests;
  private final SiteDirectory directory;
  private final UnexpectedFailures unexpected;
  private final int aheadParallelism;
  // How often a site was reported changed since its thread last looked; absent: no thread.
  private final Map<String, Integer> changed = new ConcurrentHashMap<>();
  private final Semaphore snapshots = new Semaphore(PARALLEL_SNAPSHOTS);
  private final Queue<String> ahead = new ConcurrentLinkedQueue<>();
  private final AtomicInteger aheadWorkers = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Inject
  SiteUpdates(
      ContentInternal content,
      ManifestLoader manifests,
      SiteDirectory directory,
      ManifestSettings settings,
      UnexpectedFailures unexpected) {
    this.unexpected = unexpected;
    this.content = content;
    this.manifests = manifests;
    this.directory = directory;
    this.aheadParallelism = settings.aheadParallelism();
  }

  /** Reads a site again, soon; returns at once. */
  void changed(String site) {
    if (changed.merge(site, 1, Integer::sum) == 1) {
      Thread.ofVirtual().name("site-update").start(() -> bringUpToDate(site));
    }
  }

  /** Takes a snapshot that was read with all others. */
  void read(SiteSnapshot snapshot) {
    if (directory.needsFiles(snapshot)) {
      changed(snapshot.site());
    } else {
      directory.install(snapshot, directory.reading(), null);
      fetchAhead(snapshot.site());
    }
  }

  /** Reads a site again until that succeeds, which could not be read with all others. */
  void unread(SnapshotsPage.Faulty site) {
    directory.unread(site.site(), Set.copyOf(site.hosts()), directory.reading());
    changed(site.site());
  }

  private void bringUpToDate(String site) {
    Backoff backoff = new Backoff(LONGEST_PAUSE, ThreadLocalRandom.current());
    while (!isStopped()) {
      Integer seen = changed.get(site);
      long asked = directory.reading();
      try {
        refresh(site, asked);
        if (seen == null || changed.remove(site, seen)) {
          return;
        }
        backoff.reset();
      } catch (IOException e) {
        LOG.warn("could not bring site {} up to date, trying again: {}", site, e.toString());
        directory.unread(site, Set.of(), asked);
        pause(backoff.next());
      } catch (Throwable e) { // also an Error: without this thread the site would stay as it is
        LOG.error("could not bring site {} up to date, trying again", site, e);
        unexpected.count(Work.SITE_UPDATE, e);
        directory.unread(site, Set.of(), asked);
        pause(backoff.next());
      }
    }
  }

  private void refresh(String site, long asked) throws IOException {
    SiteSnapshot snapshot = snapshot(site);
    manifests.siteChanged(site);
    if (snapshot == null) {
      directory.remove(site, asked);
    } else if (directory.needsFiles(snapshot)) {
      directory.install(snapshot, asked, files(snapshot));
    } else {
      directory.install(snapshot, asked, null);
      fetchAhead(site);
    }
  }

  private @Nullable SiteSnapshot snapshot(String site) throws IOException {
    snapshots.acquireUninterruptibly();
    try {
      return content.snapshot(site);
    } finally {
      snapshots.release();
    }
  }

  private DeploymentFiles files(SiteSnapshot snapshot) throws IOException {
    String deployment = snapshot.deployment();
    if (deployment == null) {
      throw new IllegalStateException("a snapshot without deployment needs no files");
    }
    DeploymentKey key = new DeploymentKey(snapshot.site(), deployment);
    ManifestAnswer answer = manifests.held(key);
    if (!(answer instanceof ManifestAnswer.Files)) {
      answer = manifests.load(key).join();
    }
    if (answer instanceof ManifestAnswer.Files found) {
      return found.files();
    }
    throw new IOException("manifest " + deployment + " of the live deployment: " + answer);
  }

  /** Has the files of a site's live deployment fetched before somebody asks for them. */
  private void fetchAhead(String site) {
    if (directory.missingFiles(site) == null) {
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
      for (String site = ahead.poll(); site != null && !isStopped(); site = ahead.poll()) {
        if (loadAhead(site)) {
          backoff.reset();
        } else {
          ahead.add(site);
          pause(backoff.next());
        }
      }
    } finally {
      aheadWorkers.decrementAndGet();
    }
    // A site may have been added after the last poll and before the count went down.
    String late = ahead.peek();
    if (late != null && !isStopped() && ahead.remove(late)) {
      fetchAhead(late);
    }
  }

  /** False when it must be tried again. */
  private boolean loadAhead(String site) {
    try {
      DeploymentKey key = directory.missingFiles(site);
      if (key == null) {
        return true;
      }
      switch (manifests.load(key).join()) {
        case ManifestAnswer.Files found -> directory.fill(site, found.files());
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

  private void pause(Duration duration) {
    try {
      if (stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("stopped while waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Ends all work; what is held stays. */
  @PreDestroy
  void stop() {
    stopped.countDown();
  }
}
