package dev.portico.content.blob;

import java.io.IOException;
import java.io.InputStream;

/**
 * An open blob, or a part of it. Whoever opens it closes it.
 *
 * @param size the length of the whole blob, in bytes
 * @param length the number of bytes that the stream gives
 * @param stream the bytes
 */
public record BlobContent(long size, long length, InputStream stream) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    stream.close();
  }
}
