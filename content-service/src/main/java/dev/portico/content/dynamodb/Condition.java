package dev.portico.content.dynamodb;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What must hold of the stored item for a write to happen.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html">Condition
 *     expressions</a>
 */
public final class Condition {
  private final Function<Expression, String> rendering;

  private Condition(Function<Expression, String> rendering) {
    this.rendering = rendering;
  }

  /** An item with this key exists. */
  public static Condition exists() {
    return present(Attribute.PK);
  }

  /** No item with this key exists. */
  public static Condition notExists() {
    return absent(Attribute.PK);
  }

  /** The attribute is there. */
  public static Condition present(String name) {
    return new Condition(expression -> "attribute_exists(" + expression.name(name) + ")");
  }

  /** The attribute (or the whole item) is not there. */
  public static Condition absent(String name) {
    return new Condition(expression -> "attribute_not_exists(" + expression.name(name) + ")");
  }

  /** The attribute is this string. */
  public static Condition equal(String name, String value) {
    return compare(name, "=", Attribute.of(value));
  }

  /** The attribute is this number. */
  public static Condition equal(String name, long value) {
    return compare(name, "=", Attribute.of(value));
  }

  /** The attribute is this truth value. */
  public static Condition equal(String name, boolean value) {
    return compare(name, "=", Attribute.of(value));
  }

  /** The attribute is this time. */
  public static Condition equal(String name, Instant value) {
    return compare(name, "=", Attribute.of(value));
  }

  /** The attribute is there and less than this. */
  public static Condition less(String name, long value) {
    return compare(name, "<", Attribute.of(value));
  }

  /** The attribute is there and before this. */
  public static Condition less(String name, Instant value) {
    return compare(name, "<", Attribute.of(value));
  }

  /** The attribute is there and greater than this. */
  public static Condition greater(String name, long value) {
    return compare(name, ">", Attribute.of(value));
  }

  /** The attribute is there and after this. */
  public static Condition greater(String name, Instant value) {
    return compare(name, ">", Attribute.of(value));
  }

  /** All of these. */
  public static Condition and(Condition... conditions) {
    return join(" AND ", List.of(conditions));
  }

  /** At least one of these. */
  public static Condition or(Condition... conditions) {
    return join(" OR ", List.of(conditions));
  }

  /** The opposite. */
  public Condition negate() {
    return new Condition(expression -> "NOT (" + rendering.apply(expression) + ")");
  }

  String render(Expression expression) {
    return rendering.apply(expression);
  }

  private static Condition compare(String name, String operator, AttributeValue value) {
    return new Condition(
        expression -> expression.name(name) + " " + operator + " " + expression.value(value));
  }

  private static Condition join(String operator, List<Condition> conditions) {
    return new Condition(
        expression ->
            conditions.stream()
                .map(condition -> "(" + condition.render(expression) + ")")
                .collect(Collectors.joining(operator)));
  }
}
