package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Looks at the end of a zip archive before its directory is read into memory: it must be there,
 * nothing may follow it, and it may not claim more than the limits allow.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE sections
 *     4.3.14 to 4.3.16</a>
 */
final class ZipEnd {
  private static final int END = 22;
  private static final int LOCATOR = 20;
  private static final int COMMENT = 0xffff;
  private static final int ZIP64 = 56;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ZIP64_SIGNATURE = 0x06064b50;

  /** Directory bytes per entry that are allowed for: name, extra fields and the fixed part. */
  private static final int PER_ENTRY = 512;

  private ZipEnd() {}

  static void check(Path file, ArchiveLimits limits) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      int tail = (int) Math.min(size, END + COMMENT + LOCATOR);
      ByteBuffer end = read(channel, size - tail, tail);
      int at = find(end);
      if (at < 0) {
        throw new ArchiveRejected(
            Rule.TRUNCATED, null, "The archive ends too early: a zip archive's end is missing.");
      }
      long entries = end.getShort(at + 10) & 0xffff;
      long length = end.getInt(at + 12) & 0xffffffffL;
      long offset = end.getInt(at + 16) & 0xffffffffL;
      long directoryEnd = size - tail + at;
      if (at >= LOCATOR && end.getInt(at - LOCATOR) == LOCATOR_SIGNATURE) {
        long locator = directoryEnd - LOCATOR;
        long zip64 = end.getLong(at - LOCATOR + 8);
        if (zip64 < 0 || zip64 > locator - ZIP64) {
          throw ZipArchive.corrupt("its zip64 end is misplaced", null);
        }
        ByteBuffer record = read(channel, zip64, ZIP64);
        if (record.getInt(0) != ZIP64_SIGNATURE || record.getLong(4) != locator - zip64 - 12) {
          throw ZipArchive.corrupt("its zip64 end is misplaced", null);
        }
        entries = record.getLong(32);
        length = record.getLong(40);
        offset = record.getLong(48);
        directoryEnd = zip64;
      }
      if (entries < 0 || entries > limits.files() * 2L + 10_000) {
        throw new ArchiveRejected(
            Rule.TOO_MANY_FILES, null, "The archive has more than " + limits.files() + " files.");
      }
      // Readers differ in which of the two they believe, so both must say the same.
      if (offset < 0 || offset > directoryEnd || length != directoryEnd - offset) {
        throw ZipArchive.corrupt("its directory is misplaced", null);
      }
      if (length > (entries + 1) * PER_ENTRY + (1 << 20)) {
        throw tooLarge(length, entries);
      }
      ZipDirectory.check(channel, offset, directoryEnd, entries);
    }
  }

  private static ArchiveRejected tooLarge(long length, long entries) {
    return new ArchiveRejected(
        Rule.TOO_LARGE,
        null,
        String.format(
            Locale.ROOT,
            "The archive's directory has %d bytes for %d entries, which is too much.",
            length,
            entries));
  }

  /** The last end record; one in its comment would be taken for the true one by other readers. */
  private static int find(ByteBuffer end) {
    for (int at = end.limit() - 4; at >= 0; at--) {
      if (end.getInt(at) == END_SIGNATURE) {
        if (at + END > end.limit() || at + END + (end.getShort(at + 20) & 0xffff) != end.limit()) {
          throw ZipArchive.corrupt("it has more than one end, or something follows it", null);
        }
        return at;
      }
    }
    return -1;
  }

  static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.flip();
  }
}
