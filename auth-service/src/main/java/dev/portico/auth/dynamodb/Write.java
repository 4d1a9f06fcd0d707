package dev.portico.auth.dynamodb;

import org.jspecify.annotations.Nullable;

/** One change of one item, alone or as part of a transaction. */
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
    return new Delete(key);
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
   */
  record Delete(Key key) implements Write {}
}
