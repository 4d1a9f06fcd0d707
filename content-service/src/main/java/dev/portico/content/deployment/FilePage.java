package dev.portico.content.deployment;

import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.PathRules;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.error.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a deployment's files, picked while its manifest streams by.
 *
 * @param files in order of paths
 * @param next cursor of the page after, null when this is the last
 */
record FilePage(List<ManifestFile> files, @Nullable String next) {

  /**
   * The path before which no file of the page is.
   *
   * @throws Problem 400 when the cursor is not one
   */
  static String from(String prefix, @Nullable String cursor) {
    String after = cursor == null ? "" : decode(cursor);
    return PathRules.compare(prefix, after) > 0 ? prefix : after;
  }

  /**
   * The first {@code limit} files under {@code prefix} after {@code cursor}.
   *
   * @throws Problem 400 when the cursor is not one
   */
  static FilePage of(StoredManifest manifest, String prefix, int limit, @Nullable String cursor)
      throws IOException {
    String after = cursor == null ? "" : decode(cursor);
    List<ManifestFile> files = new ArrayList<>();
    for (ManifestFile file = manifest.next(); file != null; file = manifest.next()) {
      if (!file.path().startsWith(prefix)) {
        if (PathRules.compare(file.path(), prefix) > 0) {
          break; // the last under the prefix was before
        }
        continue;
      }
      if (PathRules.compare(file.path(), after) <= 0) {
        continue;
      }
      if (files.size() == limit) {
        return new FilePage(files, encode(files.getLast().path()));
      }
      files.add(file);
    }
    return new FilePage(files, null);
  }

  /** The file at exactly this path. */
  static Optional<ManifestFile> find(StoredManifest manifest, String path) throws IOException {
    for (ManifestFile file = manifest.next(); file != null; file = manifest.next()) {
      int order = PathRules.compare(file.path(), path);
      if (order >= 0) {
        return order == 0 ? Optional.of(file) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static String encode(String path) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("cursor", "is not one of this list");
    }
  }
}
