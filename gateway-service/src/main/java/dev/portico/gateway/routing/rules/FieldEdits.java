package dev.portico.gateway.routing.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment changes about the fields of its responses to one path.
 *
 * @param edits each name once, in any case
 */
public record FieldEdits(List<Edit> edits) {
  /** Nothing. */
  public static final FieldEdits NONE = new FieldEdits(List.of());

  /** Copies the list. */
  public FieldEdits {
    edits = List.copyOf(edits);
  }

  /**
   * What becomes of one field.
   *
   * @param name its name
   * @param value its value instead of any other; null: it is removed
   */
  public record Edit(String name, @Nullable String value) {}

  /** Whether nothing is changed. */
  public boolean isEmpty() {
    return edits.isEmpty();
  }
}
