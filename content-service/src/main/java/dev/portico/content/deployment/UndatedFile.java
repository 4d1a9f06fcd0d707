package dev.portico.content.deployment;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.types.files.StreamedFile;
import java.io.InputStream;

/**
 * A stream that is sent without the times that the framework makes up for one: when it was changed
 * nobody knows, and when it expires Cache-Control says.
 */
final class UndatedFile extends StreamedFile {
  /**
   * A stream.
   *
   * @param length in bytes, -1: unknown
   */
  UndatedFile(InputStream stream, MediaType type, long length) {
    super(stream, type, 0, length);
  }

  @Override
  public void process(MutableHttpResponse<?> response) {
    super.process(response);
    response.getHeaders().remove(HttpHeaders.LAST_MODIFIED).remove(HttpHeaders.EXPIRES);
  }
}
