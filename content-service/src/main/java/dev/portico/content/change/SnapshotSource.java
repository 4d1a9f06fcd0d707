package dev.portico.content.change;

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
   * @param next cursor of the following page, null when this is the last
   */
  record SnapshotPage(List<Snapshot> sites, @Nullable String next) {}
}
