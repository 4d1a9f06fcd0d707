package dev.portico.content.dynamodb;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How values are written to DynamoDB. */
final class Attribute {
  static final String PK = "pk";
  static final String SK = "sk";
  static final String INDEX_PK = "gsi1pk";
  static final String INDEX_SK = "gsi1sk";
  static final String INDEX = "gsi1";
  static final String EXPIRES_AT = "expiresAt";

  private Attribute() {}

  static AttributeValue of(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue of(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  static AttributeValue of(boolean value) {
    return AttributeValue.fromBool(value);
  }

  /** Instants are numbers of milliseconds since the epoch, so that they compare. */
  static AttributeValue of(Instant value) {
    return of(value.toEpochMilli());
  }

  static AttributeValue of(byte[] value) {
    return AttributeValue.fromB(SdkBytes.fromByteArray(value));
  }

  static AttributeValue list(Collection<String> values) {
    return AttributeValue.fromL(values.stream().map(AttributeValue::fromS).toList());
  }

  static AttributeValue map(Map<String, String> values) {
    var members = new java.util.LinkedHashMap<String, AttributeValue>();
    values.forEach((name, value) -> members.put(name, AttributeValue.fromS(value)));
    return AttributeValue.fromM(members);
  }

  /** Size as DynamoDB counts it, rounded up a little. */
  static long size(AttributeValue value) {
    return switch (value.type()) {
      case S -> utf8(value.s());
      case N -> value.n().length();
      case B -> value.b().asByteArrayUnsafe().length;
      case L -> 3 + value.l().stream().mapToLong(member -> 1 + size(member)).sum();
      case M ->
          3
              + value.m().entrySet().stream()
                  .mapToLong(member -> 1 + utf8(member.getKey()) + size(member.getValue()))
                  .sum();
      default -> 1;
    };
  }

  static long utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }
}
