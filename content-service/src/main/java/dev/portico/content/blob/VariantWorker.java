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
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
  private static final int RENEW_EVERY = 20;

  /**
   * Variants wait in memory until there are so many bytes of them; then they go out as one pack.
   */
  private static final long PACK_BYTES = 4 << 20;

  private final StoredVariantQueue queue;
  private final VariantMaker maker;
  private final S3BlobStore store;
  private final VariantSettings settings;
  private final WorkMeters meters;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  VariantWorker(
      StoredVariantQueue queue,
      VariantMaker maker,
      S3BlobStore store,
      VariantSettings settings,
      WorkMeters meters) {
    this.queue = queue;
    this.maker = maker;
    this.store = store;
    this.settings = settings;
    this.meters = meters;
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
        awaitQuiet();
        Optional<StoredVariantQueue.Claim> claim = queue.claim();
        if (claim.isPresent()) {
          work(claim.get());
        } else {
          queue.await(settings.poll());
        }
      } catch (Throwable e) { // also an Error: without this thread there would be no variants
        if (stopped) {
          return;
        }
        LOG.warn("Making variants failed; it is tried again", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      queue.await(settings.poll());
    } catch (InterruptedException e) {
      LOG.debug("Woken up; only stopping does this", e);
    }
  }

  private void work(StoredVariantQueue.Claim claim) {
    List<Digest> digests = claim.digests();
    var failed = new ArrayList<Digest>();
    var made = new ArrayList<VariantMaker.Made>();
    long bytes = 0;
    int next = 0;
    // When it is not quiet any more, another copy may have the time that this one has not.
    while (next < digests.size() && !stopped && quiet()) {
      if (next % RENEW_EVERY == RENEW_EVERY - 1 && !renewed(claim)) {
        LOG.info("Another copy has taken over the making of variants");
        return;
      }
      Digest digest = digests.get(next);
      try {
        Optional<VariantMaker.Made> one = maker.make(digest);
        one.ifPresent(made::add);
        bytes += one.map(VariantMaker.Made::bytes).orElse(0L);
      } catch (Throwable e) { // one bad blob must not hold up the others
        if (stopped) {
          break; // it was interrupted
        }
        LOG.warn("Could not make variants of blob {}", digest, e);
        failed.add(digest);
      }
      next++;
      if (bytes >= PACK_BYTES) {
        store(made, failed);
        bytes = 0;
      }
    }
    // Also when stopped: a claim without an end would pass for a death.
    boolean interrupted = Thread.interrupted();
    store(made, failed);
    meters.failed(failed.size());
    queue.end(claim, digests.subList(next, digests.size()), failed);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stores what is made so far; what cannot be stored has failed. */
  private void store(List<VariantMaker.Made> made, List<Digest> failed) {
    try {
      maker.store(made);
      meters.made(made.size());
    } catch (Throwable e) { // an Error too counts as an attempt
      LOG.warn("Could not store the variants of {} blobs", made.size(), e);
      made.forEach(it -> failed.add(it.record().digest()));
    }
    made.clear();
  }

  private boolean quiet() {
    return store.quietFor().compareTo(settings.quiet()) >= 0;
  }

  private void awaitQuiet() throws InterruptedException {
    while (!quiet()) {
      queue.await(LOOK);
    }
  }

  /** Whether the claim is still this copy's. */
  private boolean renewed(StoredVariantQueue.Claim claim) {
    try {
      return queue.renew(claim);
    } catch (RuntimeException e) {
      if (stopped) {
        return true; // it was interrupted, and is to be given back
      }
      throw e;
    }
  }

  /** Ends the threads, and waits a moment for them to give back what they have claimed. */
  @PreDestroy
  void stop() {
    stopped = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(STOP_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
