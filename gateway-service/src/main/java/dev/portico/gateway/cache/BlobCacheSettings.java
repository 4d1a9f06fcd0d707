package dev.portico.gateway.cache;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How much is held.
 *
 * @param size bytes held in all, in direct memory (PORTICO_BLOB_CACHE_SIZE)
 * @param largestBlob bytes of the largest blob that is held; larger ones are streamed each time. A
 *     sixteenth of {@code size} limits it too
 * @param substituteWait how long after the beginning of a load a request is answered by another
 *     representation that is held and will do; the load goes on
 * @param variantRetry how long to wait before asking again for variants that were still being made
 */
@ConfigurationProperties("portico.blob-cache")
public record BlobCacheSettings(
    @ReadableBytes long size,
    @ReadableBytes long largestBlob,
    Duration variantRetry,
    Duration substituteWait) {
  private static final int SHARE = 16;

  /** Refuses what cannot work. */
  public BlobCacheSettings {
    if (size < 1 << 20) {
      throw new IllegalArgumentException("PORTICO_BLOB_CACHE_SIZE must be at least 1MB");
    }
    check(largestBlob >= 0, "LARGEST_BLOB");
    check(!variantRetry.isNegative(), "VARIANT_RETRY");
    check(!substituteWait.isNegative(), "SUBSTITUTE_WAIT");
  }

  private static void check(boolean valid, String name) {
    if (!valid) {
      throw new IllegalArgumentException("PORTICO_BLOB_CACHE_" + name + " must not be negative");
    }
  }

  /** The largest blob that is held, both limits considered. */
  long largest() {
    return Math.min(Math.min(largestBlob, size / SHARE), Integer.MAX_VALUE);
  }
}
