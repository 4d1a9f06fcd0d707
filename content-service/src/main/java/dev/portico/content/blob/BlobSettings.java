package dev.portico.content.blob;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
@ConfigurationProperties("portico.blob")
public record BlobSettings(
    @Min(32L << 20) @Max(1L << 40) @ReadableBytes @Bindable(defaultValue = "48MB") long memory,
    @Bindable(defaultValue = "30s") Duration memoryWait,
    @Min(1) @Max(1_000) @Bindable(defaultValue = "24") int parallelPuts,
    @Bindable(defaultValue = "1d") Duration touchAfter) {}
