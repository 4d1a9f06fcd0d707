package dev.portico.gateway.cache.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * How much of origins' responses is held.
 *
 * @param size bytes held in all, bodies in direct memory, heads and overhead included
 *     (PORTICO_RESPONSE_CACHE_SIZE)
 * @param largestBody bytes of the largest body that is held; larger ones stream through. A
 *     sixteenth of {@code size} limits it too (PORTICO_RESPONSE_CACHE_LARGEST_BODY)
 */
@ConfigurationProperties("portico.response-cache")
public record ResponseCacheSettings(
    @ReadableBytes @Bindable(defaultValue = "256MB") long size,
    @ReadableBytes @Bindable(defaultValue = "8MB") long largestBody) {
  private static final int SHARE = 16;
  private static final int LOADING_SHARE = 4;

  /** Refuses what cannot work. */
  public ResponseCacheSettings {
    if (size < 1 << 20) {
      throw new IllegalArgumentException("PORTICO_RESPONSE_CACHE_SIZE must be at least 1MB");
    }
    if (largestBody < 0) {
      throw new IllegalArgumentException("PORTICO_RESPONSE_CACHE_LARGEST_BODY is negative");
    }
  }

  /** The largest body that is held, both limits considered. */
  public long largest() {
    return Math.min(Math.min(largestBody, size / SHARE), Integer.MAX_VALUE);
  }

  /** The bytes that responses may take while they come in: a quarter of the size. */
  public long loading() {
    return size / LOADING_SHARE;
  }
}
