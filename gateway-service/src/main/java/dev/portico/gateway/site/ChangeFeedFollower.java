package dev.portico.gateway.site;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.service.Lifetime;
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
import java.util.concurrent.ThreadLocalRandom;
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
  private final ControlUpdates controls;
  private final HeldSites sites;
  private final SharedPolicies policies;
  private final ResponseStore responses;
  private final InvalidationLease lease;
  private final ReleaseCounts releases;
  private final FeedSettings settings;
  private final UnexpectedFailures unexpected;
  private final String gateway;
  private final @Nullable String version =
      ChangeFeedFollower.class.getPackage().getImplementationVersion();
  private final Lifetime lifetime = new Lifetime();
  private volatile boolean connected;
  private volatile long position = NONE;
  // Belongs to the position; only the thread that follows knows it.
  private @Nullable String mark;
  private Duration longestWait = Duration.ZERO;
  // Only the first failure of a row is worth a line.
  private boolean reported;
  // Whether there is anything to serve without content-service.
  private boolean read;

  @Inject
  ChangeFeedFollower(
      ContentInternal content,
      SiteUpdates updates,
      ControlUpdates controls,
      HeldSites sites,
      SharedPolicies policies,
      MemoryStore responses,
      InvalidationLease lease,
      ReleaseCounts releases,
      FeedSettings settings,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.updates = updates;
    this.controls = controls;
    this.sites = sites;
    this.policies = policies;
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
    lifetime.start("change-feed", this::follow);
    lifetime.start("lease-clock", this::watchClock);
  }

  /** Stops; what is held stays. */
  @PreDestroy
  void stop() {
    lifetime.end();
  }

  /** This gateway's id, random at each start. */
  public String gateway() {
    return gateway;
  }

  /** Whether all sites have been read once: the gateway can tell which hosts it has. */
  public boolean ready() {
    return sites.complete();
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
    while (!lifetime.over()) {
      try {
        if (position == NONE) {
          sites.readAnew();
          readAll();
        }
        if (poll()) {
          backoff.reset();
        } else {
          // An answer at once and of no use: a broken peer must not keep us busy.
          lifetime.pause(backoff.next());
        }
      } catch (Throwable e) { // also an Error: without this thread nothing would ever change
        if (!lifetime.over()) {
          failed(e, backoff);
        }
      }
    }
  }

  /** The clock may be set back while an answer is awaited, for a minute perhaps. */
  private void watchClock() {
    do {
      lease.checkClock();
    } while (lifetime.pause(CLOCK_PACE));
  }

  private void failed(Throwable failure, Backoff backoff) {
    if (connected || !reported) {
      if (!(failure instanceof IOException)) {
        LOG.error("cannot follow content-service", failure);
      } else if (read) {
        LOG.warn("lost content-service, serving what is held: {}", failure.toString());
      } else {
        LOG.warn("content-service does not answer, and no site is known: {}", failure.toString());
      }
    }
    reported = true;
    connected = false;
    if (!(failure instanceof IOException)) {
      unexpected.count(Work.CHANGE_FEED, failure);
    }
    lifetime.pause(backoff.next());
  }

  private void readAll() throws IOException {
    Set<String> names = new HashSet<>();
    SnapshotsPage page = content.page(null);
    long from = page.position();
    mark = page.mark();
    // Behind the position: what changes later is told.
    controls.readAll();
    // Up to this position nobody will tell which responses are to go.
    lease.missed();
    readPolicies();
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
    sites.completeWith(names);
    read = true;
    connected = true;
    LOG.info("read {} sites at position {}", names.size(), from);
    position = from;
  }

  /**
   * Reads the shared policies, behind the position, so that no change of them is missed; sites that
   * are held have them too. Where that fails, sites that name none need not wait.
   */
  private void readPolicies() {
    try {
      policies.read();
      sites.policiesChanged();
    } catch (IOException e) {
      LOG.warn("could not read the shared policies, going on without: {}", e.toString());
      updates.policiesChanged();
    }
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
    changes.invalidations().forEach(this::invalidate);
    if (changes.policies()) {
      updates.policiesChanged();
    }
    if (changes.controls()) {
      controls.changed();
    }
    changes.sites().forEach(site -> updates.changed(site, changes.committed().get(site)));
    mark = changes.mark();
    boolean moved = changes.position() > position;
    position = changes.position();
    if (!changes.more()) {
      hold(changes.lease(), millis, asked);
    }
    return moved || atOnce || System.nanoTime() - asked > SHORTEST_POLL.toNanos();
  }

  private void invalidate(Changes.Invalidated each) {
    if (each.everything()) {
      responses.removeAll();
    } else {
      responses.invalidate(each.site(), each.what());
    }
  }

  private Map<String, Long> counters() {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("sites", (long) sites.size());
    counters.put("controls", controls.version());
    releases.addTo(counters, sites.counted());
    return counters;
  }

  private void hold(Duration length, long asked, long askedNanos) {
    lease.renew(asked, askedNanos, length);
    Duration pace = InvalidationLease.pace(length);
    longestWait = pace.compareTo(settings.pollWait()) < 0 ? pace : settings.pollWait();
  }
}
