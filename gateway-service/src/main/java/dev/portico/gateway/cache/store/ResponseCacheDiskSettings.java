package dev.portico.gateway.cache.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * The tier of the response cache on disk.
 *
 * @param folder where it is; empty for none (PORTICO_RESPONSE_CACHE_DISK_FOLDER)
 * @param size bytes that its files may take, heads included, each file counted in whole blocks of 4
 *     KiB (PORTICO_RESPONSE_CACHE_DISK_SIZE)
 */
@ConfigurationProperties("portico.response-cache.disk")
public record ResponseCacheDiskSettings(String folder, @ReadableBytes long size) {
  /** No tier on disk. */
  public static final ResponseCacheDiskSettings OFF = new ResponseCacheDiskSettings("", 10L << 30);

  /** Refuses what cannot work. */
  public ResponseCacheDiskSettings {
    if (size < 1 << 20) {
      throw new IllegalArgumentException("PORTICO_RESPONSE_CACHE_DISK_SIZE must be at least 1MB");
    }
  }

  /** Whether there is one. */
  boolean enabled() {
    return !folder.isBlank();
  }
}
