package dev.portico.content.settings;

/**
 * Numbers that are allowed.
 *
 * @param least the least
 * @param most the most
 */
record Range(long least, long most) {
  boolean holds(long number) {
    return least <= number && number <= most;
  }
}
