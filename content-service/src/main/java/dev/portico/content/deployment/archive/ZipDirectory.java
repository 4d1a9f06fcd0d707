package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Walks a zip archive's central directory in constant memory, before a library reads it into lists:
 * that library reads entries as long as it meets their signatures, however many the end record
 * claims.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE section
 *     4.3.12</a>
 */
final class ZipDirectory {
  private static final int SIGNATURE = 0x02014b50;
  private static final int HEADER = 46;
  private static final int WINDOW = 1 << 16;

  /** Most extra fields of an entry; real archives have up to four, and each becomes an object. */
  private static final int MOST_FIELDS = 8;

  /** Most bytes of an entry's extra fields. */
  private static final int EXTRA = 1024;

  private final FileChannel channel;
  private final long end;
  private long position;
  private ByteBuffer window = ByteBuffer.allocate(0);

  private ZipDirectory(FileChannel channel, long start, long end) {
    this.channel = channel;
    this.position = start;
    this.end = end;
  }

  /**
   * Checks that there are exactly so many entries between two positions, and nothing else.
   *
   * @throws ArchiveRejected otherwise
   */
  static void check(FileChannel channel, long start, long end, long entries) throws IOException {
    new ZipDirectory(channel, start, end).walk(entries);
  }

  private void walk(long entries) throws IOException {
    long count = 0;
    while (position < end) {
      ByteBuffer header = next(HEADER);
      if (header.getInt() != SIGNATURE || count == entries) {
        throw wrong();
      }
      count++;
      int name = header.getShort(28 - 4 + header.position()) & 0xffff;
      int extra = header.getShort(30 - 4 + header.position()) & 0xffff;
      int comment = header.getShort(32 - 4 + header.position()) & 0xffff;
      header.position(header.position() + HEADER - 4);
      skip(name);
      extra(extra);
      skip(comment);
    }
    if (count != entries) {
      throw wrong();
    }
  }

  private void extra(int length) throws IOException {
    if (length > EXTRA) {
      throw excessive();
    }
    ByteBuffer fields = next(length);
    int last = fields.position() + length;
    int count = 0;
    while (fields.position() + 4 <= last) {
      count++;
      int size = fields.getShort(fields.position() + 2) & 0xffff;
      fields.position(Math.min(last, fields.position() + 4 + size));
    }
    fields.position(last);
    if (count > MOST_FIELDS) {
      throw excessive();
    }
  }

  private void skip(int length) throws IOException {
    int here = Math.min(length, window.remaining());
    window.position(window.position() + here);
    position += length;
    if (position > end) {
      throw wrong();
    }
    if (here < length) {
      window = ByteBuffer.allocate(0);
    }
  }

  /** A buffer with at least so many bytes, which count as read. */
  private ByteBuffer next(int length) throws IOException {
    if (position + length > end) {
      throw wrong();
    }
    if (window.remaining() < length) {
      window = ZipEnd.read(channel, position, (int) Math.min(WINDOW, end - position));
      if (window.remaining() < length) {
        throw wrong();
      }
    }
    position += length;
    return window;
  }

  private static ArchiveRejected wrong() {
    return ZipArchive.corrupt("its directory does not have the entries that its end claims", null);
  }

  private static ArchiveRejected excessive() {
    return new ArchiveRejected(
        Rule.TOO_LARGE, null, "An entry of the archive has too many extra fields.");
  }
}
