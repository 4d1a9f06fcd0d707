package dev.portico.auth.dynamodb;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What must hold of the stored item for a write to happen.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html">Condition
 *     expressions</a>
 */
public final class Condition {
  private final String expression;
  private final Map<String, String> names;
  private final Map<String, AttributeValue> values;

  private Condition(
      String expression, Map<String, String> names, Map<String, AttributeValue> values) {
    this.expression = expression;
    this.names = names;
    this.values = values;
  }

  /** The item is not there. */
  public static Condition notExists() {
    return new Condition("attribute_not_exists(pk)", Map.of(), Map.of());
  }

  /** The item is there. */
  public static Condition exists() {
    return new Condition("attribute_exists(pk)", Map.of(), Map.of());
  }

  /** The item is there, and has no such attribute. */
  public static Condition existsWithout(String name) {
    return new Condition(
        "attribute_exists(pk) AND attribute_not_exists(#a)", Map.of("#a", name), Map.of());
  }

  /** The attribute is this number. */
  public static Condition equal(String name, long value) {
    return equal(name, AttributeValue.fromN(Long.toString(value)));
  }

  /** The attribute is this string. */
  public static Condition equal(String name, String value) {
    return equal(name, AttributeValue.fromS(value));
  }

  /** The item is not there, or the attribute is a time no later than this, in milliseconds. */
  public static Condition absentOrAtMost(String name, Instant latest) {
    return new Condition(
        "attribute_not_exists(pk) OR #a <= :v",
        Map.of("#a", name),
        Map.of(":v", AttributeValue.fromN(Long.toString(latest.toEpochMilli()))));
  }

  private static Condition equal(String name, AttributeValue value) {
    return new Condition("#a = :v", Map.of("#a", name), Map.of(":v", value));
  }

  String expression() {
    return expression;
  }

  /** The names, or null when there are none: DynamoDB refuses an empty map. */
  @org.jspecify.annotations.Nullable
  Map<String, String> names() {
    return names.isEmpty() ? null : names;
  }

  /** The values, or null when there are none: DynamoDB refuses an empty map. */
  @org.jspecify.annotations.Nullable
  Map<String, AttributeValue> values() {
    return values.isEmpty() ? null : values;
  }
}
