package dev.portico.gateway.site;

import dev.portico.gateway.cache.store.Purge;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed since a position of the feed: deploy/contracts/changes-response.json.
 *
 * @param position the feed's position after these changes
 * @param mark to be sent with that position; null from a content-service without marks
 * @param lease how long after the question this gateway is waited for
 * @param more whether the feed goes on behind these changes
 * @param sites names of the sites that changed, each once, oldest change first
 * @param invalidations what is to be forgotten, oldest first
 */
record Changes(
    long position,
    @Nullable String mark,
    Duration lease,
    boolean more,
    List<String> sites,
    List<Invalidated> invalidations) {
  /** The lease of a content-service that promises none: it knows no invalidations either. */
  static final Duration DEFAULT_LEASE = Duration.ofSeconds(9);

  Changes {
    sites = List.copyOf(sites);
    invalidations = List.copyOf(invalidations);
  }

  /**
   * Stored responses that are to go.
   *
   * @param site of this site
   * @param what which of them
   */
  record Invalidated(String site, Purge what) {}
}
