package dev.portico.content.deployment.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher who knows the digests of the files sends.
 *
 * @param title what the publisher calls the deployment
 * @param revision the source revision it was built from
 * @param manifest its files
 * @param given the same files in the order in which they were sent
 */
public record ManifestRequest(
    @Nullable String title,
    @Nullable String revision,
    Manifest manifest,
    List<ManifestFile> given) {

  /** Where in the document a field of a file is. */
  public String place(ManifestFile file, String name) {
    return ManifestBuilder.field(given.indexOf(file), name);
  }
}
