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
 * <p>A request has few fields and is asked for many that it does not have. One number tells most of
 * these apart: each name that is there has set one of its 64 bits.
 */
public final class NettyHeaderFields implements HeaderFields {
  private final HttpHeaders headers;
  private final long names;

  /**
   * A view of these fields.
   *
   * @param headers not changed from here on
   */
  public NettyHeaderFields(HttpHeaders headers) {
    this.headers = headers;
    long bits = 0;
    for (Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        fields.hasNext(); ) {
      bits |= bit(fields.next().getKey());
    }
    this.names = bits;
  }

  /** One bit of 64, the same in either case. */
  private static long bit(CharSequence name) {
    int length = name.length();
    if (length == 0) {
      return 0;
    }
    int ends = (name.charAt(0) | 0x20) * 7 + (name.charAt(length - 1) | 0x20);
    return 1L << (length * 31 + ends);
  }

  private boolean absent(String name) {
    return (names & bit(name)) == 0;
  }

  @Override
  public @Nullable String first(String name) {
    return absent(name) ? null : headers.get(name);
  }

  @Override
  public List<String> all(String name) {
    if (absent(name)) {
      return List.of();
    }
    Iterator<String> values = headers.valueStringIterator(name);
    if (!values.hasNext()) {
      return List.of();
    }
    String only = values.next();
    // Of several the iterator says nothing of their order, and there is nearly always one.
    return values.hasNext() ? headers.getAll(name) : List.of(only);
  }

  @Override
  public void forEach(BiConsumer<String, String> action) {
    for (Iterator<Map.Entry<String, String>> fields = headers.iteratorAsString();
        fields.hasNext(); ) {
      Map.Entry<String, String> field = fields.next();
      action.accept(field.getKey(), field.getValue());
    }
  }

  @Override
  public String toString() {
    return headers.toString();
  }
}
