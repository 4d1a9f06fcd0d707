package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that holds a body for as long as it is read, and no longer. */
final class Spool implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final SpoolDirectory directory;
  private final Path file;
  private long taken;

  private Spool(SpoolDirectory directory, Path file) {
    this.directory = directory;
    this.file = file;
  }

  /**
   * Writes the stream to a new file of this directory, up to a bound.
   *
   * @throws SpoolFullException when all archives together need more room than there may be
   */
  static Spool of(InputStream body, SpoolDirectory directory, long most) throws IOException {
    var spool = new Spool(directory, directory.file());
    try {
      spool.write(body, most);
      return spool;
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  private void write(InputStream body, long most) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER];
      int read = body.read(buffer);
      while (read >= 0) {
        if (taken + read > most) {
          throw new ArchiveRejected(
              Rule.TOO_LARGE,
              null,
              "A zip archive may have " + most + " bytes; tar archives may be larger.");
        }
        directory.take(read);
        taken += read;
        out.write(buffer, 0, read);
        read = body.read(buffer);
      }
    }
  }

  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    directory.give(taken);
    taken = 0;
  }
}
