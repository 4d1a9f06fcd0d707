package dev.portico.content.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param objects in the order of their keys
 * @param next continues the listing; null: this was the last page
 */
public record ObjectPage(List<ObjectFacts> objects, @Nullable String next) {
  /** Keeps an unmodifiable copy. */
  public ObjectPage {
    objects = List.copyOf(objects);
  }
}
