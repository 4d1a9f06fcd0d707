package dev.portico.content.deployment.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads archives: tar, tar.gz, tar.zst and zip. */
public final class ArchiveReader {
  private final ArchiveLimits limits;
  private final Path spoolDirectory;

  /**
   * Prepares a reader, which can be used for any number of archives at the same time.
   *
   * @param spoolDirectory where zip archives are kept while they are read
   */
  public ArchiveReader(ArchiveLimits limits, Path spoolDirectory) {
    this.limits = limits;
    this.spoolDirectory = spoolDirectory;
  }

  /**
   * Reads an archive to its end and hands every file to the sink.
   *
   * @param body the archive; not closed
   * @param contentType its media type; when null or no archive type, the first bytes decide
   * @throws ArchiveRejected when the archive cannot be published
   * @throws IOException when the body cannot be read, or from the sink
   */
  public void read(InputStream body, @Nullable String contentType, ArchiveSink sink)
      throws IOException {
    Objects.requireNonNull(limits);
    Objects.requireNonNull(spoolDirectory);
    throw new ArchiveRejected(ArchiveRejected.Rule.UNKNOWN_FORMAT, null, "Not an archive.");
  }
}
