package dev.portico.content.blob;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a blob as DynamoDB keeps them. A blob is stored when it has a record: collection
 * deletes the record first, and what it names long after.
 *
 * @param digest its identity
 * @param extent where its bytes are
 * @param touchedAt when an upload last stored or found it, at most a day behind
 * @param variants where the variants that exist are, all in one object
 * @param variantsComplete whether there will be no other variants
 */
record BlobRecord(
    Digest digest,
    Extent extent,
    Instant touchedAt,
    Map<Coding, Extent> variants,
    boolean variantsComplete) {

  static final String OBJECT = "object";
  static final String OFFSET = "offset";
  static final String SIZE = "size";
  static final String TOUCHED_AT = "touchedAt";
  static final String VARIANTS = "packedVariants";
  static final String VARIANTS_OBJECT = "variantsObject";
  static final String VARIANTS_COMPLETE = "variantsSettled";

  /** How many attempts to make the variants killed their process; only for those who look. */
  static final String VARIANTS_GIVEN_UP = "variantsGivenUp";

  BlobRecord {
    variants = Map.copyOf(variants);
  }

  static BlobRecord stored(Digest digest, Extent extent, Instant now) {
    return new BlobRecord(digest, extent, now, Map.of(), false);
  }

  static Key key(Digest digest) {
    return new Key("BLOB#" + digest.hex(), "BLOB");
  }

  static BlobRecord of(Item item) {
    Optional<String> object = item.optionalString(VARIANTS_OBJECT);
    var variants = new EnumMap<Coding, Extent>(Coding.class);
    item.map(VARIANTS)
        .forEach(
            (token, place) ->
                Coding.of(token)
                    .ifPresent(
                        coding -> variants.put(coding, variant(object.orElseThrow(), place))));
    return new BlobRecord(
        new Digest(item.key().pk().substring("BLOB#".length())),
        new Extent(item.string(OBJECT), item.number(OFFSET, 0), item.number(SIZE)),
        item.instant(TOUCHED_AT),
        variants,
        item.flag(VARIANTS_COMPLETE));
  }

  /** What is absent from an item costs nothing; most blobs are written by the thousand. */
  Item item() {
    Item item =
        Item.at(key(digest))
            .with(SIZE, extent.length())
            .with(OBJECT, extent.object())
            .with(OFFSET, extent.offset())
            .with(TOUCHED_AT, touchedAt);
    if (!variants.isEmpty()) {
      item =
          item.with(VARIANTS_OBJECT, variantsObject(variants)).withMap(VARIANTS, places(variants));
    }
    return variantsComplete ? item.with(VARIANTS_COMPLETE, true) : item;
  }

  /** The object that variants are in; null when there are none. */
  static @Nullable String variantsObject(Map<Coding, Extent> variants) {
    return variants.values().stream().map(Extent::object).findAny().orElse(null);
  }

  /** Variants as an attribute: token → offset and length. */
  static Map<String, String> places(Map<Coding, Extent> variants) {
    var places = new LinkedHashMap<String, String>();
    variants.forEach(
        (coding, extent) -> places.put(coding.token(), extent.offset() + "+" + extent.length()));
    return places;
  }

  private static Extent variant(String object, String place) {
    int plus = place.indexOf('+');
    return new Extent(
        object,
        Long.parseLong(place, 0, plus, 10),
        Long.parseLong(place, plus + 1, place.length(), 10));
  }

  /** Whether this blob (coding null), or its variant, is in that object. */
  boolean isIn(String object, @Nullable Coding coding) {
    Extent where = coding == null ? extent : variants.get(coding);
    return where != null && where.object().equals(object);
  }

  long size() {
    return extent.length();
  }

  BlobFacts facts() {
    return new BlobFacts(digest, size(), variantsComplete);
  }
}
