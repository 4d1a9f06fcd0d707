package dev.portico.content.deployment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body, whose failures can be told from those of whatever else is read and written. */
final class RequestStream extends FilterInputStream {
  RequestStream(InputStream in) {
    super(in);
  }

  /** The body ended before it was complete. */
  static final class Incomplete extends IOException {
    private static final long serialVersionUID = 1L;

    Incomplete(IOException cause) {
      super(cause);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (IOException e) {
      throw new Incomplete(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw new Incomplete(e);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      return in.skip(count);
    } catch (IOException e) {
      throw new Incomplete(e);
    }
  }
}
