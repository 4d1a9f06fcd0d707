package dev.portico.gateway.site;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all sites: deploy/contracts/snapshots-page.json.
 *
 * @param position the feed's position before the page was read
 * @param sites the sites of this page
 * @param next the cursor of the next page; null on the last
 */
record SnapshotsPage(long position, List<SiteSnapshot> sites, @Nullable String next) {
  SnapshotsPage {
    sites = List.copyOf(sites);
  }
}
