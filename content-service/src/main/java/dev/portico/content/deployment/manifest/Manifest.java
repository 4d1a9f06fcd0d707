package dev.portico.content.deployment.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The files of a deployment, sorted by the UTF-8 bytes of their paths and free of faults. Its
 * {@link #id()} is the deployment's identity: equal content gives an equal id, whoever publishes it
 * in whatever order. Made by {@link ManifestBuilder}.
 */
public final class Manifest {
  private final List<ManifestFile> files;
  private final long bytes;
  private final String id;

  Manifest(List<ManifestFile> sorted) {
    this.files = Collections.unmodifiableList(sorted);
    this.bytes = sorted.stream().mapToLong(ManifestFile::size).sum();
    this.id = DeploymentId.of(digest(sorted));
  }

  /** Sorted by the UTF-8 bytes of their paths; unmodifiable. */
  public List<ManifestFile> files() {
    return files;
  }

  /** Sum of the sizes, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** The deployment's id. */
  public String id() {
    return id;
  }

  /** The file at {@code path}. */
  public Optional<ManifestFile> find(String path) {
    int index = indexOf(files, path);
    return index < 0 ? Optional.empty() : Optional.of(files.get(index));
  }

  static int indexOf(List<ManifestFile> sorted, String path) {
    int low = 0;
    int high = sorted.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = PathRules.compare(sorted.get(middle).path(), path);
      if (order == 0) {
        return middle;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /** SHA-256 over the lines {@code path NUL sha256 NUL size NUL type LF}. */
  private static byte[] digest(List<ManifestFile> sorted) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (ManifestFile file : sorted) {
      String line =
          file.path() + '\0' + file.sha256() + '\0' + file.size() + '\0' + file.type() + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest();
  }
}
