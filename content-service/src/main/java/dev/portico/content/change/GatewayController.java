package dev.portico.content.change;

import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateways that are alive, for those who run the platform. */
@Controller("/v1/gateways")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "gateways")
class GatewayController {
  private static final String SITES = "sites";

  private final GatewayRegistry gateways;
  private final FeedHead head;

  GatewayController(GatewayRegistry gateways, FeedHead head) {
    this.gateways = gateways;
    this.head = head;
  }

  /**
   * A gateway whose lease has not ended.
   *
   * @param id random id of its process
   * @param version of its release; null: it does not say
   * @param address that content-service sees it at; null: not known
   * @param position of the change feed up to which it has applied everything
   * @param lag how many changes of the feed it has not confirmed
   * @param invalidates whether it applies invalidations
   * @param leaseUntil alive at least until then
   * @param sites how many it knows; null: it does not say
   * @param counters everything it counted, by name
   */
  @Serdeable
  @Schema(name = "Gateway")
  record Shown(
      String id,
      @Nullable String version,
      @Nullable String address,
      long position,
      long lag,
      boolean invalidates,
      Instant leaseUntil,
      @Nullable Long sites,
      Map<String, Long> counters) {
    /** Keeps an unmodifiable copy. */
    Shown {
      counters = Map.copyOf(counters);
    }

    static Shown of(GatewayRegistry.Gateway gateway, long end) {
      return new Shown(
          gateway.id(),
          gateway.version(),
          gateway.address(),
          gateway.position(),
          Math.max(0, end - gateway.position()),
          gateway.invalidates(),
          gateway.leaseUntil(),
          gateway.counters().get(SITES),
          gateway.counters());
    }
  }

  /**
   * A page.
   *
   * @param items by id
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "GatewayPage")
  record ShownPage(List<Shown> items, @Nullable String next) {}

  /** Lists the live gateways, by id; for admins. A page may have fewer of them than its limit. */
  @Get
  @Operation(operationId = "listGateways")
  ShownPage list(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    if (!caller.admin()) {
      throw Problem.forbidden("Only members of the group admins see the gateways.");
    }
    GatewayRegistry.GatewayPage page = gateways.page(Paging.limit(limit), cursor);
    long end = head.read().number();
    return new ShownPage(
        page.items().stream().map(gateway -> Shown.of(gateway, end)).toList(), page.next());
  }
}
