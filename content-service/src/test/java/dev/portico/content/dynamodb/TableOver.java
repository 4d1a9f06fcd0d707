package dev.portico.content.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table over any client. */
public final class TableOver {
  private TableOver() {}

  /** Makes it. */
  public static Table client(DynamoDbClient client) {
    return new Table(client, "table");
  }

  /** What DynamoDB stores for an item. */
  public static Map<String, AttributeValue> stored(Item item) {
    return item.stored();
  }
}
