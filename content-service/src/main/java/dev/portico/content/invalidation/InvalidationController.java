package dev.portico.content.invalidation;

import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Invalidations of a site's cached responses. */
@Controller("/v1/sites/{site}/invalidations")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "invalidations")
class InvalidationController {
  static final String NO_WAIT = "0";

  private final SiteAccess access;
  private final Invalidations invalidations;

  InvalidationController(SiteAccess access, Invalidations invalidations) {
    this.access = access;
    this.invalidations = invalidations;
  }

  /**
   * Has every gateway forget the responses of HTTP origins that these paths or tags name. Made once
   * for each callerReference: a repeat with the same content answers 200 and the same invalidation,
   * one with another content 409 invalidation-exists. wait: so many seconds (0 to 30) the answer
   * waits for completion.
   */
  @Post
  @InvalidationMade
  @Operation(operationId = "createInvalidation")
  HttpResponse<Invalidation> create(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = NO_WAIT) int wait,
      @Body InvalidationRequest request) {
    access.require(caller, site, Action.INVALIDATE);
    Duration longest = longest(wait);
    Invalidations.Made made = invalidations.create(caller, site, Batch.of(request), longest);
    return HttpResponse.<Invalidation>status(made.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .header(
            HttpHeaders.LOCATION,
            "/v1/sites/" + site + "/invalidations/" + made.invalidation().id())
        .body(made.invalidation());
  }

  /** Lists the invalidations of the last 30 days, newest first, without what they name. */
  @Get
  @Operation(operationId = "listInvalidations")
  InvalidationPage list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.require(caller, site, Action.READ);
    return invalidations.list(site, Paging.limit(limit), cursor);
  }

  /**
   * Shows an invalidation, and the gateways that it waits for. wait: so many seconds (0 to 30) the
   * answer waits for completion.
   */
  @Get("/{id}")
  @Operation(operationId = "getInvalidation")
  Invalidation get(
      @Parameter(hidden = true) Caller caller,
      String site,
      String id,
      @QueryValue(defaultValue = NO_WAIT) int wait) {
    access.require(caller, site, Action.READ);
    return invalidations.get(site, id, longest(wait));
  }

  /**
   * How long an answer waits.
   *
   * @throws Problem 400 for less than nothing and more than 30 seconds
   */
  static Duration longest(int seconds) {
    Duration wait = Duration.ofSeconds(seconds);
    if (wait.isNegative() || wait.compareTo(InvalidationLimits.WAIT) > 0) {
      throw Problem.invalid("wait", "is not between 0 and " + InvalidationLimits.WAIT.toSeconds());
    }
    return wait;
  }
}
