package dev.portico.content.deployment;

import dev.portico.content.change.CounterListener;
import dev.portico.content.change.GatewayRegistry;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.GradualRelease;
import dev.portico.content.site.SiteLocks;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls gradual releases back whose viewers' requests fail too often. A release is judged when a
 * gateway's poll brings errors of it, by the copy that was polled. Copies need not agree on whose
 * turn it is: a release ends on condition that its site has the version that was judged, so that of
 * two copies one ends it, and none ends what somebody changed meanwhile without judging it again.
 */
@Singleton
final class ReleaseWatch implements CounterListener {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseWatch.class);

  /** How often this copy judges a release at most: each time reads all gateways. */
  private static final Duration PACE = Duration.ofSeconds(1);

  private final Table table;
  private final GatewayRegistry gateways;
  private final Releases releases;
  // When a site's release was judged last, by System.nanoTime; only those of the last second.
  private final Map<String, Long> judged = new ConcurrentHashMap<>();

  ReleaseWatch(Table table, GatewayRegistry gateways, Releases releases) {
    this.table = table;
    this.gateways = gateways;
    this.releases = releases;
  }

  @Override
  public void counted(Map<String, Long> counters) {
    for (String site : ReleaseCounts.failing(counters)) {
      // Who comes too early comes again with the next poll.
      if (due(site)) {
        Thread.ofVirtual().name("release-watch").start(() -> watch(site));
      }
    }
  }

  private boolean due(String site) {
    long now = System.nanoTime();
    judged.values().removeIf(at -> now - at > PACE.toNanos());
    return judged.putIfAbsent(site, now) == null;
  }

  private void watch(String site) {
    try {
      judge(site);
    } catch (RuntimeException e) {
      LOG.warn("the release of {} cannot be judged, trying again: {}", site, e.toString());
    }
  }

  /**
   * What viewers got of the release that is under way, if it has a bound.
   *
   * @param site its item
   */
  Optional<ReleaseCounts> counts(Item site, String name) {
    return GradualRelease.counted(site)
        .map(counted -> ReleaseCounts.of(name, counted, gateways.alive()));
  }

  /** Rolls a site's release back if it is to be; a locked site keeps what it has. */
  void judge(String site) {
    Retries retries = new Retries();
    while (true) {
      Item current = table.get(SiteAccess.siteKey(site)).orElse(null);
      if (current == null
          || !current.string("state").equals("active")
          || SiteLocks.locked(current)) {
        return;
      }
      Optional<GradualRelease.Bound> bound = GradualRelease.bound(current);
      Optional<ReleaseCounts> counts = counts(current, site);
      if (bound.isEmpty() || counts.isEmpty()) {
        return;
      }
      Optional<String> fault = counts.get().fault(bound.get());
      if (fault.isEmpty()) {
        return;
      }
      if (releases.rollBack(current, site, fault.get(), counts.get())) {
        LOG.warn("the release of {} is rolled back: {}", site, fault.get());
        return;
      }
      retries.pause();
    }
  }
}
