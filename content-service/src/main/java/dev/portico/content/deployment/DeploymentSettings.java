package dev.portico.content.deployment;

import dev.portico.content.deployment.manifest.ManifestLimits;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * How large deployments may be and how long they are kept.
 *
 * @param maxFiles most files of a deployment
 * @param maxBytes most bytes of a deployment
 * @param maxFileBytes most bytes of one file
 * @param maxPathBytes most bytes of UTF-8 of one path
 * @param maxRatio how many times as large as an archive its files may be together, beyond the first
 *     64 MiB
 * @param maxZipBytes most bytes of a zip archive, which is spooled to disk
 * @param maxSpoolBytes most bytes of all zip archives that this copy spools at the same time
 * @param maxPublications most archives that this copy publishes at the same time; more are answered
 *     503 with {@code Retry-After}
 * @param uploadExpiry how long an upload by digests may take, from its manifest to its sealing
 * @param keepActivated how many of the deployments activated last are kept
 * @param keepPreviews how long a deployment that is neither among those nor aliased is kept after
 *     it was sealed
 * @param tombstoneGrace how long the manifest of a deleted deployment is kept and its blobs with
 *     it; must not be shorter than the window within which the table can be restored
 * @param retentionInterval how often old deployments are looked for
 */
@ConfigurationProperties("portico.deployment")
record DeploymentSettings(
    @Min(1) @Max(1_000_000) @Bindable(defaultValue = "100000") int maxFiles,
    @Min(1) @ReadableBytes @Bindable(defaultValue = "20GB") long maxBytes,
    @Min(1) @ReadableBytes @Bindable(defaultValue = "10GB") long maxFileBytes,
    @Min(16) @Max(1024) @Bindable(defaultValue = "1024") int maxPathBytes,
    @Min(1) @Bindable(defaultValue = "200") int maxRatio,
    @Min(1) @ReadableBytes @Bindable(defaultValue = "5GB") long maxZipBytes,
    @Min(1) @ReadableBytes @Bindable(defaultValue = "20GB") long maxSpoolBytes,
    @Min(1) @Max(10_000) @Bindable(defaultValue = "32") int maxPublications,
    @Bindable(defaultValue = "24h") Duration uploadExpiry,
    @Min(1) @Max(1000) @Bindable(defaultValue = "20") int keepActivated,
    @Bindable(defaultValue = "30d") Duration keepPreviews,
    @Bindable(defaultValue = "35d") Duration tombstoneGrace,
    @Bindable(defaultValue = "1h") Duration retentionInterval) {

  ManifestLimits limits() {
    return new ManifestLimits(maxFiles, maxBytes, maxFileBytes, maxPathBytes);
  }
}
