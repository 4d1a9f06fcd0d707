package dev.portico.content.deployment.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body as it comes in. Counts, and remembers its own failure, so that a client that went away
 * is not taken for a damaged archive.
 */
final class Source extends FilterInputStream {
  private long count;
  private @Nullable IOException failure;

  Source(InputStream body) {
    super(body);
  }

  /** Bytes read so far. */
  long count() {
    return count;
  }

  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int read = in.read(bytes, offset, length);
      count += Math.max(read, 0);
      return read;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() {
    // The body belongs to the caller.
  }
}
