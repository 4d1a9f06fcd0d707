package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;

/**
 * A header block of a tar archive: POSIX.1-1988 ustar, with GNU's numbers in base 256.
 *
 * @param name of the entry, before extended headers are applied
 * @param link the target of a link
 * @param size of the data that follows, in bytes
 * @param type the type flag
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX pax,
 *     section ustar Interchange Format</a>
 */
record TarHeader(String name, String link, long size, char type) {
  /** Everything in a tar archive is padded to blocks of this many bytes. */
  static final int SIZE = 512;

  private static final int CHECKSUM = 148;

  static TarHeader parse(byte[] block) {
    if (!checksumHolds(block)) {
      throw new ArchiveRejected(
          Rule.CORRUPT, null, "The archive is damaged: the checksum of a tar header is wrong.");
    }
    String name = text(block, 0, 100);
    boolean posix = block[257] == 'u' && block[261] == 'r' && block[262] == 0;
    if (posix) {
      String prefix = text(block, 345, 155);
      name = prefix.isEmpty() ? name : prefix + "/" + name;
    }
    return new TarHeader(
        name, text(block, 157, 100), number(block, 124, 12), (char) (block[156] & 0xff));
  }

  static boolean isZero(byte[] block) {
    for (int i = 0; i < SIZE; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Historic writers summed signed bytes; both forms are good. */
  static boolean checksumHolds(byte[] block) {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < SIZE; i++) {
      boolean own = i >= CHECKSUM && i < CHECKSUM + 8;
      unsigned += own ? ' ' : block[i] & 0xff;
      signed += own ? ' ' : block[i];
    }
    long stored;
    try {
      stored = number(block, CHECKSUM, 8);
    } catch (ArchiveRejected e) {
      return false;
    }
    return stored == unsigned || stored == signed;
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, UTF_8);
  }

  private static long number(byte[] block, int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      long value = block[offset] & 0x7f;
      for (int i = 1; i < length; i++) {
        if (value >>> 54 != 0) {
          throw badNumber();
        }
        value = value << 8 | (block[offset + i] & 0xff);
      }
      return value;
    }
    long value = 0;
    boolean digits = false;
    for (int i = offset; i < offset + length; i++) {
      int c = block[i];
      if (c >= '0' && c <= '7') {
        value = value << 3 | (c - '0');
        digits = true;
      } else if (c == 0 || c == ' ') {
        if (digits) {
          break;
        }
      } else {
        throw badNumber();
      }
    }
    return value;
  }

  private static ArchiveRejected badNumber() {
    return new ArchiveRejected(
        Rule.CORRUPT, null, "The archive is damaged: a tar header holds no valid number.");
  }
}
