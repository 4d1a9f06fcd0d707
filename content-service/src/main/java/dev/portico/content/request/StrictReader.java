package dev.portico.content.request;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.portico.content.error.Problem;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.Headers;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.body.MessageBodyReader;
import io.micronaut.http.codec.CodecException;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads request bodies of types that say {@code @JsonIgnoreProperties(ignoreUnknown = false)}. The
 * framework's reader takes 5 and ["x"] for text and tells of the first fault only, without its
 * place.
 *
 * @param <T> the type
 */
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StrictReader<T> implements MessageBodyReader<T> {
  /** Of a field that is there twice one reader would take the first, and another one the last. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final JsonMapper json;

  StrictReader(JsonMapper json) {
    this.json = json;
  }

  @Override
  public boolean isReadable(Argument<T> type, MediaType mediaType) {
    JsonIgnoreProperties said = type.getType().getAnnotation(JsonIgnoreProperties.class);
    return said != null && !said.ignoreUnknown();
  }

  /**
   * The body as such a type.
   *
   * @throws Problem 400 naming every field that is unknown or of another type
   */
  @Override
  public T read(Argument<T> type, MediaType mediaType, Headers headers, InputStream body) {
    try {
      JsonNode document = JsonDocument.read(JSON.createParser(body));
      new Shape(json).require(type, document);
      return json.readValueFromTree(document, type);
    } catch (JsonProcessingException e) {
      throw JsonDocument.malformed(e);
    } catch (IOException e) {
      throw new CodecException("The body cannot be read: " + e.getMessage(), e);
    }
  }
}
