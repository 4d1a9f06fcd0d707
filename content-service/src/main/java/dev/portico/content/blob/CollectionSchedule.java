package dev.portico.content.blob;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks from time to time whether a collection is due; one copy of the service gets to run it. */
@Singleton
@Requires(property = "portico.blob.collection.enabled", notEquals = "false")
class CollectionSchedule {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionSchedule.class);

  private final BlobCollector collector;
  private final WorkMeters meters;

  CollectionSchedule(BlobCollector collector, WorkMeters meters) {
    this.collector = collector;
    this.meters = meters;
  }

  @Scheduled(initialDelay = "10m", fixedDelay = "1h")
  void look() {
    try {
      collector.runIfDue().ifPresent(report -> meters.collected(report.deleted()));
    } catch (RuntimeException e) {
      meters.notCollected();
      LOG.error("Collecting blobs failed; it is tried again", e);
    }
  }
}
