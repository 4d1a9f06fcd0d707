package dev.portico.gateway.site;

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
 * <p>Asking from a position confirms what came before it as received; each site is then brought up
 * to date on its own, since one that cannot be read must not keep the others from moving.
 */
@Context
public class ChangeFeedFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeedFollower.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
  private static final long NONE = -1;

  private final ContentInternal content;
  private final SiteUpdates updates;
  private final SiteDirectory directory;
  private final UnexpectedFailures unexpected;
  private final String gateway;
  private volatile @Nullable Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean connected;
  private volatile long position = NONE;
  // Belongs to the position; only the thread that follows knows it.
  private @Nullable String mark;
  // Only the first failure of a row is worth a line.
  private boolean reported;

  @Inject
  ChangeFeedFollower(
      ContentInternal content,
      SiteUpdates updates,
      SiteDirectory directory,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.updates = updates;
    this.directory = directory;
    this.unexpected = unexpected;
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    this.gateway = "gw-" + HexFormat.of().formatHex(id);
  }

  /** Starts to follow. */
  @PostConstruct
  void start() {
    thread = Thread.ofVirtual().name("change-feed").start(this::follow);
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
    while (true) {
      for (SiteSnapshot snapshot : page.sites()) {
        names.add(snapshot.site());
        updates.read(snapshot);
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
    long asked = System.nanoTime();
    Changes changes = content.changes(gateway, position, mark);
    if (!connected) {
      LOG.info("following content-service from position {}", position);
    }
    connected = true;
    reported = false;
    if (changes == null || changes.position() < position) {
      LOG.info("position {} is of no use any more, reading all sites", position);
      position = NONE;
      return false;
    }
    changes.sites().forEach(updates::changed);
    mark = changes.mark();
    position = changes.position();
    return !changes.sites().isEmpty() || System.nanoTime() - asked > SHORTEST_POLL.toNanos();
  }
}
