package dev.portico.content.dynamodb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a query.
 *
 * @param items in the order of the query
 * @param next the opaque cursor of the following page, null when this is the last
 */
public record Page(List<Item> items, @Nullable String next) {
  /** Keeps an unmodifiable copy. */
  public Page {
    items = List.copyOf(items);
  }
}
