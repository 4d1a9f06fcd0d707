package dev.portico.content.s3;

import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The bytes of an object, or of a part of it, being read. Whoever opens it closes it. */
public final class OpenObject implements AutoCloseable {
  private final ResponseInputStream<GetObjectResponse> stream;
  private final long length;

  OpenObject(ResponseInputStream<GetObjectResponse> stream) {
    this.stream = stream;
    this.length = stream.response().contentLength();
  }

  /** The number of bytes that {@link #stream()} gives. */
  public long length() {
    return length;
  }

  /** The media type it was stored with. */
  public String type() {
    String type = stream.response().contentType();
    return type == null ? "application/octet-stream" : type;
  }

  /**
   * The bytes. Closing it before the end drops the connection rather than reading the rest of what
   * may be gigabytes.
   */
  public InputStream stream() {
    return new java.io.FilterInputStream(stream) {
      private long left = length;

      @Override
      public int read() throws IOException {
        int value = stream.read();
        left -= value < 0 ? 0 : 1;
        return value;
      }

      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = stream.read(bytes, offset, count);
        left -= Math.max(read, 0);
        return read;
      }

      @Override
      public long skip(long count) throws IOException {
        long skipped = stream.skip(count);
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
          stream.abort();
        }
        stream.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    stream().close();
  }
}
