package dev.portico.content.blob;

import static dev.portico.content.SettingBounds.requirePositive;
import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How blobs are stored.
 *
 * @param memory bytes of files in flight to S3 that this process holds at most, whatever the number
 *     of publications; at least four parts of 8 MiB
 * @param memoryWait how long a publication waits for some of that memory before it is answered 503
 * @param parallelPuts most objects and parts on their way to S3 at the same time
 * @param touchAfter how old the time of last use may become before an upload that finds a blob
 *     present refreshes it
 */
@Context
@ConfigurationProperties("portico.blob")
public record BlobSettings(
    @ReadableBytes long memory, Duration memoryWait, int parallelPuts, Duration touchAfter) {
  /** Refuses what cannot work. */
  public BlobSettings {
    requireWithin("PORTICO_BLOB_MEMORY", memory, 32L << 20, 1L << 40);
    requireWithin("PORTICO_BLOB_PARALLEL_PUTS", parallelPuts, 1, 1_000);
    requirePositive("PORTICO_BLOB_MEMORY_WAIT", memoryWait);
    requirePositive("PORTICO_BLOB_TOUCH_AFTER", touchAfter);
  }
}
