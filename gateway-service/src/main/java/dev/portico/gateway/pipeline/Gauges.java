package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.site.ChangeFeedFollower;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;

/** What the stages hold and how they are at the moment, as metrics. */
@Context
final class Gauges {
  private final MeterRegistry registry;
  private final PublicListeners listeners;
  private final BlobCache cache;
  private final ChangeFeedFollower follower;

  Gauges(
      MeterRegistry registry,
      PublicListeners listeners,
      BlobCache cache,
      ChangeFeedFollower follower) {
    this.registry = registry;
    this.listeners = listeners;
    this.cache = cache;
    this.follower = follower;
  }

  @PostConstruct
  void register() {
    Gauge.builder("portico.connections", listeners, PublicListeners::connections)
        .description("Viewers' connections that are open")
        .register(registry);
    Gauge.builder("portico.blob.cache.bytes", cache, BlobCache::heldBytes)
        .description("Bytes that the blob cache holds, overhead included")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("portico.blob.cache.blobs", cache, BlobCache::heldBlobs)
        .description("Representations of blobs that the blob cache holds")
        .register(registry);
    Gauge.builder("portico.feed.position", follower, ChangeFeedFollower::position)
        .description("Position in the change feed up to which changes were received")
        .register(registry);
    Gauge.builder("portico.feed.connected", follower, feed -> feed.connected() ? 1 : 0)
        .description("1 while content-service answers questions for changes")
        .register(registry);
  }
}
