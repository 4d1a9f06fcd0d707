package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.access.session.RevocationFollower;
import dev.portico.gateway.access.session.Sessions;
import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.TierCounts;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.wire.WireCounts;
import dev.portico.gateway.site.ChangeFeedFollower;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What the stages hold and how they are at the moment, as metrics. */
@Context
final class Gauges {
  private final MeterRegistry registry;
  private final PublicListeners listeners;
  private final BlobCache cache;
  private final MemoryStore responses;
  private final EdgeServing edges;
  private final OriginClient origins;
  private final ChangeFeedFollower follower;
  private final InvalidationLease lease;
  private final Sessions sessions;
  private final Revocations revocations;
  private final RevocationFollower revoked;

  Gauges(
      MeterRegistry registry,
      PublicListeners listeners,
      BlobCache cache,
      MemoryStore responses,
      EdgeServing edges,
      OriginClient origins,
      ChangeFeedFollower follower,
      InvalidationLease lease,
      Sessions sessions,
      Revocations revocations,
      RevocationFollower revoked) {
    this.registry = registry;
    this.listeners = listeners;
    this.cache = cache;
    this.responses = responses;
    this.edges = edges;
    this.origins = origins;
    this.follower = follower;
    this.lease = lease;
    this.sessions = sessions;
    this.revocations = revocations;
    this.revoked = revoked;
  }

  @PostConstruct
  void register() {
    Gauge.builder("portico.connections", listeners, PublicListeners::connections)
        .description("Viewers' connections that are open")
        .register(registry);
    refused("total", PublicListeners::refusedForTotal);
    refused("client", PublicListeners::refusedForClient);
    Gauge.builder("portico.blob.cache.bytes", cache, BlobCache::heldBytes)
        .description("Bytes that the blob cache holds, overhead included")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("portico.blob.cache.blobs", cache, BlobCache::heldBlobs)
        .description("Representations of blobs that the blob cache holds")
        .register(registry);
    Gauge.builder("portico.response.cache.bytes", responses, MemoryStore::heldBytes)
        .description("Bytes that the cache of origins' responses holds, overhead included")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("portico.response.cache.keys", responses, MemoryStore::heldKeys)
        .description("Keys under which the cache of origins' responses holds something")
        .register(registry);
    disk();
    access();
    Gauge.builder("portico.response.cache.loading.bytes", edges, EdgeServing::loadingBytes)
        .description("Memory of bodies that are being received to be stored")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("portico.flights", edges, EdgeServing::flights)
        .description("Requests to origins under way that viewers may share")
        .register(registry);
    origins();
    Gauge.builder("portico.feed.position", follower, ChangeFeedFollower::position)
        .description("Position in the change feed up to which changes were received")
        .register(registry);
    Gauge.builder("portico.feed.connected", follower, feed -> feed.connected() ? 1 : 0)
        .description("1 while content-service answers questions for changes")
        .register(registry);
    Gauge.builder("portico.feed.lease", lease, held -> held.held() ? 1 : 0)
        .description("1 while origins' responses are used without asking whether they still hold")
        .register(registry);
  }

  private void refused(String limit, ToDoubleFunction<PublicListeners> count) {
    FunctionCounter.builder("portico.connections.refused", listeners, count)
        .description("Viewers' connections that were refused, by the limit that they exceeded")
        .tag("limit", limit)
        .register(registry);
  }

  /** Of all together: sites may have more origins than a metric should have series. */
  private void origins() {
    Gauge.builder("portico.origin.breakers.open", origins, OriginClient::openBreakers)
        .description("Addresses of origins that are not asked now because they failed too often")
        .register(registry);
    connections("busy", WireCounts::busy);
    connections("idle", WireCounts::idle);
  }

  private void access() {
    Gauge.builder("portico.revocations.connected", revoked, r -> r.connected() ? 1 : 0)
        .description("Whether auth-service has told all revocations up to a few seconds ago")
        .register(registry);
    Gauge.builder("portico.revocations.position", revoked, RevocationFollower::position)
        .description("Position in auth-service's revocation feed")
        .register(registry);
    Gauge.builder("portico.revocations", revocations, Revocations::size)
        .description("Revocations that are kept")
        .register(registry);
    Gauge.builder("portico.sessions", sessions, Sessions::size)
        .description("Sessions that are remembered")
        .register(registry);
  }

  private void connections(String state, ToDoubleFunction<WireCounts> count) {
    Gauge.builder("portico.origin.connections", origins.connections(), count)
        .description("Connections to origins and services, by whether a request is under way")
        .tag("state", state)
        .register(registry);
  }

  private void disk() {
    Gauge.builder("portico.response.cache.disk.bytes", responses, r -> r.second().bytes())
        .description("Bytes that the response cache's files take on disk")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("portico.response.cache.disk.entries", responses, r -> r.second().entries())
        .description("Responses that the cache has on disk")
        .register(registry);
    diskEvent("written", TierCounts::written);
    diskEvent("loaded", TierCounts::loaded);
    diskEvent("lost", TierCounts::lost);
    diskEvent("corrupt", TierCounts::corrupt);
    diskEvent("failed", TierCounts::failures);
  }

  private void diskEvent(String event, ToLongFunction<TierCounts> count) {
    FunctionCounter.builder(
            "portico.response.cache.disk.events",
            responses,
            store -> count.applyAsLong(store.second()))
        .tag("event", event)
        .description("What has happened to responses in the cache on disk")
        .register(registry);
  }
}
