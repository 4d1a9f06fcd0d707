package dev.portico.content.deployment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the API shows it.
 *
 * @param id derived from its files: the same files have the same id
 * @param site whose it is
 * @param state {@code uploading}, {@code sealed} or {@code deleted}
 * @param title what its first publisher calls it; the audit log has what later ones do
 * @param revision the source revision it was first built from, likewise
 * @param author who published it: a Cognito sub, or {@code token:} and a deploy token's id
 * @param createdAt when its publication began
 * @param sealedAt when it became complete
 * @param files number of files
 * @param bytes their total size
 * @param newBlobs how many different contents had not been stored before
 * @param newBytes their total size
 * @param active whether the site shows it
 * @param url where the site is
 * @param previewUrl where this deployment is, live or not
 * @param aliases the names that point to it
 */
@Serdeable
@Schema(name = "Deployment")
record DeploymentView(
    String id,
    String site,
    String state,
    @Nullable String title,
    @Nullable String revision,
    String author,
    Instant createdAt,
    @Nullable Instant sealedAt,
    long files,
    long bytes,
    long newBlobs,
    long newBytes,
    boolean active,
    String url,
    String previewUrl,
    List<String> aliases) {

  /**
   * A page of deployments, newest first.
   *
   * @param items the deployments
   * @param next cursor of the page after, null when this is the last
   */
  @Serdeable
  @Schema(name = "DeploymentPage")
  record DeploymentPage(List<DeploymentView> items, @Nullable String next) {}

  /**
   * What has to be sent.
   *
   * @param id of the deployment
   * @param state {@code uploading}, or {@code sealed} when there is nothing left to do
   * @param missing the digests that are not stored yet
   */
  @Serdeable
  @Schema(name = "Upload")
  record Upload(String id, String state, List<String> missing) {}

  /**
   * A file of a deployment.
   *
   * @param path absolute
   * @param sha256 its digest
   * @param size in bytes
   * @param type media type
   */
  @Serdeable
  @Schema(name = "DeploymentFile")
  record FileView(String path, String sha256, long size, String type) {}

  /**
   * A page of files in order of their paths.
   *
   * @param items the files
   * @param next cursor of the page after, null when this is the last
   */
  @Serdeable
  @Schema(name = "DeploymentFilePage")
  record FileViewPage(List<FileView> items, @Nullable String next) {}

  /**
   * An alias.
   *
   * @param name its name
   * @param deployment what it points to
   * @param url where it is
   * @param updatedAt when it was set last
   * @param updatedBy who did
   */
  @Serdeable
  @Schema(name = "Alias")
  record AliasView(
      String name, String deployment, String url, Instant updatedAt, String updatedBy) {}

  /**
   * A page of a site's aliases.
   *
   * @param items by name
   * @param next cursor of the page after, null when this is the last
   */
  @Serdeable
  @Schema(name = "AliasPage")
  record AliasPage(List<AliasView> items, @Nullable String next) {}

  /**
   * Where an alias is to point.
   *
   * @param deployment the id of a sealed deployment of the site
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "AliasRequest")
  record AliasRequest(@NotNull String deployment) {}
}
