package dev.portico.gateway.routing.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The path of a rule as far as a {@link PathIndex} looks it up: how all paths begin it is for. */
interface IndexedPath {
  /** Literal segments as the index has them, or null for any one segment. */
  List<@Nullable String> segments();

  /** Whether anything may follow. */
  boolean open();

  /** The one path that it is for, without slash at its end; null when there are more. */
  default @Nullable String literal() {
    if (open()) {
      return null;
    }
    StringBuilder path = new StringBuilder();
    for (String segment : segments()) {
      if (segment == null) {
        return null;
      }
      path.append('/').append(segment);
    }
    return path.toString();
  }
}
