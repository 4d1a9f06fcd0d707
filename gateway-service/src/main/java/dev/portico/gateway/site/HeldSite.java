package dev.portico.gateway.site;

import dev.portico.gateway.site.SiteResolution.Serving;
import org.jspecify.annotations.Nullable;

/**
 * A site and, unless they must be fetched on demand, the files it serves.
 *
 * @param version what a snapshot must exceed to take its place; where it {@link #awaitsFiles}, the
 *     same will do
 */
record HeldSite(SiteSnapshot snapshot, @Nullable Serving live, long version) {
  HeldSite(SiteSnapshot snapshot, @Nullable Serving live) {
    this(snapshot, live, snapshot.version());
  }

  /** Whether the files are still those of the deployment before, until the snapshot's are read. */
  boolean awaitsFiles() {
    return live != null && !live.files().deployment().equals(snapshot.deployment());
  }

  /** Whether another snapshot takes its place. */
  boolean givesWayTo(SiteSnapshot other) {
    return version < other.version() || (version == other.version() && awaitsFiles());
  }
}
