package dev.portico.content.deployment.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path in {@code _headers} with the fields under it.
 *
 * @param line the number of the path's line, from 1
 * @param host the host, in lower case, that the rule is for; null for every one
 * @param path what paths it is for, percent-encoded: literal text, {@code :name} for any one
 *     segment, one {@code *} for any characters
 * @param fields what is set and removed, in order
 */
public record HeaderRule(int line, @Nullable String host, String path, List<Field> fields) {
  /** Keeps an unmodifiable copy. */
  public HeaderRule {
    fields = List.copyOf(fields);
  }

  /**
   * A field of the response.
   *
   * @param name as written
   * @param value what it is set to; null: it is removed
   */
  public record Field(String name, @Nullable String value) {}
}
