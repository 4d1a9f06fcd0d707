package dev.portico.auth.dynamodb;

import org.jspecify.annotations.Nullable;

/** One change of one item, or what must hold of one, alone or as part of a transaction. */
public sealed interface Write {
  /** Stores the item, whatever is there. */
  static Write put(Item item) {
    return new Put(item, null);
  }

  /** Stores the item if this holds of what is there. */
  static Write put(Item item, Condition condition) {
    return new Put(item, condition);
  }

  /** Removes the item, if there is one. */
  static Write delete(Key key) {
    return new Delete(key, null);
  }

  /** Removes the item if this holds of what is there. */
  static Write delete(Key key, Condition condition) {
    return new Delete(key, condition);
  }

  /** Changes nothing, and has the whole transaction fail unless this holds of what is there. */
  static Write check(Key key, Condition condition) {
    return new Check(key, condition);
  }

  /**
   * Stores a whole item.
   *
   * @param item what to store
   * @param condition what must hold; null: nothing
   */
  record Put(Item item, @Nullable Condition condition) implements Write {}

  /**
   * Removes an item.
   *
   * @param key which
   * @param condition what must hold; null: nothing
   */
  record Delete(Key key, @Nullable Condition condition) implements Write {}

  /**
   * Requires something of an item.
   *
   * @param key which
   * @param condition what must hold
   */
  record Check(Key key, Condition condition) implements Write {}
}
