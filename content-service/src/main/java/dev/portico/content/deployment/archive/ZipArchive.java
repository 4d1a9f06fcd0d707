package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** Reads a spooled zip archive by its central directory, which alone knows links and sizes. */
final class ZipArchive {
  /** File kinds in the upper half of the external attributes (stat(2), S_IFMT). */
  private static final int KIND = 0xf000;

  private static final int KIND_LINK = 0xa000;
  private static final int KIND_FILE = 0x8000;
  private static final int KIND_DIRECTORY = 0x4000;

  private final Path file;
  private final ArchiveLimits limits;
  private final EntryTree tree;
  private final Links links;
  private final ArchiveSink sink;
  private final byte[] skipped = new byte[1 << 14];
  private long expanded;

  ZipArchive(Path file, ArchiveLimits limits, EntryTree tree, Links links, ArchiveSink sink) {
    this.file = file;
    this.limits = limits;
    this.tree = tree;
    this.links = links;
    this.sink = sink;
  }

  void read() throws IOException {
    ZipEnd.check(file, limits);
    try (ZipFile zip = open()) {
      long size = java.nio.file.Files.size(file);
      Enumeration<ZipArchiveEntry> entries = zip.getEntries();
      while (entries.hasMoreElements()) {
        entry(zip, entries.nextElement(), size);
      }
    }
  }

  private ZipFile open() throws IOException {
    try {
      return ZipFile.builder()
          .setPath(file)
          .setCharset(UTF_8)
          .setUseUnicodeExtraFields(true)
          .setIgnoreLocalFileHeader(true)
          .get();
    } catch (IOException | RuntimeException e) {
      throw corrupt("its directory cannot be read", e);
    }
  }

  private void entry(ZipFile zip, ZipArchiveEntry entry, long archiveSize) throws IOException {
    tree.entry();
    String name = entry.getName();
    String shown = EntryTree.shown(name);
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new ArchiveRejected(Rule.ENCRYPTED, shown, shown + " is encrypted.");
    }
    int kind =
        entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX ? entry.getUnixMode() & KIND : 0;
    if (kind == KIND_DIRECTORY || (kind != KIND_LINK && name.endsWith("/"))) {
      tree.directory(tree.path(name));
      return;
    }
    long size = entry.getSize();
    expanded += Math.max(0, size);
    if (expanded > Decoded.RATIO_FREE && expanded / limits.ratio() > archiveSize) {
      throw new ArchiveRejected(
          Rule.RATIO,
          shown,
          "The archive expands to more than " + limits.ratio() + " times its size.");
    }
    if (kind == KIND_LINK) {
      links.add(tree.path(name), target(zip, entry, shown), false);
    } else if (kind == KIND_FILE || kind == 0) {
      file(zip, entry, shown, size);
    } else {
      throw new ArchiveRejected(
          Rule.KIND,
          shown,
          shown + " is no file, directory or link; nothing else can be published.");
    }
  }

  private void file(ZipFile zip, ZipArchiveEntry entry, String shown, long size)
      throws IOException {
    String path = tree.path(entry.getName());
    if (path.isEmpty()) {
      throw new ArchiveRejected(Rule.NAME, shown, "An entry has no name.");
    }
    if (size < 0) {
      throw corrupt("the size of " + shown + " is missing", null);
    }
    tree.file(path, size);
    try (var content = content(zip, entry, shown)) {
      sink.file(path, size, content);
      content.drain(skipped);
    }
  }

  private String target(ZipFile zip, ZipArchiveEntry entry, String shown) throws IOException {
    if (entry.getSize() > limits.pathBytes() * 4L) {
      throw new ArchiveRejected(
          Rule.NAME_TOO_LONG, shown, "The target of " + shown + " is too long.");
    }
    try (var content = content(zip, entry, shown)) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  private static ZipContent content(ZipFile zip, ZipArchiveEntry entry, String shown)
      throws IOException {
    int method = entry.getMethod();
    if (method != ZipMethod.STORED.getCode() && method != ZipMethod.DEFLATED.getCode()) {
      throw new ArchiveRejected(
          Rule.KIND, shown, shown + " is compressed in a way that is not known; use deflate.");
    }
    try {
      return new ZipContent(zip.getInputStream(entry), entry, shown);
    } catch (IOException | RuntimeException e) {
      throw corrupt(shown + " cannot be read", e);
    }
  }

  static ArchiveRejected corrupt(String what, @org.jspecify.annotations.Nullable Exception cause) {
    var rejected =
        new ArchiveRejected(
            cause instanceof EOFException ? Rule.TRUNCATED : Rule.CORRUPT,
            null,
            "The archive is damaged: " + what + ".");
    if (cause != null) {
      rejected.initCause(cause);
    }
    return rejected;
  }

  /** The data of an entry, whose size and CRC-32 must hold. */
  private static final class ZipContent extends InputStream {
    private final InputStream in;
    private final ZipArchiveEntry entry;
    private final String shown;
    private final java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    private long count;
    private boolean ended;

    ZipContent(InputStream in, ZipArchiveEntry entry, String shown) {
      this.in = in;
      this.entry = entry;
      this.shown = shown;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      int read;
      try {
        read = in.read(bytes, offset, length);
      } catch (IOException | RuntimeException e) {
        throw corrupt(shown + " cannot be read", e);
      }
      if (read < 0) {
        ended = true;
        if (count != entry.getSize() || crc.getValue() != entry.getCrc()) {
          throw corrupt("size or checksum of " + shown + " is wrong", null);
        }
        return -1;
      }
      crc.update(bytes, offset, read);
      count += read;
      if (count > entry.getSize()) {
        throw corrupt(shown + " is larger than it says", null);
      }
      return read;
    }

    void drain(byte[] buffer) throws IOException {
      int read = 0;
      while (read >= 0) {
        read = read(buffer, 0, buffer.length);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
