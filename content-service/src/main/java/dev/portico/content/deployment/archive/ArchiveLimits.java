package dev.portico.content.deployment.archive;

/**
 * What an archive may hold.
 *
 * @param files number of files
 * @param totalBytes size of all files together, in bytes, links counted as the files they point to
 * @param fileBytes size of one file, in bytes
 * @param pathBytes length of one path in UTF-8, in bytes
 * @param ratio how many times as large as the archive its files may be; checked beyond the first 64
 *     MiB
 * @param spoolBytes size of a zip archive, in bytes, since it is spooled to disk
 */
public record ArchiveLimits(
    int files, long totalBytes, long fileBytes, int pathBytes, int ratio, long spoolBytes) {

  /** The documented defaults. */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(100_000, 20L << 30, 10L << 30, 1024, 200, 5L << 30);
}
