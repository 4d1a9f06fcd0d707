package dev.portico.gateway.site;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all sites: deploy/contracts/snapshots-page.json.
 *
 * @param position the feed's position before the page was read
 * @param mark to be sent with that position; null from a content-service without marks, or at 0
 * @param sites the sites of this page that can be served
 * @param faulty the others
 * @param next the cursor of the next page; null on the last
 */
record SnapshotsPage(
    long position,
    @Nullable String mark,
    List<SiteSnapshot> sites,
    List<Faulty> faulty,
    @Nullable String next) {
  SnapshotsPage {
    sites = List.copyOf(sites);
    faulty = List.copyOf(faulty);
  }

  /**
   * A site that is there and cannot be served: content-service cannot read it, or its snapshot is
   * JSON and no more.
   *
   * @param site its name
   * @param hosts its own host names, as far as they could be read
   * @param reason what is wrong with it
   */
  record Faulty(String site, List<String> hosts, String reason) {
    Faulty {
      hosts = List.copyOf(hosts);
    }
  }
}
