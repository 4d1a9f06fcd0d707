package dev.portico.gateway.routing.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path in {@code _headers} with the fields under it, as content-service has read and judged it.
 *
 * @param line the number of the path's line, from 1
 * @param host the host that it is for, in lower case; null for every one
 * @param path literal text, percent-encoded, {@code :name} for any one segment, one {@code *} at
 *     most for any characters
 * @param fields what is set and removed, in order
 */
public record HeaderRule(int line, @Nullable String host, String path, List<Field> fields) {
  /** Copies the list. */
  public HeaderRule {
    fields = List.copyOf(fields);
  }

  /**
   * A field of the response.
   *
   * @param name as written
   * @param value with {@code :name} and {@code :splat}; null: it is removed
   */
  public record Field(String name, @Nullable String value) {}
}
