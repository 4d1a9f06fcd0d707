package dev.portico.content.deployment.archive;

import java.io.IOException;
import java.io.InputStream;

/** The data of one entry of a tar archive: exactly so many bytes, or {@link ArchiveRejected}. */
final class EntryStream extends InputStream {
  private final InputStream archive;
  private final String entry;
  private long left;

  EntryStream(InputStream archive, String entry, long size) {
    this.archive = archive;
    this.entry = entry;
    this.left = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int read = archive.read(bytes, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw Decoded.truncated(entry);
    }
    left -= read;
    return read;
  }

  /** Reads what is left, so that the next entry can be read. */
  void drain(byte[] buffer) throws IOException {
    while (left > 0) {
      int read = read(buffer, 0, buffer.length);
      if (read < 0) {
        return;
      }
    }
  }
}
