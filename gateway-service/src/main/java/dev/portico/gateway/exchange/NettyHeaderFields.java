package dev.portico.gateway.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields as Netty's decoder holds them.
 *
 * @param headers not changed from here on
 */
public record NettyHeaderFields(HttpHeaders headers) implements HeaderFields {
  @Override
  public @Nullable String first(String name) {
    return headers.get(name);
  }

  @Override
  public List<String> all(String name) {
    return headers.getAll(name);
  }

  @Override
  public void forEach(BiConsumer<String, String> action) {
    for (Iterator<Map.Entry<String, String>> fields = headers.iteratorAsString();
        fields.hasNext(); ) {
      Map.Entry<String, String> field = fields.next();
      action.accept(field.getKey(), field.getValue());
    }
  }
}
