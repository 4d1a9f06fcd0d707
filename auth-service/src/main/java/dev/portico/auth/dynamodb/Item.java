package dev.portico.auth.dynamodb;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item: its key and typed attributes. Immutable; {@code with} returns a changed copy.
 *
 * <p>Getters that return no Optional throw {@link IllegalStateException} when the attribute is
 * missing: that is a bug or a damaged table, never a caller's mistake.
 */
public final class Item {
  static final String PK = "pk";
  static final String SK = "sk";
  private static final String EXPIRES_AT = "expiresAt";

  private final Key key;
  private final Map<String, AttributeValue> attributes;

  private Item(Key key, Map<String, AttributeValue> attributes) {
    this.key = key;
    this.attributes = attributes;
  }

  /** An item with this key and no attributes yet. */
  public static Item at(Key key) {
    return new Item(key, Map.of());
  }

  static Item of(Map<String, AttributeValue> stored) {
    var attributes = new HashMap<>(stored);
    AttributeValue pk = attributes.remove(PK);
    AttributeValue sk = attributes.remove(SK);
    if (pk == null || sk == null) {
      throw new IllegalStateException("an item without a key");
    }
    return new Item(new Key(pk.s(), sk.s()), attributes);
  }

  /** The primary key. */
  public Key key() {
    return key;
  }

  /** A copy with a string; null takes it away. */
  public Item with(String name, @Nullable String value) {
    return put(name, value == null ? null : AttributeValue.fromS(value));
  }

  /** A copy with a number. */
  public Item with(String name, long value) {
    return put(name, AttributeValue.fromN(Long.toString(value)));
  }

  /** A copy with a time, kept in milliseconds; null takes it away. */
  public Item with(String name, @Nullable Instant value) {
    return value == null ? put(name, null) : with(name, value.toEpochMilli());
  }

  /** A copy with bytes. */
  public Item with(String name, byte[] value) {
    return put(name, AttributeValue.fromB(SdkBytes.fromByteArray(value)));
  }

  /** A copy with names and values. */
  public Item with(String name, Map<String, String> values) {
    var map = new HashMap<String, AttributeValue>();
    values.forEach((key, value) -> map.put(key, AttributeValue.fromS(value)));
    return put(name, AttributeValue.fromM(map));
  }

  /** A copy that DynamoDB deletes some time after this; readers check {@link #expired}. */
  public Item expiringAt(Instant time) {
    return with(EXPIRES_AT, time.getEpochSecond());
  }

  /** Whether its time to live has passed; DynamoDB deletes late, so readers must ask. */
  public boolean expired(Instant now) {
    return attributes.containsKey(EXPIRES_AT) && number(EXPIRES_AT) <= now.getEpochSecond();
  }

  /** A string. */
  public String string(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  /** A string, if it is there. */
  public Optional<String> text(String name) {
    return attribute(name).map(AttributeValue::s);
  }

  /** A number. */
  public long number(String name) {
    return attribute(name).map(value -> Long.parseLong(value.n())).orElseThrow(() -> missing(name));
  }

  /** A time. */
  public Instant instant(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  /** A time, if it is there. */
  public Optional<Instant> time(String name) {
    return attribute(name).map(value -> Instant.ofEpochMilli(Long.parseLong(value.n())));
  }

  /** Bytes. */
  public byte[] bytes(String name) {
    return attribute(name).map(value -> value.b().asByteArray()).orElseThrow(() -> missing(name));
  }

  /** Names and values. */
  public Map<String, String> map(String name) {
    var values = new HashMap<String, String>();
    attribute(name)
        .orElseThrow(() -> missing(name))
        .m()
        .forEach((key, value) -> values.put(key, value.s()));
    return values;
  }

  Map<String, AttributeValue> stored() {
    var stored = new HashMap<>(attributes);
    stored.put(PK, AttributeValue.fromS(key.pk()));
    stored.put(SK, AttributeValue.fromS(key.sk()));
    return stored;
  }

  private Optional<AttributeValue> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  private Item put(String name, @Nullable AttributeValue value) {
    var copy = new HashMap<>(attributes);
    if (value == null) {
      copy.remove(name);
    } else {
      copy.put(name, value);
    }
    return new Item(key, copy);
  }

  private IllegalStateException missing(String name) {
    return new IllegalStateException("the item " + key + " has no attribute " + name);
  }

  /** Without its values, some of which are secrets. */
  @Override
  public String toString() {
    return "Item" + key + attributes.keySet();
  }
}
