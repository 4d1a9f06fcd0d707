package dev.portico.gateway.cache.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * How much of origins' responses is held.
 *
 * @param size bytes held in all, bodies in direct memory, heads and overhead included
 *     (PORTICO_RESPONSE_CACHE_SIZE)
 * @param largestBody bytes of the largest body that is held in one piece; larger ones are held in
 *     slices, or stream through. A sixteenth of {@code size} limits it too
 *     (PORTICO_RESPONSE_CACHE_LARGEST_BODY)
 * @param sliceSize bytes of a slice of what is larger, limited by {@code largestBody}; 0 for no
 *     slices (PORTICO_RESPONSE_CACHE_SLICE_SIZE)
 */
@ConfigurationProperties("portico.response-cache")
public record ResponseCacheSettings(
    @ReadableBytes long size, @ReadableBytes long largestBody, @ReadableBytes long sliceSize) {
  private static final int SHARE = 16;
  private static final int LOADING_SHARE = 4;
  private static final int LEAST_SLICE = 64 * 1024;

  /** Refuses what cannot work. */
  public ResponseCacheSettings {
    if (size < 1 << 20) {
      throw new IllegalArgumentException("PORTICO_RESPONSE_CACHE_SIZE must be at least 1MB");
    }
    if (largestBody < 0) {
      throw new IllegalArgumentException(
          "PORTICO_RESPONSE_CACHE_LARGEST_BODY must not be negative");
    }
    if (sliceSize != 0 && sliceSize < LEAST_SLICE) {
      throw new IllegalArgumentException(
          "PORTICO_RESPONSE_CACHE_SLICE_SIZE must be 0 or at least 64KB");
    }
  }

  /** The largest body that is held, both limits considered. */
  public long largest() {
    return Math.min(Math.min(largestBody, size / SHARE), Integer.MAX_VALUE);
  }

  /** The size of slices, all limits considered; 0 for none. */
  public int slice() {
    return (int) Math.min(sliceSize, largest());
  }

  /** The bytes that responses may take while they come in: a quarter of the size. */
  public long loading() {
    return size / LOADING_SHARE;
  }
}
