package dev.portico.gateway.site;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows content-service's change feed (design, section 5): reads all sites once, then waits for
 * changes; reads all again when its position is too old. While content-service is away it tries
 * again and again, and everything held stays in use.
 *
 * <p>Asking from a position confirms what came before it as received: invalidations are applied by
 * then. Each site that changed is brought up to date on its own, since one that cannot be read must
 * not keep the others from moving.
 */
@Context
public class ChangeFeedFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeedFollower.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
  private static final Duration CLOCK_PACE = Duration.ofSeconds(1);
  private static final long NONE = -1;

  private final ContentInternal content;
  private final SiteUpdates updates;
  private final SiteDirectory directory;
  private final ResponseStore responses;
  private final InvalidationLease lease;
  private final ReleaseCounts releases;
  private final FeedSettings settings;
  private final UnexpectedFailures unexpected;
  private final String gateway;
  private final @Nullable String version =
      ChangeFeedFollower.class.getPackage().getImplementationVersion();
  private volatile @Nullable Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean connected;
  private volatile long position = NONE;
  // Belongs to the position; only the thread that follows knows it.
  private @Nullable String mark;
  private Duration longestWait = Duration.ZERO;
  // Only the first failure of a row is worth a line.
  private boolean reported;

  @Inject
  ChangeFeedFollower(
      ContentInternal content,
      SiteUpdates updates,
      SiteDirectory directory,
      MemoryStore responses,
      InvalidationLease lease,
      ReleaseCounts releases,
      FeedSettings settings,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.updates = updates;
    this.directory = directory;
    this.responses = responses;
    this.lease = lease;
    this.releases = releases;
    this.settings = settings;
    this.unexpected = unexpected;
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    this.gateway = "gw-" + HexFormat.of().formatHex(id);
  }

  /** Starts to follow. */
  @PostConstruct
  void start() {
    thread = Thread.ofVirtual().name("change-feed").start(this::follow);
    Thread.ofVirtual().name("lease-clock").start(this::watchClock);
  }

  /** Stops; what is held stays. */
  @PreDestroy
  void stop() {
    stopped.countDown();
    Thread follower = thread;
    if (follower != null) {
      follower.interrupt();
    }
  }

  /** This gateway's id, random at each start. */
  public String gateway() {
    return gateway;
  }

  /** Whether all sites have been read once: the gateway can tell which hosts it has. */
  public boolean ready() {
    return directory.complete();
  }

  /** Whether content-service answered the last question. */
  public boolean connected() {
    return connected;
  }

  /** The feed's position up to which changes were received; -1 before the first. */
  public long position() {
    return position;
  }

  private void follow() {
    Backoff backoff = new Backoff(LONGEST_PAUSE, ThreadLocalRandom.current());
    while (!isStopped()) {
      try {
        if (position == NONE) {
          directory.readAnew();
          readAll();
        }
        if (poll()) {
          backoff.reset();
        } else {
          // An answer at once and of no use: a broken peer must not keep us busy.
          pause(backoff.next());
        }
      } catch (Throwable e) { // also an Error: without this thread nothing would ever change
        if (!isStopped()) {
          failed(e, backoff);
        }
      }
    }
  }

  /** The clock may be set back while an answer is awaited, for a minute perhaps. */
  private void watchClock() {
    while (!isStopped()) {
      lease.checkClock();
      pause(CLOCK_PACE);
    }
  }

  private void failed(Throwable failure, Backoff backoff) {
    if (connected || !reported) {
      if (failure instanceof IOException) {
        LOG.warn("lost content-service, serving what is held: {}", failure.toString());
      } else {
        LOG.error("cannot follow content-service, serving what is held", failure);
      }
    }
    reported = true;
    connected = false;
    if (!(failure instanceof IOException)) {
      unexpected.count(Work.CHANGE_FEED, failure);
    }
    pause(backoff.next());
  }

  private void pause(Duration duration) {
    try {
      if (stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.debug("stopped while waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void readAll() throws IOException {
    Set<String> names = new HashSet<>();
    SnapshotsPage page = content.page(null);
    long from = page.position();
    mark = page.mark();
    // Up to this position nobody will tell which responses are to go.
    lease.missed();
    while (true) {
      for (SiteSnapshot snapshot : page.sites()) {
        names.add(snapshot.site());
        updates.read(snapshot);
      }
      for (SnapshotsPage.Faulty faulty : page.faulty()) {
        names.add(faulty.site()); // What is held of it stays.
        LOG.error("cannot use the snapshot of {}: {}", faulty.site(), faulty.reason());
        updates.unread(faulty);
      }
      String next = page.next();
      if (next == null) {
        break;
      }
      page = content.page(next);
    }
    directory.completeWith(names);
    connected = true;
    LOG.info("read {} sites at position {}", names.size(), from);
    position = from;
  }

  /** Waits for changes once; false when the answer came at once and was of no use. */
  private boolean poll() throws IOException {
    long millis = System.currentTimeMillis();
    long asked = System.nanoTime();
    // Without a lease nothing stored is of use: the answer is to come at once.
    boolean atOnce = !lease.held();
    Changes changes =
        content.changes(
            new ChangesQuestion(
                gateway,
                version,
                position,
                mark,
                atOnce ? Duration.ZERO : longestWait,
                counters()));
    if (!connected) {
      LOG.info("following content-service from position {}", position);
    }
    connected = true;
    reported = false;
    if (changes == null || changes.position() < position) {
      LOG.info("position {} is of no use any more, reading all sites", position);
      position = NONE;
      lease.lose();
      return false;
    }
    // Before the position moves, which confirms them.
    changes.invalidations().forEach(each -> responses.invalidate(each.site(), each.what()));
    changes.sites().forEach(updates::changed);
    mark = changes.mark();
    boolean moved = changes.position() > position;
    position = changes.position();
    if (!changes.more()) {
      hold(changes.lease(), millis, asked);
    }
    return moved || atOnce || System.nanoTime() - asked > SHORTEST_POLL.toNanos();
  }

  private Map<String, Long> counters() {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("sites", (long) directory.size());
    releases.addTo(counters, directory.counted());
    return counters;
  }

  private void hold(Duration length, long asked, long askedNanos) {
    lease.renew(asked, askedNanos, length);
    Duration pace = InvalidationLease.pace(length);
    longestWait = pace.compareTo(settings.pollWait()) < 0 ? pace : settings.pollWait();
  }
}
