package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of a request with those by which the gateway tells origins who it is from. */
final class ToldFields implements HeaderFields {
  private final HeaderFields viewers;
  private final List<String> told;
  private final Set<String> names;

  private ToldFields(HeaderFields viewers, List<String> told, Set<String> names) {
    this.viewers = viewers;
    this.told = told;
    this.names = names;
  }

  /**
   * These fields without what the viewer says under names that are the gateway's, and with what the
   * gateway says; the very same object where that changes nothing.
   *
   * @param removed names in lower case that only the gateway may say
   * @param told names and values in turn
   */
  static HeaderFields of(HeaderFields viewers, Set<String> removed, List<String> told) {
    HeaderFields clean = without(viewers, removed);
    if (told.isEmpty()) {
      return clean;
    }
    Set<String> names =
        Stream.iterate(0, i -> i < told.size(), i -> i + 2)
            .map(i -> told.get(i).toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    return new ToldFields(without(clean, names), List.copyOf(told), names);
  }

  /**
   * Fields without those of some names; the very same object when there are none. Servers that hand
   * fields on as variables take an underscore for a hyphen.
   *
   * @param removed in lower case
   */
  static HeaderFields without(HeaderFields fields, Set<String> removed) {
    if (removed.isEmpty()) {
      return fields;
    }
    Set<String> found = new HashSet<>();
    fields.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (removed.contains(lower) || removed.contains(lower.replace('_', '-'))) {
            found.add(lower);
          }
        });
    return found.isEmpty() ? fields : FieldList.without(fields, found);
  }

  /** Fields without some of the viewer's. */
  static HeaderFields butWithout(HeaderFields fields, Set<String> removed) {
    return fields instanceof ToldFields told
        ? new ToldFields(FieldList.without(told.viewers, removed), told.told, told.names)
        : FieldList.without(fields, removed);
  }

  @Override
  public Set<String> identity() {
    return names;
  }

  @Override
  public @Nullable String first(String name) {
    for (int i = 0; i < told.size(); i += 2) {
      if (told.get(i).equalsIgnoreCase(name)) {
        return told.get(i + 1);
      }
    }
    return viewers.first(name);
  }

  @Override
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < told.size(); i += 2) {
      if (told.get(i).equalsIgnoreCase(name)) {
        values.add(told.get(i + 1));
      }
    }
    return values.isEmpty() ? viewers.all(name) : values;
  }

  @Override
  public void forEach(BiConsumer<String, String> action) {
    viewers.forEach(action);
    for (int i = 0; i < told.size(); i += 2) {
      action.accept(told.get(i), told.get(i + 1));
    }
  }

  @Override
  public String toString() {
    return viewers + " and " + names;
  }
}
