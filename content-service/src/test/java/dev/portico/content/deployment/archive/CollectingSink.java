package dev.portico.content.deployment.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what an archive held, path → content. */
final class CollectingSink implements ArchiveSink {
  /** Removed when the process ends, or by the next one. */
  static final SpoolDirectory SPOOL =
      SpoolDirectory.open(
          Path.of(System.getProperty("java.io.tmpdir"), "portico-archive-test"), 1L << 30);

  final Map<String, byte[]> files = new LinkedHashMap<>();
  private final boolean lazy;

  CollectingSink(boolean lazy) {
    this.lazy = lazy;
  }

  @Override
  public void file(String path, long declaredSize, InputStream content) throws IOException {
    byte[] bytes = lazy ? content.readNBytes(1) : content.readAllBytes();
    if (!lazy && bytes.length != declaredSize) {
      throw new AssertionError(path + " has " + bytes.length + " instead of " + declaredSize);
    }
    if (files.put(path, bytes) != null) {
      throw new AssertionError(path + " came twice");
    }
  }

  @Override
  public void same(String path, String earlierPath) {
    byte[] earlier = files.get(earlierPath);
    if (earlier == null) {
      throw new AssertionError(earlierPath + " did not come before");
    }
    if (files.put(path, earlier) != null) {
      throw new AssertionError(path + " came twice");
    }
  }

  static Map<String, byte[]> read(byte[] archive) throws IOException {
    return read(archive, null, ArchiveLimits.DEFAULT);
  }

  static Map<String, byte[]> read(byte[] archive, @Nullable String type, ArchiveLimits limits)
      throws IOException {
    var sink = new CollectingSink(false);
    read(archive, type, limits, sink);
    return sink.files;
  }

  static void read(byte[] archive, @Nullable String type, ArchiveLimits limits, ArchiveSink sink)
      throws IOException {
    new ArchiveReader(limits, SPOOL).read(new ByteArrayInputStream(archive), type, sink);
  }
}
