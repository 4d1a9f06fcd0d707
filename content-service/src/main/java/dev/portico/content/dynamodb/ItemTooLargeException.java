package dev.portico.content.dynamodb;

/**
 * An item is over DynamoDB's 400 KB. Features bound what they store, so that this is a bug in them;
 * what has no bound belongs into S3.
 */
public final class ItemTooLargeException extends RuntimeException {
  ItemTooLargeException(Key key, long bytes) {
    super("item " + key + " has " + bytes + " bytes, more than " + Item.MAX_BYTES);
  }
}
