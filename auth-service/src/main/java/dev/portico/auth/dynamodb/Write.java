package dev.portico.auth.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** One change of one item, or a check of it, alone or as part of a transaction. */
public sealed interface Write {
  /** What must hold for it to happen; null: nothing. */
  @Nullable Condition condition();

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

  /** Only checks: nothing happens unless this holds. */
  static Write check(Key key, Condition condition) {
    return new Check(key, condition);
  }

  /**
   * Stores a whole item.
   *
   * @param item what to store
   * @param condition what must hold
   */
  record Put(Item item, @Nullable Condition condition) implements Write {}

  /**
   * Removes an item.
   *
   * @param key which
   */
  record Delete(Key key) implements Write {
    @Override
    public @Nullable Condition condition() {
      return null;
    }
  }

  /**
   * Checks an item without changing it.
   *
   * @param key which
   * @param condition what must hold
   */
  record Check(Key key, Condition condition) implements Write {}

  /** As a part of a transaction. */
  default TransactWriteItem in(String table) {
    Condition condition = condition();
    String expression = condition == null ? null : condition.expression();
    var names = condition == null ? null : condition.names();
    var values = condition == null ? null : condition.values();
    var item = TransactWriteItem.builder();
    return switch (this) {
      case Put put ->
          item.put(
                  it ->
                      it.tableName(table)
                          .item(put.item().stored())
                          .conditionExpression(expression)
                          .expressionAttributeNames(names)
                          .expressionAttributeValues(values))
              .build();
      case Delete delete ->
          item.delete(it -> it.tableName(table).key(Table.key(delete.key()))).build();
      case Check check ->
          item.conditionCheck(
                  it ->
                      it.tableName(table)
                          .key(Table.key(check.key()))
                          .conditionExpression(expression)
                          .expressionAttributeNames(names)
                          .expressionAttributeValues(values))
              .build();
    };
  }
}
