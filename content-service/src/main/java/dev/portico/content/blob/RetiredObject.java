package dev.portico.content.blob;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Write;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers since when collection knows that no record names an object. None ever will again, since
 * only its writer names an object, right after writing it.
 */
final class RetiredObject {
  static final String SINCE = "since";

  private RetiredObject() {}

  static Key key(String object) {
    return new Key("RETIRED#" + BlobKey.id(object), "RETIRED");
  }

  /** Expires, in case that its object is deleted and nobody comes to delete it. */
  static Write retired(String object, Instant now, Duration grace) {
    return Write.create(
        Item.at(key(object)).with(SINCE, now).expiringAt(now.plus(grace.multipliedBy(3))));
  }

  static Write deleted(String object) {
    return Write.delete(key(object));
  }
}
