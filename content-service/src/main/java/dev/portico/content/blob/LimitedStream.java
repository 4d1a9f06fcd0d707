package dev.portico.content.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends one byte after the size expected, so that whoever sends more is found out soon. */
final class LimitedStream extends FilterInputStream {
  private long left;

  LimitedStream(InputStream in, long size) {
    super(in);
    this.left = size - MemoryPool.PART + 1;
  }

  @Override
  public int read() throws IOException {
    if (left <= 0) {
      return -1;
    }
    int value = super.read();
    left -= value < 0 ? 0 : 1;
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left <= 0) {
      return -1;
    }
    int read = super.read(bytes, offset, (int) Math.min(left, length));
    left -= Math.max(read, 0);
    return read;
  }
}
