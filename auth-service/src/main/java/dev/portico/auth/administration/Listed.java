package dev.portico.auth.administration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page as the pool has it.
 *
 * @param items what is on it
 * @param token where the next one begins; null for the last
 */
public record Listed<T>(List<T> items, @Nullable String token) {
  /** Keeps a copy. */
  public Listed {
    items = List.copyOf(items);
  }
}
