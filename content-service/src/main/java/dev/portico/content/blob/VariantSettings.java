package dev.portico.content.blob;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
@ConfigurationProperties("portico.blob.variants")
public record VariantSettings(
    @Bindable(defaultValue = "true") boolean enabled,
    @Min(0) @Max(256) @Bindable(defaultValue = "0") int threads,
    @Min(0) @Max(11) @Bindable(defaultValue = "9") int brotliQuality,
    @Min(10) @Max(24) @Bindable(defaultValue = "22") int brotliWindow,
    @Min(1) @Max(19) @Bindable(defaultValue = "15") int zstdLevel,
    @Min(0) @Bindable(defaultValue = "256") int minSize,
    @ReadableBytes @Bindable(defaultValue = "16MB") int maxSize,
    @Bindable(defaultValue = "3s") Duration quiet,
    @Bindable(defaultValue = "30s") Duration poll,
    @Bindable(defaultValue = "5m") Duration lease) {

  int effectiveThreads() {
    return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
