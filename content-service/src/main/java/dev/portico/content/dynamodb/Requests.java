package dev.portico.content.dynamodb;

import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Turns writes into requests of the SDK. */
final class Requests {
  private static final ReturnValuesOnConditionCheckFailure OLD =
      ReturnValuesOnConditionCheckFailure.ALL_OLD;

  private Requests() {}

  static Map<String, AttributeValue> key(Key key) {
    return Map.of(Attribute.PK, Attribute.of(key.pk()), Attribute.SK, Attribute.of(key.sk()));
  }

  static PutItemRequest put(String table, Write.Put put) {
    var expression = new Expression();
    return PutItemRequest.builder()
        .tableName(table)
        .item(checked(put.item()).stored())
        .conditionExpression(condition(put, expression))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .returnValuesOnConditionCheckFailure(OLD)
        .build();
  }

  static DeleteItemRequest delete(String table, Write.Delete delete) {
    var expression = new Expression();
    return DeleteItemRequest.builder()
        .tableName(table)
        .key(key(delete.key()))
        .conditionExpression(condition(delete, expression))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .returnValuesOnConditionCheckFailure(OLD)
        .build();
  }

  static UpdateItemRequest update(String table, Write.Update update) {
    var expression = new Expression();
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(key(update.key()))
        .updateExpression(changes(update, expression))
        .conditionExpression(condition(update, expression))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .returnValuesOnConditionCheckFailure(OLD)
        .build();
  }

  static TransactWriteItem transacted(String table, Write write) {
    var expression = new Expression();
    return switch (write) {
      case Write.Put put ->
          TransactWriteItem.builder()
              .put(
                  it ->
                      it.tableName(table)
                          .item(checked(put.item()).stored())
                          .conditionExpression(condition(put, expression))
                          .expressionAttributeNames(expression.names())
                          .expressionAttributeValues(expression.values())
                          .returnValuesOnConditionCheckFailure(OLD))
              .build();
      case Write.Delete delete ->
          TransactWriteItem.builder()
              .delete(
                  it ->
                      it.tableName(table)
                          .key(key(delete.key()))
                          .conditionExpression(condition(delete, expression))
                          .expressionAttributeNames(expression.names())
                          .expressionAttributeValues(expression.values())
                          .returnValuesOnConditionCheckFailure(OLD))
              .build();
      case Write.Check check ->
          TransactWriteItem.builder()
              .conditionCheck(
                  it ->
                      it.tableName(table)
                          .key(key(check.key()))
                          .conditionExpression(condition(check, expression))
                          .expressionAttributeNames(expression.names())
                          .expressionAttributeValues(expression.values())
                          .returnValuesOnConditionCheckFailure(OLD))
              .build();
      case Write.Update update ->
          TransactWriteItem.builder()
              .update(
                  it ->
                      it.tableName(table)
                          .key(key(update.key()))
                          .updateExpression(changes(update, expression))
                          .conditionExpression(condition(update, expression))
                          .expressionAttributeNames(expression.names())
                          .expressionAttributeValues(expression.values())
                          .returnValuesOnConditionCheckFailure(OLD))
              .build();
    };
  }

  /** Refuses what DynamoDB would, before it is sent and by name. */
  static Item checked(Item item) {
    long size = item.size();
    if (size > Item.MAX_BYTES) {
      throw new ItemTooLargeException(item.key(), size);
    }
    return item;
  }

  private static @Nullable String condition(Write write, Expression expression) {
    Condition condition = write.condition();
    return condition == null ? null : condition.render(expression);
  }

  private static @Nullable String changes(Write.Update update, Expression expression) {
    checked(update.set());
    var clauses = new ArrayList<String>();
    var set = new ArrayList<String>();
    update
        .set()
        .attributes()
        .forEach((name, value) -> set.add(expression.name(name) + " = " + expression.value(value)));
    if (!set.isEmpty()) {
      clauses.add("SET " + String.join(", ", set));
    }
    if (!update.removed().isEmpty()) {
      clauses.add(
          "REMOVE " + String.join(", ", update.removed().stream().map(expression::name).toList()));
    }
    var add = new ArrayList<String>();
    update
        .added()
        .forEach(
            (name, amount) ->
                add.add(expression.name(name) + " " + expression.value(Attribute.of(amount))));
    if (!add.isEmpty()) {
      clauses.add("ADD " + String.join(", ", add));
    }
    return clauses.isEmpty() ? null : String.join(" ", clauses);
  }
}
