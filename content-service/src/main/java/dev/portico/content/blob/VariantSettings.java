package dev.portico.content.blob;

import static dev.portico.content.SettingBounds.requirePositive;
import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How compressed variants are made. Brotli 9 takes about a tenth of the time of 11 for files some 5
 * % larger, which suits sites of thousands of files.
 *
 * @param enabled whether this copy makes variants
 * @param threads how many at the same time; 0: half the processors
 * @param brotliQuality 0 to 11
 * @param brotliWindow base-2 logarithm of the window; 22 is what every decoder must allow
 * @param zstdLevel 1 to 19; more needs windows that browsers refuse (RFC 9659: 8 MB)
 * @param minSize smaller blobs gain nothing, in bytes
 * @param maxSize larger blobs would cost too much memory and time, in bytes
 * @param quiet how long no publication may have been running on this copy before work starts
 * @param poll how often to look for work that other copies have left
 * @param lease after which another copy takes over the work of one that died
 */
@Context
@ConfigurationProperties("portico.blob.variants")
public record VariantSettings(
    boolean enabled,
    int threads,
    int brotliQuality,
    int brotliWindow,
    int zstdLevel,
    int minSize,
    @ReadableBytes long maxSize,
    Duration quiet,
    Duration poll,
    Duration lease) {
  /** Refuses what cannot work. */
  public VariantSettings {
    requireWithin("PORTICO_BLOB_VARIANTS_THREADS", threads, 0, 256);
    requireWithin("PORTICO_BLOB_VARIANTS_BROTLI_QUALITY", brotliQuality, 0, 11);
    requireWithin("PORTICO_BLOB_VARIANTS_BROTLI_WINDOW", brotliWindow, 10, 24);
    requireWithin("PORTICO_BLOB_VARIANTS_ZSTD_LEVEL", zstdLevel, 1, 19);
    requireWithin("PORTICO_BLOB_VARIANTS_MIN_SIZE", minSize, 0, Integer.MAX_VALUE);
    requireWithin("PORTICO_BLOB_VARIANTS_MAX_SIZE", maxSize, 0, Integer.MAX_VALUE);
    requirePositive("PORTICO_BLOB_VARIANTS_QUIET", quiet);
    requirePositive("PORTICO_BLOB_VARIANTS_POLL", poll);
    requirePositive("PORTICO_BLOB_VARIANTS_LEASE", lease);
  }

  int effectiveThreads() {
    return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
