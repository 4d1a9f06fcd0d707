package dev.portico.content.blob;

import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the variant queue with few threads, and only while this copy stores no publication, so
 * that publishing is never slower for it.
 */
@Singleton
@Requires(property = "portico.blob.variants.enabled", notEquals = "false")
class VariantWorker {
  private static final Logger LOG = LoggerFactory.getLogger(VariantWorker.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int RENEW_EVERY = 20;

  private final StoredVariantQueue queue;
  private final VariantMaker maker;
  private final S3BlobStore store;
  private final VariantSettings settings;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  VariantWorker(
      StoredVariantQueue queue, VariantMaker maker, S3BlobStore store, VariantSettings settings) {
    this.queue = queue;
    this.maker = maker;
    this.store = store;
    this.settings = settings;
  }

  @EventListener
  void started(ServerStartupEvent event) {
    start();
  }

  void start() {
    for (int i = 0; i < settings.effectiveThreads(); i++) {
      // Platform threads: compression is native code that holds its carrier.
      Thread thread = Thread.ofPlatform().name("variants-" + i).daemon().unstarted(this::run);
      threads.add(thread);
      thread.start();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        Optional<StoredVariantQueue.Claim> claim = queue.claim();
        if (claim.isPresent()) {
          work(claim.get());
        } else {
          queue.await(settings.poll());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (stopped) {
          return;
        }
        LOG.warn("Making variants failed; it is tried again", e);
        try {
          queue.await(settings.poll());
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  private void work(StoredVariantQueue.Claim claim) throws InterruptedException {
    int count = 0;
    for (Digest digest : claim.digests()) {
      awaitQuiet(claim);
      if (count % RENEW_EVERY == RENEW_EVERY - 1 && !queue.renew(claim)) {
        return;
      }
      count++;
      try {
        maker.make(digest);
      } catch (RuntimeException e) {
        if (stopped) {
          return;
        }
        // One bad blob must not hold up the others; it is asked for again with its next deployment.
        LOG.warn("Could not make variants of blob {}", digest, e);
      }
    }
    queue.done(claim);
  }

  private void awaitQuiet(StoredVariantQueue.Claim claim) throws InterruptedException {
    long waited = 0;
    while (store.quietFor().compareTo(settings.quiet()) < 0) {
      if (stopped) {
        throw new InterruptedException();
      }
      Thread.sleep(LOOK);
      waited++;
      if (waited % 100 == 0 && !queue.renew(claim)) {
        throw new InterruptedException();
      }
    }
  }

  @PreDestroy
  void stop() {
    stopped = true;
    threads.forEach(Thread::interrupt);
  }
}
