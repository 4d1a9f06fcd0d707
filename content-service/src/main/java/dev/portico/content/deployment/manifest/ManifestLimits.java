package dev.portico.content.deployment.manifest;

/**
 * How large a deployment may be.
 *
 * @param maxFiles number of files
 * @param maxBytes sum of the sizes of all files
 * @param maxFileBytes size of one file
 * @param maxPathBytes length of a path in bytes of UTF-8
 */
public record ManifestLimits(int maxFiles, long maxBytes, long maxFileBytes, int maxPathBytes) {
  /** The limits that hold where the operator sets none. */
  public static final ManifestLimits DEFAULT =
      new ManifestLimits(100_000, 20L << 30, 10L << 30, 1024);
}
