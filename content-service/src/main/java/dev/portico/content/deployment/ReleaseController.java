package dev.portico.content.deployment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.GradualRelease;
import dev.portico.content.site.Site;
import dev.portico.content.site.Sites;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Gradual releases: a share of a site's viewers gets a deployment before all do. */
@Controller("/v1/sites/{site}/release")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "deployments")
class ReleaseController {
  /** How many requests it takes to judge a release unless it says so. */
  private static final int MIN_REQUESTS = 100;

  private final SiteAccess access;
  private final Releases releases;
  private final Sites sites;
  private final ReleaseWatch watch;

  ReleaseController(SiteAccess access, Releases releases, Sites sites, ReleaseWatch watch) {
    this.access = access;
    this.releases = releases;
    this.sites = sites;
    this.watch = watch;
  }

  /**
   * Who gets what.
   *
   * @param deployment the id of a sealed deployment of the site
   * @param percent the share of the viewers, 1 to 99; activate it for all
   * @param maxErrorRate rolls it back when the share of failing requests of its viewers is so many
   *     percent above that of others', 0 to 99; null: it is not rolled back by itself
   * @param minRequests how many requests of its viewers it takes to judge it, 1 to 5,000; null:
   *     100; not without maxErrorRate
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ReleaseRequest")
  record Request(
      @NotNull String deployment,
      @Min(1) @Max(99) int percent,
      @Nullable @DecimalMin("0") @DecimalMax("99") Double maxErrorRate,
      @Nullable @Min(1) @Max(5_000) Integer minRequests) {}

  /**
   * How a site's release is.
   *
   * @param release what is under way, null: nothing
   * @param counts what viewers got of it until now, null: it has no maxErrorRate
   * @param rolledBack the release that was ended because of its errors, until the next one or an
   *     activation; null: none was
   */
  @Serdeable
  @Schema(name = "ReleaseStatus")
  record Status(
      Site.@Nullable Release release,
      @Nullable ReleaseCounts counts,
      Site.@Nullable RolledBack rolledBack) {}

  /** Shows the gradual release that is under way, and what viewers got of it until now. */
  @Get
  @Versioned
  @Operation(operationId = "getRelease")
  HttpResponse<Status> get(@Parameter(hidden = true) Caller caller, String site) {
    Item item = access.require(caller, site, Action.READ);
    Site shown = sites.show(item);
    ReleaseCounts counts = watch.counts(item, site).orElse(null);
    return HttpResponse.ok(new Status(shown.release(), counts, shown.rolledBack()))
        .header(HttpHeaders.ETAG, EntityTag.of(shown.version()));
  }

  /**
   * Begins a gradual release, or changes its share. A viewer keeps what they have when the share is
   * raised. It ends with any activation, with a rollback, when it is deleted, or by itself when
   * more of its viewers' requests fail than maxErrorRate allows.
   */
  @Put
  @Versioned
  @Operation(operationId = "releaseGradually")
  HttpResponse<Site> put(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body Request request) {
    access.require(caller, site, Action.ACTIVATE);
    Long expected = EntityTag.version(ifMatch);
    releases.put(caller, site, request.deployment(), request.percent(), bound(request), expected);
    return shown(site);
  }

  /** Ends a gradual release: all viewers get the live deployment. */
  @Delete
  @Versioned
  @Operation(operationId = "endRelease")
  HttpResponse<Site> delete(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.ACTIVATE);
    releases.end(caller, site, EntityTag.version(ifMatch));
    return shown(site);
  }

  private static GradualRelease.@Nullable Bound bound(Request request) {
    Double maxErrorRate = request.maxErrorRate();
    Integer minRequests = request.minRequests();
    if (maxErrorRate == null) {
      if (minRequests != null) {
        throw Problem.invalid("minRequests", "is of no use without maxErrorRate");
      }
      return null;
    }
    return new GradualRelease.Bound(maxErrorRate, minRequests == null ? MIN_REQUESTS : minRequests);
  }

  private HttpResponse<Site> shown(String name) {
    Site site = sites.find(name).orElseThrow();
    return HttpResponse.ok(site).header(HttpHeaders.ETAG, EntityTag.of(site.version()));
  }
}
