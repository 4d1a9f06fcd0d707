package dev.portico.content.deployment;

import dev.portico.content.blob.Digest;
import dev.portico.content.change.ChangeFeed;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.IfMatch;
import dev.portico.content.deployment.DeploymentView.Upload;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.request.QueryParameters;
import dev.portico.content.site.SiteLocks;
import dev.portico.content.site.Sites;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Publishing: a whole archive in one request, or by digests. Bodies are read as they arrive and
 * never held.
 */
@Controller("/v1/sites/{site}/deployments")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "publishing")
class PublicationController {
  private static final String ACTIVATE = "activate";
  private static final String ALIAS = "alias";

  private final SiteAccess access;
  private final Publication publication;
  private final Activations activations;
  private final Aliases aliases;
  private final DeploymentViews views;
  private final Table table;
  private final ChangeFeed feed;

  PublicationController(
      SiteAccess access,
      Publication publication,
      Activations activations,
      Aliases aliases,
      DeploymentViews views,
      Table table,
      ChangeFeed feed) {
    this.access = access;
    this.publication = publication;
    this.activations = activations;
    this.aliases = aliases;
    this.views = views;
    this.table = table;
    this.feed = feed;
  }

  /**
   * Publishes an archive: tar, plain or packed by gzip or Zstandard, or zip. Repeating it is
   * harmless: the same files are the same deployment.
   *
   * @param activate whether the site shows it at once; by default it does, unless an alias is given
   * @param alias a name to point to it
   * @param title what to call it
   * @param revision the source revision it was built from
   * @param ifMatch the version that the site must have, before and after the upload
   */
  @Put
  @Consumes("*/*")
  @RequestBody(
      required = true,
      description = "The archive. Its format is told by Content-Type, else by its first bytes.",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(type = "string", format = "binary")))
  @Published
  @Located
  @Operation(operationId = "publishArchive")
  HttpResponse<DeploymentView> publish(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @QueryValue Boolean activate,
      @Nullable @QueryValue String alias,
      @Nullable @QueryValue String title,
      @Nullable @QueryValue String revision,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Parameter(hidden = true) HttpRequest<?> request) {
    QueryParameters.requireNoneBut(request, ACTIVATE, ALIAS, "title", "revision");
    QueryParameters.requireFlag(request, ACTIVATE);
    boolean activates = activate == null ? alias == null : activate;
    Long version = EntityTag.version(ifMatch);
    Runnable allowed = () -> check(caller, site, activates, alias, version);
    allowed.run();
    PublicationDetails details = new PublicationDetails(caller.id(), title, revision);
    Publication.Result result =
        Refusals.told(
            () -> {
              try (InputStream body = body(request)) {
                return publication.archive(
                    caller,
                    site,
                    details,
                    body,
                    request.getHeaders().get(HttpHeaders.CONTENT_TYPE),
                    allowed);
              }
            });
    allowed.run();
    return point(caller, site, result, activates, alias, version);
  }

  /**
   * Begins a publication by digests: tells which of the files' contents are not stored yet. Send
   * each to {@code …/{id}/blobs/{sha256}}, then seal. Repeating it tells what is still missing.
   */
  @Post
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = ManifestBody.class)))
  @ApiResponse(
      responseCode = "201",
      description = "Begun",
      content =
          @Content(mediaType = "application/json", schema = @Schema(implementation = Upload.class)))
  @ApiResponse(responseCode = "200", description = "Known: begun before, or sealed")
  @Operation(operationId = "beginUpload")
  HttpResponse<Upload> begin(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Parameter(hidden = true) HttpRequest<?> request) {
    QueryParameters.requireNoneBut(request);
    access.require(caller, site, Action.PUBLISH);
    feed.requireUnfrozen();
    Publication.Begun begun =
        Refusals.told(
            () -> {
              try (InputStream body = body(request)) {
                return publication.begin(caller, site, body);
              }
            });
    boolean sealed = begun.deployment().state() == DeploymentState.SEALED;
    Upload upload =
        new Upload(
            begun.deployment().id(),
            (sealed ? DeploymentState.SEALED : DeploymentState.UPLOADING).text(),
            begun.missing().stream().map(Digest::hex).toList());
    return status(begun.created()).body(upload);
  }

  /** Sends the bytes of one digest. 201 when they were not stored before, 204 when they were. */
  @Put("/{id}/blobs/{sha256}")
  @Consumes("*/*")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(type = "string", format = "binary")))
  @ApiResponse(responseCode = "201", description = "Stored")
  @ApiResponse(responseCode = "204", description = "Was stored before")
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "putBlob")
  HttpResponse<Void> put(
      @Parameter(hidden = true) Caller caller,
      String site,
      String id,
      String sha256,
      @Parameter(hidden = true) HttpRequest<?> request) {
    access.require(caller, site, Action.PUBLISH);
    feed.requireUnfrozen();
    if (!Digest.isDigest(sha256)) {
      throw Problem.invalid("sha256", "must be 64 lower-case hex digits");
    }
    boolean stored =
        Refusals.told(
            () -> {
              try (InputStream body = body(request)) {
                return publication.put(
                    site, id, new Digest(sha256), request.getContentLength(), body);
              }
            });
    return HttpResponse.status(stored ? HttpStatus.CREATED : HttpStatus.NO_CONTENT);
  }

  /**
   * Completes a publication by digests. Repeating it is harmless.
   *
   * @param activate whether the site shows it at once; by default it does not
   * @param alias a name to point to it
   * @param ifMatch the version that the site must have
   */
  @Post("/{id}/seal")
  @Consumes("*/*")
  @Located
  @Operation(operationId = "sealDeployment")
  HttpResponse<DeploymentView> seal(
      @Parameter(hidden = true) Caller caller,
      String site,
      String id,
      @QueryValue(defaultValue = "false") boolean activate,
      @Nullable @QueryValue String alias,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Parameter(hidden = true) HttpRequest<?> request) {
    QueryParameters.requireNoneBut(request, ACTIVATE, ALIAS);
    QueryParameters.requireFlag(request, ACTIVATE);
    Long version = EntityTag.version(ifMatch);
    check(caller, site, activate, alias, version);
    Publication.Result result = Refusals.told(() -> publication.seal(caller, site, id));
    check(caller, site, activate, alias, version);
    return point(
        caller, site, new Publication.Result(result.deployment(), false), activate, alias, version);
  }

  /**
   * Before anything is read, so that nobody uploads gigabytes to learn that they may not; and after
   * it, since rights may have been taken away meanwhile.
   */
  private void check(
      Caller caller,
      String site,
      boolean activates,
      @Nullable String alias,
      @Nullable Long version) {
    Item current = access.require(caller, site, Action.PUBLISH);
    Sites.requireVersion(current, version);
    feed.requireUnfrozen();
    if (alias != null) {
      AliasName.checked(alias);
    }
    if (activates || alias != null) {
      access.require(caller, site, Action.ACTIVATE);
    }
    if (activates) {
      SiteLocks.requireUnlocked(current);
    }
  }

  private HttpResponse<DeploymentView> point(
      Caller caller,
      String site,
      Publication.Result result,
      boolean activates,
      @Nullable String alias,
      @Nullable Long version) {
    String id = result.deployment().id();
    if (activates && alias != null) {
      aliases.require(site, alias, id);
    }
    // First what depends on the version: setting an alias makes a new one.
    if (activates) {
      activations.activate(caller, site, id, version);
    }
    if (alias != null) {
      aliases.put(caller, site, alias, id, IfMatch.ABSENT);
    }
    Item current = table.get(SiteAccess.siteKey(site)).orElseThrow();
    return status(result.created())
        .body(views.view(current, result.deployment()))
        .header(HttpHeaders.LOCATION, "/v1/sites/" + site + "/deployments/" + id);
  }

  private static <T> MutableHttpResponse<T> status(boolean created) {
    return HttpResponse.status(created ? HttpStatus.CREATED : HttpStatus.OK);
  }

  private static InputStream body(HttpRequest<?> request) {
    if (request instanceof ServerHttpRequest<?> server) {
      return new RequestStream(server.byteBody().toInputStream());
    }
    throw new IllegalStateException("not a request as the server receives it");
  }
}
