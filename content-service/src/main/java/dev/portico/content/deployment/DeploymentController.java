package dev.portico.content.deployment;

import dev.portico.content.blob.BlobStore;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.deployment.DeploymentView.DeploymentPage;
import dev.portico.content.deployment.DeploymentView.FileView;
import dev.portico.content.deployment.DeploymentView.FileViewPage;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done with deployments once they are there. */
@Controller("/v1/sites/{site}")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "deployments")
class DeploymentController {
  private static final MediaType TAR = MediaType.of("application/x-tar");

  private final SiteAccess access;
  private final DeploymentTable deployments;
  private final ManifestStore manifests;
  private final BlobStore blobs;
  private final Activations activations;
  private final SealedDeployments sealed;
  private final Deletion deletion;
  private final DeploymentViews views;
  private final Table table;
  private final Clock clock;

  DeploymentController(
      SiteAccess access,
      DeploymentTable deployments,
      ManifestStore manifests,
      BlobStore blobs,
      Activations activations,
      SealedDeployments sealed,
      Deletion deletion,
      DeploymentViews views,
      Table table,
      Clock clock) {
    this.access = access;
    this.deployments = deployments;
    this.manifests = manifests;
    this.blobs = blobs;
    this.activations = activations;
    this.sealed = sealed;
    this.deletion = deletion;
    this.views = views;
    this.table = table;
    this.clock = clock;
  }

  /** Lists deployments, newest first. Deleted ones are not listed. */
  @Get("/deployments")
  @Operation(operationId = "listDeployments")
  DeploymentPage list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    Item item = access.require(caller, site, Action.READ);
    Page page = deployments.newest(site, Paging.limit(limit), cursor);
    return new DeploymentPage(
        views.views(
            item,
            site,
            page.items().stream()
                .map(DeploymentRecord::of)
                .filter(record -> !record.forgotten(clock.instant()))
                .toList()),
        page.next());
  }

  /** Shows a deployment, deleted or not. */
  @Get("/deployments/{id}")
  @Operation(operationId = "getDeployment")
  DeploymentView get(@Parameter(hidden = true) Caller caller, String site, String id) {
    Item item = access.require(caller, site, Action.READ);
    return views.view(item, found(site, id));
  }

  /**
   * Lists a deployment's files in order of their paths.
   *
   * @param prefix only paths that start so
   */
  @Get("/deployments/{id}/files")
  @Operation(operationId = "listFiles")
  FileViewPage files(
      @Parameter(hidden = true) Caller caller,
      String site,
      String id,
      @QueryValue(defaultValue = "/") String prefix,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor)
      throws IOException {
    access.require(caller, site, Action.READ);
    String from = FilePage.from(prefix, cursor);
    int most = Paging.limit(limit);
    // One more tells whether there is another page; one is where the page before has ended.
    try (StoredManifest manifest = manifest(site, id, from, most + 2)) {
      FilePage page = FilePage.of(manifest, prefix, most, cursor);
      return new FileViewPage(
          page.files().stream()
              .map(file -> new FileView(file.path(), file.sha256(), file.size(), file.type()))
              .toList(),
          page.next());
    }
  }

  // HEAD is refused for what is streamed: the framework would open the stream and never close it.

  /** Downloads one file, or a range of it. */
  @Get(uri = "/deployments/{id}/files/{path:.+}", headRoute = false)
  @Produces("*/*")
  @FileAnswer
  @Operation(operationId = "downloadFile")
  HttpResponse<?> file(
      @Parameter(hidden = true) Caller caller,
      HttpRequest<?> http,
      String site,
      String id,
      String path,
      @Nullable @Header(HttpHeaders.RANGE) String range,
      @Nullable @Header(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch)
      throws IOException {
    access.require(caller, site, Action.READ);
    String asked = "/" + withPluses(path, http.getUri());
    Optional<ManifestFile> file;
    try (StoredManifest manifest = manifest(site, id, asked, 1)) {
      file = FilePage.find(manifest, asked);
    }
    return FileDownload.of(
        file.orElseThrow(() -> Problem.notFound("The file " + asked)), blobs, range, ifNoneMatch);
  }

  /**
   * The end of a path as it was asked for: the framework takes a plus for a space there too, which
   * it is in queries alone (RFC 3986).
   */
  private static String withPluses(String path, URI uri) {
    String all = uri.getPath();
    int start = all.length() - path.length();
    return start >= 0 ? all.substring(start) : path;
  }

  /** Downloads all files as a tar archive. */
  @Get(uri = "/deployments/{id}/archive", headRoute = false)
  @Produces("*/*")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/x-tar",
              schema = @Schema(type = "string", format = "binary")))
  @Operation(operationId = "downloadArchive")
  HttpResponse<UndatedFile> archive(
      @Parameter(hidden = true) Caller caller, String site, String id) {
    access.require(caller, site, Action.READ);
    DeploymentRecord record = sealed.require(site, id);
    TarStream tar =
        new TarStream(
            manifest(site, id),
            blobs,
            record.sealedAt() == null ? record.createdAt() : record.sealedAt());
    return HttpResponse.ok(new UndatedFile(tar, TAR, -1))
        // Its files do not change, but who may read them does.
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(
            HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + site + "-" + id + ".tar\"")
        .header("X-Content-Type-Options", "nosniff");
  }

  /** Deletes a deployment that is neither live nor aliased, or gives up an upload. */
  @Delete("/deployments/{id}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteDeployment")
  void delete(@Parameter(hidden = true) Caller caller, String site, String id) {
    access.require(caller, site, Action.PUBLISH);
    deletion.delete(caller, site, id);
  }

  /** Makes the site show this deployment. With If-Match only if the site's version is this. */
  @Post("/deployments/{id}/activate")
  @Consumes("*/*")
  @Versioned
  @Operation(operationId = "activateDeployment")
  HttpResponse<DeploymentView> activate(
      @Parameter(hidden = true) Caller caller,
      String site,
      String id,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.ACTIVATE);
    long version = activations.activate(caller, site, id, EntityTag.version(ifMatch));
    return live(site, id, version);
  }

  /** Makes the site show what it showed before the deployment it shows now. */
  @Post("/rollback")
  @Consumes("*/*")
  @Versioned
  @Operation(operationId = "rollBack")
  HttpResponse<DeploymentView> rollBack(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    access.require(caller, site, Action.ACTIVATE);
    Activations.RolledBack back = activations.rollBack(caller, site, EntityTag.version(ifMatch));
    return live(site, back.deployment(), back.version());
  }

  private HttpResponse<DeploymentView> live(String site, String id, long version) {
    Item item = table.get(SiteAccess.siteKey(site)).orElseThrow();
    return HttpResponse.ok(views.view(item, found(site, id)))
        .header(HttpHeaders.ETAG, EntityTag.of(version));
  }

  private DeploymentRecord found(String site, String id) {
    return deployments
        .get(site, id, clock.instant())
        .orElseThrow(() -> Problem.notFound("The deployment " + id));
  }

  private StoredManifest manifest(String site, String id) {
    return there(id, manifests.openSealed(sealed.require(site, id)));
  }

  private StoredManifest manifest(String site, String id, String from, int files) {
    return there(id, manifests.openSealed(sealed.require(site, id), from, files));
  }

  private static StoredManifest there(String id, Optional<StoredManifest> manifest) {
    return manifest.orElseThrow(
        () -> new IllegalStateException("the manifest of " + id + " is missing"));
  }
}
