package dev.portico.gateway.exchange;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of header fields in the order they were received; names compare without regard
 * to case (RFC 9110, section 5.1).
 */
public interface HeaderFields {
  /** No header field at all. */
  HeaderFields NONE =
      new HeaderFields() {
        @Override
        public @Nullable String first(String name) {
          return null;
        }

        @Override
        public List<String> all(String name) {
          return List.of();
        }

        @Override
        public void forEach(BiConsumer<String, String> action) {}
      };

  /** The value of the first field line with this name, or null. */
  @Nullable String first(String name);

  /** The values of all field lines with this name, in order; empty when there is none. */
  List<String> all(String name);

  /** Calls {@code action} with name and value of every field line, in order. */
  void forEach(BiConsumer<String, String> action);

  /**
   * Names, in lower case, of those fields among these by which the gateway itself tells origins who
   * a request is from.
   */
  default Set<String> told() {
    return Set.of();
  }

  /**
   * Names, in lower case, of the fields by which an origin may learn who a request is from that a
   * policy has let in: those that are told, those that would be if more were known of this viewer,
   * since that a field is left out says something, too, and the viewer's own Authorization. Where
   * there are any, the response may be for that one alone.
   */
  default Set<String> identity() {
    return Set.of();
  }

  /** Whether there is a field line with this name. */
  default boolean contains(String name) {
    return first(name) != null;
  }

  /** Whether the list that this field is has this token, in any case (RFC 9110, section 5.6.1). */
  default boolean lists(String name, String token) {
    for (String line : all(name)) {
      for (String listed : line.split(",", -1)) {
        if (listed.strip().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * All field lines of this name as one list value, joined by a comma (RFC 9110, section 5.3), or
   * null when there is none.
   */
  default @Nullable String joined(String name) {
    List<String> values = all(name);
    return switch (values.size()) {
      case 0 -> null;
      case 1 -> values.getFirst();
      default -> String.join(", ", values);
    };
  }
}
