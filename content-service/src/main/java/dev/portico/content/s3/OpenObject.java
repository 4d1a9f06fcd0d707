package dev.portico.content.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The bytes of an object, or of a part of it, being read. Whoever opens it closes it. */
public final class OpenObject implements AutoCloseable {
  private final InputStream stream;
  private final @Nullable String type;
  private final long length;

  OpenObject(ResponseInputStream<GetObjectResponse> stream) {
    this.length = stream.response().contentLength();
    this.type = stream.response().contentType();
    this.stream = new Draining(stream, length);
  }

  /** The number of bytes that {@link #stream()} gives. */
  public long length() {
    return length;
  }

  /** The media type it was stored with. */
  public String type() {
    return type == null ? "application/octet-stream" : type;
  }

  /**
   * The bytes. Closing it before the end drops the connection rather than reading the rest of what
   * may be gigabytes.
   */
  public InputStream stream() {
    return stream;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** Knows whether all was read. */
  private static final class Draining extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> response;
    private long left;

    Draining(ResponseInputStream<GetObjectResponse> response, long length) {
      super(response);
      this.response = response;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      left -= value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int read = in.read(bytes, offset, count);
      left -= Math.max(read, 0);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(count);
      left -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() throws IOException {
      if (left > 0) {
        response.abort();
      }
      response.close();
    }
  }
}
