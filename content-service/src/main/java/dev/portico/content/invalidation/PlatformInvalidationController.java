package dev.portico.content.invalidation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.change.Change;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
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
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Invalidations of everything that is stored of all sites; for admins. */
@Controller("/v1/platform/invalidations")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "platform")
class PlatformInvalidationController {
  private static final String PATH = "/v1/platform/invalidations/";

  private final Invalidations invalidations;

  PlatformInvalidationController(Invalidations invalidations) {
    this.invalidations = invalidations;
  }

  /**
   * An invalidation of everything.
   *
   * @param callerReference tells a repeat from a new order, as that of a site's does; the audit log
   *     has it, so that it may say why
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "PlatformInvalidationRequest")
  record Request(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String callerReference) {}

  /**
   * Has every gateway forget all responses of HTTP origins, of all sites. wait: so many seconds (0
   * to 30) the answer waits for completion.
   */
  @Post
  @InvalidationMade
  @Operation(operationId = "invalidatePlatform")
  HttpResponse<Invalidation> create(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = InvalidationController.NO_WAIT) int wait,
      @Body Request request) {
    admin(caller);
    Duration longest = InvalidationController.longest(wait);
    Invalidations.Made made =
        invalidations.create(
            caller, Change.PLATFORM, Batch.all(request.callerReference()), longest);
    return HttpResponse.<Invalidation>status(made.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .header(HttpHeaders.LOCATION, PATH + made.invalidation().id())
        .body(made.invalidation());
  }

  /** Lists those of the last 30 days, newest first. */
  @Get
  @Operation(operationId = "listPlatformInvalidations")
  InvalidationPage list(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    admin(caller);
    return invalidations.list(Change.PLATFORM, Paging.limit(limit), cursor);
  }

  /**
   * Shows one, and the gateways that it waits for. wait: so many seconds (0 to 30) the answer waits
   * for completion.
   */
  @Get("/{id}")
  @Operation(operationId = "getPlatformInvalidation")
  Invalidation get(
      @Parameter(hidden = true) Caller caller,
      String id,
      @QueryValue(defaultValue = InvalidationController.NO_WAIT) int wait) {
    admin(caller);
    return invalidations.get(Change.PLATFORM, id, InvalidationController.longest(wait));
  }

  private static void admin(Caller caller) {
    if (!caller.admin()) {
      throw Problem.forbidden("Only members of the group admins run the platform.");
    }
  }
}
