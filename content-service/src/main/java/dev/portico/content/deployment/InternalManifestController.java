package dev.portico.content.deployment;

import dev.portico.content.error.Problem;
import dev.portico.content.s3.OpenObject;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Gives gateways the manifests of deployments, on the internal port only
 * (deploy/contracts/manifest.json).
 */
@Hidden
@Controller(
    value = "/internal/sites/{site}/deployments/{id}/manifest",
    port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalManifestController {
  private final DeploymentTable deployments;
  private final ManifestStore manifests;
  private final Clock clock;

  InternalManifestController(DeploymentTable deployments, ManifestStore manifests, Clock clock) {
    this.deployments = deployments;
    this.manifests = manifests;
    this.clock = clock;
  }

  /**
   * The manifest as it is stored; 404 when there is no sealed deployment, 410 when it has been
   * deleted.
   */
  @Get(headRoute = false) // a HEAD would leave the stream open
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<?> manifest(
      String site, String id, @Nullable @Header(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
    DeploymentRecord record =
        deployments
            .get(site, id, clock.instant())
            .filter(found -> found.state() != DeploymentState.UPLOADING)
            .orElseThrow(() -> Problem.notFound("The deployment " + id));
    if (record.state() == DeploymentState.DELETED) {
      throw Problem.gone("The deployment " + id + " has been deleted.");
    }
    String etag = '"' + id + '"';
    if (etag.equals(ifNoneMatch)) {
      return HttpResponse.notModified().header(HttpHeaders.ETAG, etag);
    }
    OpenObject manifest =
        manifests
            .open(record)
            .orElseThrow(() -> new IllegalStateException("the manifest of " + id + " is missing"));
    return HttpResponse.ok(
            new StreamedFile(
                manifest.stream(), MediaType.APPLICATION_JSON_TYPE, 0, manifest.length()))
        .header(HttpHeaders.ETAG, etag);
  }
}
