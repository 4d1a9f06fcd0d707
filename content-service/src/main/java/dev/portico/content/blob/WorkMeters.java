package dev.portico.content.blob;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the work in the background comes to, of this copy. Nothing is asked for a scrape: of the
 * queue it is told what the last look at it has shown.
 */
@Singleton
class WorkMeters {
  private static final String OUTCOME = "outcome";

  private final Clock clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
  private final Counter made;
  private final Counter failed;
  private final Counter givenUp;
  private final Counter collected;
  private final Counter notCollected;
  private final Counter deleted;

  WorkMeters(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    Gauge.builder("portico.content.variants.waiting", waiting, AtomicInteger::get)
        .description("Blobs without variants in the first pieces of work of the queue")
        .register(registry);
    Gauge.builder("portico.content.variants.oldest.age", this, WorkMeters::oldestSeconds)
        .description("How long the first piece of work of the queue has been due")
        .baseUnit("seconds")
        .register(registry);
    made = registry.counter("portico.content.variants", OUTCOME, "made");
    failed = registry.counter("portico.content.variants", OUTCOME, "failed");
    givenUp = registry.counter("portico.content.variants", OUTCOME, "given-up");
    collected = registry.counter("portico.content.collections", OUTCOME, "done");
    notCollected = registry.counter("portico.content.collections", OUTCOME, "failed");
    deleted = registry.counter("portico.content.collection.deleted");
  }

  private double oldestSeconds() {
    Instant due = oldest.get();
    if (due == null) {
      return 0;
    }
    Duration age = Duration.between(due, clock.instant());
    return age.isNegative() ? 0 : age.toMillis() / 1_000.0;
  }

  /**
   * What a look at the queue has shown.
   *
   * @param blobs in the pieces of work that were looked at
   * @param due when the turn of the first was; null: there is none
   */
  void looked(int blobs, @Nullable Instant due) {
    waiting.set(blobs);
    oldest.set(due);
  }

  /** So many blobs have all their variants now. */
  void made(int blobs) {
    made.increment(blobs);
  }

  /** Of so many blobs an attempt has failed. */
  void failed(int blobs) {
    failed.increment(blobs);
  }

  /** Of so many blobs there will be no other attempt. */
  void givenUp(int blobs) {
    givenUp.increment(blobs);
  }

  /** A collection has ended, and has deleted so many objects. */
  void collected(int objects) {
    collected.increment();
    deleted.increment(objects);
  }

  /** A collection has failed. */
  void notCollected() {
    notCollected.increment();
  }
}
