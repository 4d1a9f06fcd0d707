package dev.portico.content.blob;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Write;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers what an object under {@code blobs/uploaded/} is: written before the object, completed
 * with the digest together with the blob's record, so that collection can tell an orphan.
 */
final class UploadRecord {
  static final String DIGEST = "digest";
  static final String STARTED_AT = "startedAt";

  /** Far longer than any upload takes. */
  private static final Duration FORGOTTEN = Duration.ofDays(30);

  private UploadRecord() {}

  static Key key(String object) {
    return new Key("UPLOAD#" + BlobKey.id(object), "UPLOAD");
  }

  /** Expires, in case that no object comes of it. */
  static Write started(String object, Instant now) {
    return Write.create(Item.at(key(object)).with(STARTED_AT, now).expiringAt(now.plus(FORGOTTEN)));
  }

  /** Fails when collection has taken the upload for abandoned. */
  static Write completed(String object, Digest digest) {
    return Write.update(key(object))
        .set(DIGEST, digest.hex())
        .neverExpire()
        .when(Condition.exists());
  }

  static Write dropped(String object) {
    return Write.delete(key(object));
  }
}
