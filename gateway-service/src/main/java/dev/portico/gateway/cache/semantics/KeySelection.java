package dev.portico.gateway.cache.semantics;

import java.util.HashSet;
import java.util.Set;

/**
 * Which header fields, cookies or query parameters of a request distinguish cached responses; the
 * same ones go to the origin. CloudFront's words, see its cache policies.
 *
 * @param mode how {@code names} are meant
 * @param names the names: fields in lower case, cookies and parameters as written; empty for {@link
 *     Mode#NONE} and {@link Mode#ALL}
 */
public record KeySelection(Mode mode, Set<String> names) {
  /** Selects nothing. */
  public static final KeySelection NONE = new KeySelection(Mode.NONE, Set.of());

  /** Selects everything. */
  public static final KeySelection ALL = new KeySelection(Mode.ALL, Set.of());

  /** How the names of a selection are meant. */
  public enum Mode {
    /** Nothing is selected. */
    NONE,
    /** The names are selected. */
    ONLY,
    /** All but the names are selected. */
    ALL_EXCEPT,
    /** Everything is selected. */
    ALL
  }

  /** Copies the names. */
  public KeySelection {
    names = Set.copyOf(names);
  }

  /** What this or another one selects. */
  public KeySelection and(KeySelection other) {
    if (mode == Mode.NONE || other.mode == Mode.ALL) {
      return other;
    }
    if (mode == Mode.ALL || other.mode == Mode.NONE) {
      return this;
    }
    if (mode == Mode.ONLY && other.mode == Mode.ALL_EXCEPT) {
      return other.and(this);
    }
    Set<String> all = new HashSet<>(names);
    if (mode == Mode.ONLY) {
      all.addAll(other.names);
    } else {
      all.removeIf(other::selects);
    }
    return new KeySelection(mode, all);
  }

  /** Whether {@code name} is selected. */
  public boolean selects(String name) {
    return switch (mode) {
      case NONE -> false;
      case ONLY -> names.contains(name);
      case ALL_EXCEPT -> !names.contains(name);
      case ALL -> true;
    };
  }
}
