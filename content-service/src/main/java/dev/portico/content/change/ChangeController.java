package dev.portico.content.change;

import dev.portico.content.error.Problem;
import io.micronaut.http.HttpRequest;
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
  private final CounterListener listener;
  private final ChangeSettings settings;
  private final Clock clock;

  ChangeController(
      ChangeFeed feed,
      FeedHead head,
      GatewayRegistry gateways,
      SnapshotSource snapshots,
      CounterListener listener,
      ChangeSettings settings,
      Clock clock) {
    this.feed = feed;
    this.head = head;
    this.gateways = gateways;
    this.snapshots = snapshots;
    this.listener = listener;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Answers the changes after a position, waiting for the first one. Nobody waits at a copy that
   * stops: whoever would is sent to another one, and does not ask here again and again.
   */
  @Post("/changes")
  ChangesResponse changes(HttpRequest<?> http, @Valid @Body ChangesRequest request) {
    Instant lease = clock.instant().plus(settings.gatewayLease());
    Map<String, Long> counters = request.counters() == null ? Map.of() : request.counters();
    boolean invalidates = Boolean.TRUE.equals(request.invalidates());
    var gateway =
        new GatewayRegistry.Gateway(
            request.gateway(),
            request.version(),
            http.getRemoteAddress().getHostString(),
            request.after(),
            invalidates,
            lease,
            counters);
    FeedPosition after = new FeedPosition(request.after(), request.mark());
    // A number of another history must not be taken for a confirmation, not for a moment.
    if (!feed.has(after, head.read())) {
      gateways.polled(gateway.knowingNothing());
      throw gone();
    }
    gateways.polled(gateway);
    listener.counted(counters);
    // Read again: what came before the gateway counted as alive, nobody waits to be confirmed.
    FeedPosition end = head.read();
    if (end.number() == after.number()
        && !after.contradicts(end.mark())
        && request.waitMillis() > 0) {
      if (head.closed()) {
        throw Problem.unavailable("This copy is stopping. Ask another one.")
            .header("Connection", "close");
      }
      Duration wait = Duration.ofMillis(request.waitMillis());
      head.await(
          end.number(), wait.compareTo(settings.longestWait()) < 0 ? wait : settings.longestWait());
      FeedPosition known = head.known();
      end = known.number() > end.number() ? known : end;
    }
    Optional<ChangesResponse> changes = feed.after(after, end);
    if (changes.isEmpty()) {
      gateways.polled(gateway.knowingNothing());
      throw gone();
    }
    return changes.get();
  }

  private static Problem gone() {
    return Problem.gone("This position is not, or no longer, one of the feed. Load everything.");
  }

  /** A page of all sites' snapshots. */
  @Get("/snapshots")
  SnapshotsResponse snapshots(@Nullable @QueryValue String cursor) {
    FeedPosition position = head.read();
    SnapshotSource.SnapshotPage page = snapshots.snapshots(cursor);
    return new SnapshotsResponse(
        position.number(), position.mark(), page.sites(), page.damaged(), page.next());
  }

  /** One site's snapshot. */
  @Get("/sites/{site}/snapshot")
  Snapshot snapshot(String site) {
    return snapshots.snapshot(site).orElseThrow(() -> Problem.notFound("The site " + site));
  }
}
