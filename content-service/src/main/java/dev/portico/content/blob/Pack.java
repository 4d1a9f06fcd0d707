package dev.portico.content.blob;

import dev.portico.content.s3.Bytes;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of a pack: an object that holds many small blobs or variants one after the other,
 * behind a table of contents. All numbers are big-endian.
 *
 * <pre>
 * "PCK1"  number of entries, 4 bytes
 * for each entry: digest, 32 bytes; coding, 1 byte (0: the blob itself, else its variant); length, 4 bytes
 * the entries' bytes, in the same order
 * </pre>
 */
final class Pack {
  /** Most entries of a pack; keeps its table of contents below 64 KiB. */
  static final int MOST_ENTRIES = 1_500;

  private static final int MAGIC = 0x50434B31;
  private static final int START = 8;
  private static final int ENTRY = 32 + 1 + 4;

  /** What has to be read to know the contents of any pack, in bytes. */
  static final int LONGEST_HEADER = START + MOST_ENTRIES * ENTRY;

  private Pack() {}

  /**
   * One thing in a pack.
   *
   * @param digest of the blob
   * @param coding of the variant; null: the blob itself
   * @param length in bytes
   */
  record Entry(Digest digest, @Nullable Coding coding, int length) {}

  /**
   * One thing to be packed.
   *
   * @param digest of the blob
   * @param coding of the variant; null: the blob itself
   * @param bytes its bytes
   */
  record Content(Digest digest, @Nullable Coding coding, Bytes bytes) {
    Entry entry() {
      return new Entry(digest, coding, bytes.length());
    }
  }

  /** Where the entries of a pack are, in their order. */
  static List<Extent> extents(String object, List<Entry> entries) {
    var extents = new ArrayList<Extent>(entries.size());
    long offset = START + (long) entries.size() * ENTRY;
    for (Entry entry : entries) {
      extents.add(new Extent(object, offset, entry.length()));
      offset += entry.length();
    }
    return extents;
  }

  /**
   * The start of a pack.
   *
   * @throws IllegalArgumentException when there are no entries or more than {@link #MOST_ENTRIES}
   */
  static byte[] header(List<Entry> entries) {
    if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException("a pack of " + entries.size() + " entries");
    }
    ByteBuffer header = ByteBuffer.allocate(START + entries.size() * ENTRY);
    header.putInt(MAGIC).putInt(entries.size());
    for (Entry entry : entries) {
      Coding coding = entry.coding();
      header
          .put(HexFormat.of().parseHex(entry.digest().hex()))
          .put(coding == null ? 0 : coding.number())
          .putInt(entry.length());
    }
    return header.array();
  }

  /**
   * Reads the table of contents.
   *
   * @throws IOException when this is not the start of a pack, or is cut
   */
  static List<Entry> read(InputStream start) throws IOException {
    var in = new DataInputStream(start);
    if (in.readInt() != MAGIC) {
      throw new IOException("does not begin as a pack does");
    }
    int count = in.readInt();
    if (count < 1 || count > MOST_ENTRIES) {
      throw new IOException("says that it has " + count + " entries");
    }
    var entries = new ArrayList<Entry>(count);
    byte[] digest = new byte[32];
    for (int i = 0; i < count; i++) {
      in.readFully(digest);
      byte coding = in.readByte();
      int length = in.readInt();
      if (length < 0 || coding < 0 || coding > Coding.values().length) {
        throw new IOException("entry " + i + " has coding " + coding + ", length " + length);
      }
      entries.add(
          new Entry(
              new Digest(HexFormat.of().formatHex(digest)),
              coding == 0 ? null : Coding.numbered(coding),
              length));
    }
    return entries;
  }
}
