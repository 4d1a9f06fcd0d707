package dev.portico.content.change;

import dev.portico.content.error.Problem;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What gateways ask, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class ChangeController {
  private final ChangeFeed feed;
  private final FeedHead head;
  private final GatewayRegistry gateways;
  private final SnapshotSource snapshots;
  private final ChangeSettings settings;
  private final Clock clock;

  ChangeController(
      ChangeFeed feed,
      FeedHead head,
      GatewayRegistry gateways,
      SnapshotSource snapshots,
      ChangeSettings settings,
      Clock clock) {
    this.feed = feed;
    this.head = head;
    this.gateways = gateways;
    this.snapshots = snapshots;
    this.settings = settings;
    this.clock = clock;
  }

  /** Answers the changes after a position, waiting for the first one. */
  @Post("/changes")
  ChangesResponse changes(@Valid @Body ChangesRequest request) {
    Instant lease = clock.instant().plus(settings.gatewayLease());
    Map<String, Long> counters = request.counters() == null ? Map.of() : request.counters();
    gateways.polled(request.gateway(), request.after(), counters, lease);
    long position = feed.position();
    if (position == request.after()) {
      Duration wait = Duration.ofMillis(request.waitMillis());
      head.await(
          position, wait.compareTo(settings.longestWait()) < 0 ? wait : settings.longestWait());
      position = Math.max(position, head.known());
    }
    Optional<List<Change>> changes = feed.after(request.after(), position);
    if (changes.isEmpty()) {
      throw Problem.gone("This position is not, or no longer, one of the feed. Load everything.");
    }
    List<Change> found = changes.get();
    return new ChangesResponse(found.isEmpty() ? request.after() : found.getLast().number(), found);
  }

  /** A page of all sites' snapshots. */
  @Get("/snapshots")
  SnapshotsResponse snapshots(@Nullable @QueryValue String cursor) {
    long position = feed.position();
    SnapshotSource.SnapshotPage page = snapshots.snapshots(cursor);
    return new SnapshotsResponse(position, page.sites(), page.next());
  }

  /** One site's snapshot. */
  @Get("/sites/{site}/snapshot")
  Snapshot snapshot(String site) {
    return snapshots.snapshot(site).orElseThrow(() -> Problem.notFound("The site " + site));
  }
}
