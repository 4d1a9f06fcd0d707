package dev.portico.content.dynamodb;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item: its key and typed attributes. Immutable; {@code with…} returns a changed copy.
 *
 * <p>Getters without a default throw {@link IllegalStateException} when the attribute is missing or
 * of another type: that is a bug or a damaged table, never a caller's mistake.
 */
public final class Item {
  /** DynamoDB's limit of one item, in bytes. */
  public static final int MAX_BYTES = 400 * 1024;

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

  /** An item with this key and no attributes yet. */
  public static Item at(String pk, String sk) {
    return at(new Key(pk, sk));
  }

  static Item of(Map<String, AttributeValue> stored) {
    var attributes = new LinkedHashMap<>(stored);
    AttributeValue pk = attributes.remove(Attribute.PK);
    AttributeValue sk = attributes.remove(Attribute.SK);
    if (pk == null || sk == null) {
      throw new IllegalStateException("item without key");
    }
    return new Item(new Key(pk.s(), sk.s()), attributes);
  }

  /** The primary key. */
  public Key key() {
    return key;
  }

  /** A copy with a string attribute; null leaves it absent. */
  public Item with(String name, @Nullable String value) {
    return value == null ? without(name) : put(name, Attribute.of(value));
  }

  /** A copy with a number. */
  public Item with(String name, long value) {
    return put(name, Attribute.of(value));
  }

  /** A copy with a truth value. */
  public Item with(String name, boolean value) {
    return put(name, Attribute.of(value));
  }

  /** A copy with a time, kept in milliseconds; null leaves it absent. */
  public Item with(String name, @Nullable Instant value) {
    return value == null ? without(name) : put(name, Attribute.of(value));
  }

  /** A copy with bytes. */
  public Item with(String name, byte[] value) {
    return put(name, Attribute.of(value));
  }

  /** A copy with a list of strings, order kept. */
  public Item withList(String name, Collection<String> values) {
    return put(name, Attribute.list(values));
  }

  /** A copy with a map of strings. */
  public Item withMap(String name, Map<String, String> values) {
    return put(name, Attribute.map(values));
  }

  /** A copy without this attribute. */
  public Item without(String name) {
    if (!attributes.containsKey(name)) {
      return this;
    }
    var copy = new LinkedHashMap<>(attributes);
    copy.remove(name);
    return new Item(key, copy);
  }

  /** A copy that is also found through the index gsi1. */
  public Item indexed(String gsi1pk, String gsi1sk) {
    return with(Attribute.INDEX_PK, gsi1pk).with(Attribute.INDEX_SK, gsi1sk);
  }

  /** A copy that DynamoDB deletes some time after this; readers check {@link #expired}. */
  public Item expiringAt(Instant time) {
    return with(Attribute.EXPIRES_AT, time.getEpochSecond());
  }

  /** Whether its time to live has passed; DynamoDB deletes late, so readers must ask. */
  public boolean expired(Instant now) {
    return expiresAt().filter(time -> !time.isAfter(now)).isPresent();
  }

  /** The end of its time to live. */
  public Optional<Instant> expiresAt() {
    return optional(Attribute.EXPIRES_AT)
        .map(value -> Instant.ofEpochSecond(Long.parseLong(value.n())));
  }

  /** Whether the attribute is there. */
  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  /** A string. */
  public String string(String name) {
    return optionalString(name).orElseThrow(() -> missing(name));
  }

  /** A string, if there. */
  public Optional<String> optionalString(String name) {
    return optional(name).map(AttributeValue::s);
  }

  /** A number. */
  public long number(String name) {
    return optional(name)
        .map(AttributeValue::n)
        .map(Long::parseLong)
        .orElseThrow(() -> missing(name));
  }

  /** A number, or this when it is absent. */
  public long number(String name, long absent) {
    return has(name) ? number(name) : absent;
  }

  /** A truth value; false when absent. */
  public boolean flag(String name) {
    return optional(name).map(AttributeValue::bool).orElse(false);
  }

  /** A time. */
  public Instant instant(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  /** A time, if there. */
  public Optional<Instant> optionalInstant(String name) {
    return has(name) ? Optional.of(instant(name)) : Optional.empty();
  }

  /** A list of strings; empty when absent. */
  public List<String> list(String name) {
    return optional(name)
        .map(value -> value.l().stream().map(AttributeValue::s).toList())
        .orElse(List.of());
  }

  /** A map of strings; empty when absent. */
  public Map<String, String> map(String name) {
    var values = new LinkedHashMap<String, String>();
    optional(name)
        .ifPresent(value -> value.m().forEach((at, member) -> values.put(at, member.s())));
    return values;
  }

  /** Bytes. */
  public byte[] bytes(String name) {
    return optional(name).map(value -> value.b().asByteArray()).orElseThrow(() -> missing(name));
  }

  /** Size in bytes as DynamoDB counts it, keys included; see {@link #MAX_BYTES}. */
  public long size() {
    return stored().entrySet().stream()
        .mapToLong(entry -> Attribute.utf8(entry.getKey()) + Attribute.size(entry.getValue()))
        .sum();
  }

  Map<String, AttributeValue> attributes() {
    return attributes;
  }

  Map<String, AttributeValue> stored() {
    var stored = new LinkedHashMap<String, AttributeValue>();
    stored.put(Attribute.PK, Attribute.of(key.pk()));
    stored.put(Attribute.SK, Attribute.of(key.sk()));
    stored.putAll(attributes);
    return stored;
  }

  private Optional<AttributeValue> optional(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  private Item put(String name, AttributeValue value) {
    if (name.equals(Attribute.PK) || name.equals(Attribute.SK)) {
      throw new IllegalArgumentException("the key of an item cannot change");
    }
    var copy = new LinkedHashMap<>(attributes);
    copy.put(name, value);
    return new Item(key, copy);
  }

  private IllegalStateException missing(String name) {
    return new IllegalStateException("item " + key + " has no attribute " + name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Item item && key.equals(item.key) && attributes.equals(item.attributes);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "Item" + key + attributes.keySet();
  }
}
