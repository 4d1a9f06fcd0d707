package dev.portico.content.deployment;

import static dev.portico.content.SettingBounds.requirePositive;
import static dev.portico.content.SettingBounds.requireWithin;

import dev.portico.content.deployment.manifest.ManifestLimits;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.convert.format.ReadableBytes;
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
@Context
@ConfigurationProperties("portico.deployment")
record DeploymentSettings(
    int maxFiles,
    @ReadableBytes long maxBytes,
    @ReadableBytes long maxFileBytes,
    int maxPathBytes,
    int maxRatio,
    @ReadableBytes long maxZipBytes,
    @ReadableBytes long maxSpoolBytes,
    int maxPublications,
    Duration uploadExpiry,
    int keepActivated,
    Duration keepPreviews,
    Duration tombstoneGrace,
    Duration retentionInterval) {
  /** Refuses what cannot work. */
  DeploymentSettings {
    requireWithin("PORTICO_DEPLOYMENT_MAX_FILES", maxFiles, 1, 1_000_000);
    requireWithin("PORTICO_DEPLOYMENT_MAX_BYTES", maxBytes, 1, Long.MAX_VALUE);
    requireWithin("PORTICO_DEPLOYMENT_MAX_FILE_BYTES", maxFileBytes, 1, Long.MAX_VALUE);
    requireWithin("PORTICO_DEPLOYMENT_MAX_PATH_BYTES", maxPathBytes, 16, 1024);
    requireWithin("PORTICO_DEPLOYMENT_MAX_RATIO", maxRatio, 1, Integer.MAX_VALUE);
    requireWithin("PORTICO_DEPLOYMENT_MAX_ZIP_BYTES", maxZipBytes, 1, Long.MAX_VALUE);
    requireWithin("PORTICO_DEPLOYMENT_MAX_SPOOL_BYTES", maxSpoolBytes, 1, Long.MAX_VALUE);
    requireWithin("PORTICO_DEPLOYMENT_MAX_PUBLICATIONS", maxPublications, 1, 10_000);
    requireWithin("PORTICO_DEPLOYMENT_KEEP_ACTIVATED", keepActivated, 1, 1000);
    requirePositive("PORTICO_DEPLOYMENT_UPLOAD_EXPIRY", uploadExpiry);
    requirePositive("PORTICO_DEPLOYMENT_KEEP_PREVIEWS", keepPreviews);
    requirePositive("PORTICO_DEPLOYMENT_TOMBSTONE_GRACE", tombstoneGrace);
    requirePositive("PORTICO_DEPLOYMENT_RETENTION_INTERVAL", retentionInterval);
  }

  ManifestLimits limits() {
    return new ManifestLimits(maxFiles, maxBytes, maxFileBytes, maxPathBytes);
  }
}
