package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that holds a body for as long as it is read, and no longer. */
record Spool(Path file) implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  /** Writes the stream to a new file of this directory, up to a bound. */
  static Spool of(InputStream body, Path directory, long most) throws IOException {
    Files.createDirectories(directory);
    var spool = new Spool(Files.createTempFile(directory, "portico-upload-", ".zip"));
    try (OutputStream out =
        Files.newOutputStream(spool.file(), StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER];
      long total = 0;
      int read = body.read(buffer);
      while (read >= 0) {
        total += read;
        if (total > most) {
          throw new ArchiveRejected(
              Rule.TOO_LARGE,
              null,
              "A zip archive may have " + most + " bytes; tar archives may be larger.");
        }
        out.write(buffer, 0, read);
        read = body.read(buffer);
      }
      return spool;
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
