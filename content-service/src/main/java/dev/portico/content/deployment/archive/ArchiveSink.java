package dev.portico.content.deployment.archive;

import java.io.IOException;
import java.io.InputStream;

/** Takes the files of an archive, in the archive's order. */
public interface ArchiveSink {

  /**
   * Takes a file.
   *
   * @param path absolute, `/`-separated, in Unicode normal form as written in the archive
   * @param declaredSize the number of bytes that the archive announces, or -1
   * @param content the bytes; valid during this call only; need not be read to the end
   */
  void file(String path, long declaredSize, InputStream content) throws IOException;

  /**
   * Takes a path that has the same content as one given earlier to {@link #file}: a link. Comes
   * after all files.
   */
  void same(String path, String earlierPath) throws IOException;
}
