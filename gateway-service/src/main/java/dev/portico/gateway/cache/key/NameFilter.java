package dev.portico.gateway.cache.key;

import dev.portico.gateway.cache.semantics.KeySelection;

/**
 * A {@link KeySelection} that tells of a name inside a text whether it is selected, without taking
 * it out. Policies name at most a few.
 */
final class NameFilter {
  private final KeySelection.Mode mode;
  private final String[] names;

  NameFilter(KeySelection selection) {
    this.mode = selection.mode();
    this.names = selection.names().stream().sorted().toArray(String[]::new);
  }

  boolean selectsNothing() {
    return mode == KeySelection.Mode.NONE;
  }

  boolean selectsAll() {
    return mode == KeySelection.Mode.ALL;
  }

  boolean selects(String text, int from, int to) {
    return switch (mode) {
      case NONE -> false;
      case ALL -> true;
      case ONLY -> isNamed(text, from, to);
      case ALL_EXCEPT -> !isNamed(text, from, to);
    };
  }

  private boolean isNamed(String text, int from, int to) {
    for (String name : names) {
      if (name.length() == to - from && text.startsWith(name, from)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return mode + String.join("\0", names);
  }
}
