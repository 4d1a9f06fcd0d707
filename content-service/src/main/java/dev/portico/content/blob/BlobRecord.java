package dev.portico.content.blob;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import java.time.Instant;
import java.util.Map;

/**
 * The facts of a blob as DynamoDB keeps them.
 *
 * @param digest its identity
 * @param size in bytes
 * @param key the object that holds its bytes
 * @param state whether it may be used
 * @param touchedAt when an upload last stored or found it, at most a day behind
 * @param variants coding (br, zstd, gzip) → size in bytes, of the variants that exist
 * @param variantsComplete whether there will be no other variants
 */
record BlobRecord(
    Digest digest,
    long size,
    String key,
    State state,
    Instant touchedAt,
    Map<String, String> variants,
    boolean variantsComplete) {

  static final String OBJECT = "object";
  static final String SIZE = "size";
  static final String STATE = "state";
  static final String TOUCHED_AT = "touchedAt";
  static final String VARIANTS = "variants";
  static final String VARIANTS_COMPLETE = "variantsComplete";
  static final String MARKED_AT = "markedAt";

  enum State {
    /** Usable. */
    STORED("stored"),
    /** About to be deleted; its object's key is never used again for a blob that is stored. */
    DELETING("deleting"),
    /** Deleted; remembered for some days so that nobody late can delete what was stored again. */
    DELETED("deleted");

    private final String value;

    State(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }

    static State of(String value) {
      return switch (value) {
        case "stored" -> STORED;
        case "deleting" -> DELETING;
        case "deleted" -> DELETED;
        default -> throw new IllegalStateException("blob record in state " + value);
      };
    }
  }

  BlobRecord {
    variants = Map.copyOf(variants);
  }

  static BlobRecord stored(Digest digest, long size, String key, Instant now) {
    return new BlobRecord(digest, size, key, State.STORED, now, Map.of(), false);
  }

  static Key key(Digest digest) {
    return new Key("BLOB#" + digest.hex(), "BLOB");
  }

  static Digest digest(Key key) {
    return new Digest(key.pk().substring("BLOB#".length()));
  }

  static BlobRecord of(Item item) {
    return new BlobRecord(
        digest(item.key()),
        item.number(SIZE),
        item.string(OBJECT),
        State.of(item.string(STATE)),
        item.instant(TOUCHED_AT),
        item.map(VARIANTS),
        item.flag(VARIANTS_COMPLETE));
  }

  Item item() {
    return Item.at(key(digest))
        .with(SIZE, size)
        .with(OBJECT, key)
        .with(STATE, state.value())
        .with(TOUCHED_AT, touchedAt)
        .withMap(VARIANTS, variants)
        .with(VARIANTS_COMPLETE, variantsComplete);
  }

  BlobFacts facts() {
    return new BlobFacts(digest, size, variantsComplete);
  }

  boolean usable() {
    return state == State.STORED;
  }
}
