package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Header fields as a value: immutable, in order, one string array. */
public final class FieldList implements HeaderFields {
  /** No field at all. */
  public static final FieldList EMPTY = new FieldList(new String[0]);

  private final String[] namesAndValues;

  private FieldList(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  /**
   * Fields from alternating names and values.
   *
   * @throws IllegalArgumentException when a value is missing
   */
  public static FieldList of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    return new FieldList(namesAndValues.clone());
  }

  /** A copy of other fields. */
  public static FieldList copyOf(HeaderFields fields) {
    return without(fields, Set.of());
  }

  /**
   * A copy of other fields without some.
   *
   * @param dropped names in lower case
   */
  public static FieldList without(HeaderFields fields, Set<String> dropped) {
    Builder kept = new Builder();
    fields.forEach(
        (name, value) -> {
          if (!dropped.contains(name.toLowerCase(Locale.ROOT))) {
            kept.add(name, value);
          }
        });
    return kept.build();
  }

  @Override
  public @Nullable String first(String name) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        return namesAndValues[i + 1];
      }
    }
    return null;
  }

  @Override
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        values.add(namesAndValues[i + 1]);
      }
    }
    return values;
  }

  @Override
  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      action.accept(namesAndValues[i], namesAndValues[i + 1]);
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return namesAndValues.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldList list && Arrays.equals(namesAndValues, list.namesAndValues);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(namesAndValues);
  }

  @Override
  public String toString() {
    return Arrays.toString(namesAndValues);
  }

  /** Collects fields. */
  public static final class Builder {
    private final List<String> namesAndValues = new ArrayList<>(32);

    /** No field yet. */
    public Builder() {}

    /** Adds a field line after those there are. */
    public Builder add(String name, String value) {
      namesAndValues.add(name);
      namesAndValues.add(value);
      return this;
    }

    /** The fields so far. */
    public FieldList build() {
      return namesAndValues.isEmpty()
          ? EMPTY
          : new FieldList(namesAndValues.toArray(String[]::new));
    }
  }
}
