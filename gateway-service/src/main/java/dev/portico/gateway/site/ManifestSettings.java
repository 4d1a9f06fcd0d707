package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How much memory the lists of files may take, and how they are fetched.
 *
 * @param liveSize bytes for live deployments, which are fetched ahead and kept; past it they are
 *     fetched on demand like previews. 0 means 40 % of the largest heap
 * @param previewSize bytes for deployments fetched on demand
 * @param aheadParallelism how many are fetched ahead at the same time
 * @param demandParallelism how many are fetched on demand at the same time, besides
 * @param previewParallelism how many of previews are fetched or checked at the same time, besides
 * @param demandWait how long a request waits for one; past it the request gets 503 and the fetching
 *     goes on
 * @param waitingLimit how many may be fetched or wait for it, of live deployments and of previews
 *     each; past it a request gets 503
 * @param unknownMemory for how long an unknown deployment is not asked for again
 * @param goneMemory for how long a deleted deployment is not asked for again
 * @param failureMemory for how long nothing is asked again after content-service failed
 * @param recheckAfter after how long it is checked that a held preview still exists
 */
@ConfigurationProperties("portico.manifests")
public record ManifestSettings(
    @ReadableBytes long liveSize,
    @ReadableBytes long previewSize,
    int aheadParallelism,
    int demandParallelism,
    int previewParallelism,
    Duration demandWait,
    int waitingLimit,
    Duration unknownMemory,
    Duration goneMemory,
    Duration failureMemory,
    Duration recheckAfter) {
  private static final double LIVE_SHARE = 0.4;

  /** Refuses what cannot work. */
  public ManifestSettings {
    if (liveSize < 0) {
      throw new IllegalArgumentException("PORTICO_MANIFEST_LIVE_SIZE must not be negative");
    }
    if (previewSize < 1) {
      throw new IllegalArgumentException("PORTICO_MANIFEST_PREVIEW_SIZE must be at least 1");
    }
    if (aheadParallelism < 1
        || demandParallelism < 1
        || previewParallelism < 1
        || waitingLimit < 1) {
      throw new IllegalArgumentException("at least one manifest must be fetched at a time");
    }
    if (demandWait.isNegative() || demandWait.isZero()) {
      throw new IllegalArgumentException("PORTICO_MANIFEST_DEMAND_WAIT must be positive");
    }
  }

  /** The bytes for live deployments, with the default worked out. */
  long liveBytes() {
    return liveSize > 0 ? liveSize : (long) (Runtime.getRuntime().maxMemory() * LIVE_SHARE);
  }
}
