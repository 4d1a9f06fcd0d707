package dev.portico.gateway.site;

import dev.portico.gateway.cache.store.Purge;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changed since a position of the feed: deploy/contracts/changes-response.json.
 *
 * @param position the feed's position after these changes
 * @param mark to be sent with that position; null from a content-service without marks
 * @param lease how long after the question this gateway is waited for
 * @param more whether the feed goes on behind these changes
 * @param policies whether any policy changed that sites share
 * @param sites names of the sites that changed, each once, oldest change first
 * @param committed when the oldest of these changes of a site was committed; without sites of which
 *     content-service does not say it
 * @param invalidations what is to be forgotten, oldest first
 * @param controls whether what admins have switched on changed
 */
record Changes(
    long position,
    @Nullable String mark,
    Duration lease,
    boolean more,
    boolean policies,
    List<String> sites,
    Map<String, Instant> committed,
    List<Invalidated> invalidations,
    boolean controls) {
  /** The lease of a content-service that promises none: it knows no invalidations either. */
  static final Duration DEFAULT_LEASE = Duration.ofSeconds(9);

  Changes {
    sites = List.copyOf(sites);
    committed = Map.copyOf(committed);
    invalidations = List.copyOf(invalidations);
  }

  /**
   * Stored responses that are to go.
   *
   * @param site of this site
   * @param what which of them
   */
  record Invalidated(String site, Purge what) {
    /** In place of a site's name: all sites. */
    private static final String ALL_SITES = "*";

    /** Whether all that is stored, of all sites, is to go. */
    boolean everything() {
      return site.equals(ALL_SITES);
    }
  }
}
