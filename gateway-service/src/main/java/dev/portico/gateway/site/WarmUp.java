package dev.portico.gateway.site;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.cache.BlobCacheSettings;
import dev.portico.gateway.cache.BlobUser;
import dev.portico.gateway.cache.HeldBlob;
import dev.portico.gateway.cache.HotBlob;
import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.observe.ReadinessCondition;
import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.service.Lifetime;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import io.micronaut.context.annotation.Context;
import io.netty.channel.EventLoop;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what is hot at the other gateways before viewers are sent here, and tells from time to
 * time what is hot at this one. It is a help and nothing more: whatever fails, or takes longer than
 * the setting allows, keeps nobody from being served.
 */
@Context
final class WarmUp implements ReadinessCondition {
  /** Most blobs that a gateway tells of; content-service takes no more. */
  static final int REPORTED = 64;

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int PARALLEL = 16;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final ContentInternal content;
  private final ChangeFeedFollower follower;
  private final BlobCache cache;
  private final EventLoops loops;
  private final WarmUpSettings settings;
  private final long size;
  private final WarmUpCounts counts;
  private final UnexpectedFailures unexpected;
  private final Lifetime lifetime = new Lifetime();
  private volatile boolean ready;

  WarmUp(
      ContentInternal content,
      ChangeFeedFollower follower,
      BlobCache cache,
      BlobCacheSettings cacheSettings,
      EventLoops loops,
      WarmUpSettings settings,
      WarmUpCounts counts,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.follower = follower;
    this.cache = cache;
    this.loops = loops;
    this.settings = settings;
    this.size = Math.min(settings.size(), cacheSettings.size());
    this.counts = counts;
    this.unexpected = unexpected;
  }

  @PostConstruct
  void start() {
    if (size == 0) {
      ready = true;
    } else {
      lifetime.start("warm-up", this::run);
    }
  }

  @PreDestroy
  void stop() {
    lifetime.end();
  }

  @Override
  public boolean ready() {
    return ready;
  }

  private void run() {
    try {
      warmUp();
    } catch (RuntimeException | Error e) { // a cold gateway is better than none
      failed(e);
    } finally {
      ready = true;
    }
    while (lifetime.pauseAbout(settings.interval())) {
      try {
        report();
      } catch (IOException e) {
        LOG.debug("could not tell what is hot", e);
      } catch (RuntimeException | Error e) { // without this thread nothing would be told any more
        failed(e);
      }
    }
  }

  private void failed(Throwable failure) {
    if (!lifetime.over()) {
      LOG.error("cannot fetch, or tell, what is hot", failure);
      unexpected.count(Work.WARM_UP, failure);
    }
  }

  private void warmUp() {
    Backoff backoff = new Backoff(LONGEST_PAUSE, ThreadLocalRandom.current());
    while (!lifetime.over()) {
      // Where sites are known now, one failure is enough to go on without.
      boolean known = follower.ready();
      long began = System.nanoTime();
      try {
        fetch(content.hotBlobs(settings.timeout()), began);
        return;
      } catch (IOException e) {
        if (known) {
          LOG.info("starts with an empty cache: {}", e.toString());
          return;
        }
        lifetime.pause(backoff.next());
      }
    }
  }

  /** Fetches as many as the settings allow, the hottest first. */
  private void fetch(List<HotBlob> blobs, long began) {
    long end = began + settings.timeout().toNanos();
    Fetches fetches = new Fetches(counts);
    long asked = 0;
    int passedOver = blobs.size();
    try {
      for (HotBlob blob : blobs) {
        if (asked + blob.size() > size || !cache.holds(blob.size())) {
          continue; // One that is smaller may do.
        }
        if (!fetches.free.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          break;
        }
        asked += blob.size();
        passedOver--;
        EventLoop loop = loops.group().next();
        BlobUser user = fetches.one();
        RequestIds ids = RequestIds.of(System.currentTimeMillis(), null).background();
        loop.execute(() -> cache.load(blob.wish(ids), loop, user));
      }
      if (!fetches.free.tryAcquire(PARALLEL, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.debug("the last of them go on while viewers come");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    counts.over(passedOver, Duration.ofNanos(System.nanoTime() - began));
    if (!blobs.isEmpty()) {
      LOG.info("of {} hot blobs {}", blobs.size(), counts);
    }
  }

  private void report() throws IOException {
    List<HotBlob> hottest = cache.hottest(REPORTED);
    if (!hottest.isEmpty()) {
      content.hotBlobs(HotBlobsJson.report(follower.gateway(), hottest));
    }
  }

  /** Those under way. */
  private static final class Fetches {
    private final Semaphore free = new Semaphore(PARALLEL);
    private final WarmUpCounts counts;

    private Fetches(WarmUpCounts counts) {
      this.counts = counts;
    }

    private BlobUser one() {
      return new BlobUser() {
        @Override
        public void held(HeldBlob blob) {
          counts.fetched(blob.bytes().readableBytes());
          blob.bytes().release();
          free.release();
        }

        @Override
        public void failed(EdgeException failure) {
          LOG.debug("a hot blob could not be fetched", failure);
          counts.failed();
          free.release();
        }
      };
    }
  }
}
