package dev.portico.content.dynamodb;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One change of one item, or a check of it, alone or as part of a transaction. */
public sealed interface Write {
  /** The item it is about. */
  Key key();

  /** What must hold for it to happen; null: nothing. */
  @Nullable Condition condition();

  /** The same, only under this condition; replaces an earlier one. */
  Write when(Condition condition);

  /** Stores the item, replacing what is there. */
  static Put put(Item item) {
    return new Put(item, null);
  }

  /** Stores the item unless one with its key exists. */
  static Put create(Item item) {
    return new Put(item, Condition.notExists());
  }

  /** Removes the item. */
  static Delete delete(Key key) {
    return new Delete(key, null);
  }

  /** Changes single attributes; creates the item when it is not there, unless conditional. */
  static Update update(Key key) {
    return new Update(key, Item.at(key), Set.of(), Map.of(), null);
  }

  /** Only checks: the transaction fails unless the condition holds. */
  static Check check(Key key, Condition condition) {
    return new Check(key, condition);
  }

  /**
   * Stores a whole item.
   *
   * @param item what to store
   * @param condition what must hold
   */
  record Put(Item item, @Nullable Condition condition) implements Write {
    @Override
    public Key key() {
      return item.key();
    }

    @Override
    public Put when(Condition condition) {
      return new Put(item, condition);
    }
  }

  /**
   * Removes an item.
   *
   * @param key which
   * @param condition what must hold
   */
  record Delete(Key key, @Nullable Condition condition) implements Write {
    @Override
    public Delete when(Condition condition) {
      return new Delete(key, condition);
    }
  }

  /**
   * Checks an item without changing it.
   *
   * @param key which
   * @param condition what must hold
   */
  record Check(Key key, Condition condition) implements Write {
    @Override
    public Check when(Condition condition) {
      return new Check(key, condition);
    }
  }

  /**
   * Changes attributes of an item.
   *
   * @param key which
   * @param set attributes to set, as an item with the same key
   * @param removed attributes to remove
   * @param added numbers to add to attributes, an absent one counting as 0
   * @param condition what must hold
   */
  record Update(
      Key key,
      Item set,
      Set<String> removed,
      Map<String, Long> added,
      @Nullable Condition condition)
      implements Write {
    /** Keeps unmodifiable copies. */
    public Update {
      removed = Set.copyOf(removed);
      added = Map.copyOf(added);
    }

    /** Sets a string; null removes it. */
    public Update set(String name, @Nullable String value) {
      return value == null ? remove(name) : with(set.with(name, value));
    }

    /** Sets a number. */
    public Update set(String name, long value) {
      return with(set.with(name, value));
    }

    /** Sets a truth value. */
    public Update set(String name, boolean value) {
      return with(set.with(name, value));
    }

    /** Sets a time; null removes it. */
    public Update set(String name, @Nullable Instant value) {
      return value == null ? remove(name) : with(set.with(name, value));
    }

    /** Sets a list of strings. */
    public Update setList(String name, Collection<String> values) {
      return with(set.withList(name, values));
    }

    /** Sets a map of strings. */
    public Update setMap(String name, Map<String, String> values) {
      return with(set.withMap(name, values));
    }

    /** Sets the end of the item's time to live. */
    public Update expireAt(Instant time) {
      return with(set.expiringAt(time));
    }

    /** Takes the end of the item's time to live away. */
    public Update neverExpire() {
      return remove(Attribute.EXPIRES_AT);
    }

    /** Makes it findable through the index gsi1. */
    public Update index(String gsi1pk, String gsi1sk) {
      return with(set.indexed(gsi1pk, gsi1sk));
    }

    /** Removes an attribute. */
    public Update remove(String name) {
      var names = new LinkedHashSet<>(removed);
      names.add(name);
      return new Update(key, set, names, added, condition);
    }

    /** Adds to a number. */
    public Update add(String name, long amount) {
      var amounts = new LinkedHashMap<>(added);
      amounts.put(name, amount);
      return new Update(key, set, removed, amounts, condition);
    }

    @Override
    public Update when(Condition condition) {
      return new Update(key, set, removed, added, condition);
    }

    private Update with(Item changed) {
      return new Update(key, changed, removed, added, condition);
    }
  }
}
