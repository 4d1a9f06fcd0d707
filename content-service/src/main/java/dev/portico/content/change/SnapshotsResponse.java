package dev.portico.content.change;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of all snapshots (deploy/contracts/snapshots-page.json).
 *
 * @param position the feed's head, read before the sites
 * @param mark that head's mark, to be sent with the position
 * @param sites by name
 * @param damaged those among them that are there and cannot be read
 * @param next cursor of the following page
 */
@Serdeable
record SnapshotsResponse(
    long position,
    @Nullable String mark,
    List<Snapshot> sites,
    List<SnapshotSource.Damaged> damaged,
    @Nullable String next) {}
