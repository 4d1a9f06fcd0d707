package dev.portico.content.change;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compiles snapshots; the feature that owns sites implements it. */
public interface SnapshotSource {
  /** The site's snapshot, empty when there is no such site. */
  Optional<Snapshot> snapshot(String site);

  /**
   * A page of all sites' snapshots.
   *
   * @param cursor where the page before ended, null: the first
   */
  SnapshotPage snapshots(@Nullable String cursor);

  /**
   * A page.
   *
   * @param sites by name
   * @param damaged those of which no snapshot could be made; they keep no gateway from the others
   * @param next cursor of the following page, null when this is the last
   */
  record SnapshotPage(List<Snapshot> sites, List<Damaged> damaged, @Nullable String next) {}

  /**
   * A site that is there, and what is stored of it cannot be read.
   *
   * @param site its name
   * @param hosts proven host names outside the site domain, as far as they can be read
   */
  @Serdeable
  record Damaged(String site, List<String> hosts) {}
}
