package dev.portico.content.deployment;

import dev.portico.content.blob.Digest;
import dev.portico.content.blob.HeldBlobs;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.StoredManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The digests of a manifest with their sizes, packed: what has to be looked up for every file that
 * is sent, in 40 bytes a file.
 */
final class ManifestIndex implements HeldBlobs {
  private final long[] words;
  private final long[] sizes;

  private ManifestIndex(long[] words, long[] sizes) {
    this.words = words;
    this.sizes = sizes;
  }

  /** Reads what is left of {@code manifest}. */
  static ManifestIndex of(StoredManifest manifest) throws IOException {
    List<long[]> entries = new ArrayList<>();
    for (ManifestFile file = manifest.next(); file != null; file = manifest.next()) {
      long[] entry = new long[5];
      for (int i = 0; i < 4; i++) {
        entry[i] = word(file.sha256(), i);
      }
      entry[4] = file.size();
      entries.add(entry);
    }
    entries.sort(Comparator.comparing(entry -> entry, Arrays::compare));
    long[] words = new long[4 * entries.size()];
    long[] sizes = new long[entries.size()];
    for (int i = 0; i < sizes.length; i++) {
      System.arraycopy(entries.get(i), 0, words, 4 * i, 4);
      sizes[i] = entries.get(i)[4];
    }
    return new ManifestIndex(words, sizes);
  }

  /** The size of the files with this digest, in bytes, if the manifest names any. */
  @Override
  public OptionalLong size(Digest digest) {
    int low = 0;
    int high = sizes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = 0;
      for (int i = 0; i < 4 && order == 0; i++) {
        order = Long.compare(words[4 * middle + i], word(digest.hex(), i));
      }
      if (order == 0) {
        return OptionalLong.of(sizes[middle]);
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return OptionalLong.empty();
  }

  /** Number of files. */
  int files() {
    return sizes.length;
  }

  private static long word(String hex, int i) {
    return Long.parseUnsignedLong(hex, 16 * i, 16 * i + 16, 16);
  }
}
