package dev.portico.content.dynamodb;

import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Collects the placeholders of one request, so that any attribute name is allowed. */
final class Expression {
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, AttributeValue> values = new LinkedHashMap<>();

  String name(String attribute) {
    for (Map.Entry<String, String> known : names.entrySet()) {
      if (known.getValue().equals(attribute)) {
        return known.getKey();
      }
    }
    String placeholder = "#n" + names.size();
    names.put(placeholder, attribute);
    return placeholder;
  }

  String value(AttributeValue value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }

  /** The names, or null when none: DynamoDB refuses an empty map. */
  @org.jspecify.annotations.Nullable
  Map<String, String> names() {
    return names.isEmpty() ? null : names;
  }

  /** The values, or null when none: DynamoDB refuses an empty map. */
  @org.jspecify.annotations.Nullable
  Map<String, AttributeValue> values() {
    return values.isEmpty() ? null : values;
  }
}
