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
import java.util.Map;
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
    FeedPosition after = new FeedPosition(request.after(), request.mark());
    FeedPosition end = head.read();
    if (end.number() == after.number() && !after.contradicts(end.mark())) {
      Duration wait = Duration.ofMillis(request.waitMillis());
      head.await(
          end.number(), wait.compareTo(settings.longestWait()) < 0 ? wait : settings.longestWait());
      FeedPosition known = head.known();
      end = known.number() > end.number() ? known : end;
    }
    return feed.after(after, end)
        .orElseThrow(
            () ->
                Problem.gone(
                    "This position is not, or no longer, one of the feed. Load everything."));
  }

  /** A page of all sites' snapshots. */
  @Get("/snapshots")
  SnapshotsResponse snapshots(@Nullable @QueryValue String cursor) {
    FeedPosition position = head.read();
    SnapshotSource.SnapshotPage page = snapshots.snapshots(cursor);
    return new SnapshotsResponse(position.number(), position.mark(), page.sites(), page.next());
  }

  /** One site's snapshot. */
  @Get("/sites/{site}/snapshot")
  Snapshot snapshot(String site) {
    return snapshots.snapshot(site).orElseThrow(() -> Problem.notFound("The site " + site));
  }
}
