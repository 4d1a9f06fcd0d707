package dev.portico.content.deployment;

import dev.portico.content.conditional.IfMatch;
import dev.portico.content.conditional.Tagged;
import dev.portico.content.deployment.DeploymentView.AliasPage;
import dev.portico.content.deployment.DeploymentView.AliasRequest;
import dev.portico.content.deployment.DeploymentView.AliasView;
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
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/** Aliases of a site. */
@Controller("/v1/sites/{site}/aliases")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "deployments")
class AliasController {
  private final SiteAccess access;
  private final Aliases aliases;
  private final DeploymentViews views;

  AliasController(SiteAccess access, Aliases aliases, DeploymentViews views) {
    this.access = access;
    this.aliases = aliases;
    this.views = views;
  }

  /** Lists the aliases, by name. */
  @Get
  @Operation(operationId = "listAliases")
  AliasPage list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.require(caller, site, Action.READ);
    Aliases.AliasesPage page = aliases.page(site, Paging.limit(limit), cursor);
    return new AliasPage(
        page.items().stream().map(alias -> views.view(site, alias)).toList(), page.next());
  }

  /** Shows an alias. */
  @Get("/{alias}")
  @Tagged
  @Operation(operationId = "getAlias")
  HttpResponse<AliasView> get(@Parameter(hidden = true) Caller caller, String site, String alias) {
    access.require(caller, site, Action.READ);
    return tagged(HttpStatus.OK, site, aliases.get(site, alias));
  }

  /**
   * Points an alias to a deployment. 201 when it is new. With If-Match only if it is what this ETag
   * says.
   */
  @Put("/{alias}")
  @AliasPointed
  @Operation(operationId = "putAlias")
  HttpResponse<AliasView> put(
      @Parameter(hidden = true) Caller caller,
      String site,
      String alias,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body AliasRequest request) {
    access.require(caller, site, Action.ACTIVATE);
    Aliases.Pointed pointed =
        aliases.put(caller, site, alias, request.deployment(), IfMatch.of(ifMatch));
    return tagged(pointed.created() ? HttpStatus.CREATED : HttpStatus.OK, site, pointed.alias());
  }

  /**
   * Removes an alias. The deployment stays until its time is over. With If-Match only if it is what
   * this ETag says.
   */
  @Delete("/{alias}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteAlias")
  void delete(
      @Parameter(hidden = true) Caller caller,
      String site,
      String alias,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.ACTIVATE);
    aliases.delete(caller, site, alias, IfMatch.of(ifMatch));
  }

  private HttpResponse<AliasView> tagged(HttpStatus status, String site, Aliases.Alias alias) {
    return HttpResponse.<AliasView>status(status)
        .body(views.view(site, alias))
        .header(HttpHeaders.ETAG, alias.tag());
  }
}
