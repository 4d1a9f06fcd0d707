package dev.portico.content.dynamodb;

/**
 * The primary key of an item.
 *
 * @param pk partition key
 * @param sk sort key
 */
public record Key(String pk, String sk) {
  /** Refuses empty parts, which DynamoDB does not store as keys. */
  public Key {
    if (pk.isEmpty() || sk.isEmpty()) {
      throw new IllegalArgumentException("a key part is empty: " + pk + " / " + sk);
    }
  }
}
