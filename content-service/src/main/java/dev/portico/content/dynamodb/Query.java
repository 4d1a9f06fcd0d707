package dev.portico.content.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A query of one partition, of the table (strongly consistent) or of the index (eventually).
 *
 * @param index whether the index gsi1 is asked
 * @param pk the partition
 * @param from first sort key, inclusive, null: from the start
 * @param to last sort key, inclusive, null: to the end
 * @param limit most items of a page, from 1
 * @param forward whether by ascending sort key
 * @param cursor where a page before ended, null: the first page
 */
public record Query(
    boolean index,
    String pk,
    @Nullable String from,
    @Nullable String to,
    int limit,
    boolean forward,
    @Nullable String cursor) {
  private static final int DEFAULT_LIMIT = 1000;

  /** After every string that sorts by UTF-8 under a prefix: U+10FFFF, the last code point. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  /** All of a partition of the table. */
  public static Query of(String pk) {
    return new Query(false, pk, null, null, DEFAULT_LIMIT, true, null);
  }

  /** All of a partition of the index gsi1. */
  public static Query ofIndex(String gsi1pk) {
    return new Query(true, gsi1pk, null, null, DEFAULT_LIMIT, true, null);
  }

  /** Only sort keys that start so. */
  public Query prefix(String prefix) {
    return between(prefix, prefix + LAST);
  }

  /** Only sort keys from this to that, both inclusive. */
  public Query between(@Nullable String from, @Nullable String to) {
    return new Query(index, pk, from, to, limit, forward, cursor);
  }

  /** At most so many items in a page. */
  public Query limit(int limit) {
    return new Query(index, pk, from, to, limit, forward, cursor);
  }

  /** By descending sort key. */
  public Query backward() {
    return new Query(index, pk, from, to, limit, false, cursor);
  }

  /** Goes on where a page before ended; null: the first page. */
  public Query after(@Nullable String cursor) {
    return new Query(index, pk, from, to, limit, forward, cursor);
  }

  /** The cursor that goes on after this item, for lists that drop items after reading them. */
  public String cursorAfter(Item item) {
    return Cursor.encode(index, pk, item.attributes().get(Attribute.INDEX_SK), item.key());
  }

  boolean covers(String sk) {
    return (from == null || Cursor.compareUtf8(sk, from) >= 0)
        && (to == null || Cursor.compareUtf8(sk, to) <= 0);
  }

  String condition(Expression expression) {
    String sk = index ? Attribute.INDEX_SK : Attribute.SK;
    String condition =
        expression.name(index ? Attribute.INDEX_PK : Attribute.PK)
            + " = "
            + expression.value(AttributeValue.fromS(pk));
    if (from != null && to != null) {
      return condition
          + " AND "
          + expression.name(sk)
          + " BETWEEN "
          + expression.value(Attribute.of(from))
          + " AND "
          + expression.value(Attribute.of(to));
    }
    if (from != null) {
      return condition
          + " AND "
          + expression.name(sk)
          + " >= "
          + expression.value(Attribute.of(from));
    }
    if (to != null) {
      return condition
          + " AND "
          + expression.name(sk)
          + " <= "
          + expression.value(Attribute.of(to));
    }
    return condition;
  }
}
