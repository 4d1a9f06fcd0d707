package dev.portico.content.site;

import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Sites. */
@Controller("/v1/sites")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "sites")
class SiteController {
  private final SiteAccess access;
  private final Sites sites;

  SiteController(SiteAccess access, Sites sites) {
    this.access = access;
    this.sites = sites;
  }

  /** Creates a site; the caller becomes its owner. */
  @Post
  @Status(HttpStatus.CREATED)
  @SiteCreated
  @Operation(operationId = "createSite")
  HttpResponse<Site> create(
      @Parameter(hidden = true) Caller caller, @Valid @Body Site.Creation site) {
    Site created = sites.create(caller, site);
    return HttpResponse.created(created, URI.create("/v1/sites/" + created.name()))
        .header("ETag", EntityTag.of(created.version()));
  }

  /** Lists the sites that the caller is a member of, or all for admins. */
  @Get
  @Operation(operationId = "listSites")
  Site.SitePage list(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    return sites.list(caller, Paging.limit(limit), cursor);
  }

  /** Shows a site. */
  @Get("/{site}")
  @Versioned
  @Operation(operationId = "getSite")
  HttpResponse<Site> get(@Parameter(hidden = true) Caller caller, String site) {
    return tagged(sites.show(access.requireEvenDeleted(caller, site, Action.READ)));
  }

  /** Changes the title. */
  @Patch("/{site}")
  @Versioned
  @Operation(operationId = "updateSite")
  HttpResponse<Site> patch(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header("If-Match") String ifMatch,
      @Valid @Body Site.Patch patch) {
    access.require(caller, site, Action.MANAGE);
    if (ifMatch == null) {
      throw Problem.preconditionRequired();
    }
    return tagged(sites.patch(caller, site, EntityTag.version(ifMatch), patch));
  }

  /** Deletes a site; it can be restored for 30 days. */
  @Delete("/{site}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteSite")
  void delete(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header("If-Match") String ifMatch) {
    access.requireEvenDeleted(caller, site, Action.MANAGE);
    sites.delete(caller, site, EntityTag.version(ifMatch));
  }

  /** Restores a deleted site as it was. */
  @Post("/{site}/restore")
  @Versioned
  @Operation(operationId = "restoreSite")
  HttpResponse<Site> restore(@Parameter(hidden = true) Caller caller, String site) {
    Item item = access.requireEvenDeleted(caller, site, Action.MANAGE);
    return tagged(sites.restore(caller, item));
  }

  /** A site with its version as ETag. */
  static HttpResponse<Site> tagged(Site site) {
    return HttpResponse.ok(site).header("ETag", EntityTag.of(site.version()));
  }
}
