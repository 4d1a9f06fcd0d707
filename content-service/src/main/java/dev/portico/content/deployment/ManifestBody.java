package dev.portico.content.deployment;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body that begins a publication by digests, for the API's description only: it is read as a
 * stream.
 *
 * @param title what to call the deployment
 * @param revision the source revision it was built from
 * @param files its files
 */
@Schema(name = "Manifest")
record ManifestBody(@Nullable String title, @Nullable String revision, List<Entry> files) {
  /**
   * One file.
   *
   * @param path absolute, {@code /}-separated
   * @param sha256 digest of its bytes, 64 lower-case hex digits
   * @param size length in bytes
   * @param type media type, when not the one that its name suggests
   */
  @Schema(name = "ManifestEntry")
  record Entry(String path, String sha256, long size, @Nullable String type) {}
}
