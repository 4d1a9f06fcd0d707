package dev.portico.content.request;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import io.micronaut.core.beans.BeanIntrospection;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a JSON document has the fields of a record and no others, and each in the form of its
 * component. Whether all that must be are there, and within bounds, is for validation to say. Not
 * thread-safe.
 */
final class Shape {
  /** More would hardly be read. */
  private static final int MAX_FAULTS = 100;

  private static final int LONGEST_NAME_SHOWN = 60;

  private final JsonMapper json;
  private final List<FieldError> faults = new ArrayList<>();

  /**
   * A comparison.
   *
   * @param json knows times and the names of enumerations
   */
  Shape(JsonMapper json) {
    this.json = json;
  }

  /**
   * Compares a document with a record.
   *
   * @throws Problem 400 naming every field that is unknown or of another form
   */
  void require(Argument<?> type, JsonNode document) {
    if (!document.isObject()) {
      throw Problem.of(
          400, "malformed-json", "The request's JSON is not valid", "The body is no JSON object.");
    }
    Map<String, Argument<?>> known = new LinkedHashMap<>();
    for (Argument<?> component :
        BeanIntrospection.getIntrospection(type.getType()).getConstructorArguments()) {
      known.put(component.getName(), component);
    }
    for (Map.Entry<String, JsonNode> field : document.entries()) {
      String name = field.getKey();
      Argument<?> component = known.get(name);
      if (component == null) {
        String shown = name.substring(0, Math.min(name.length(), LONGEST_NAME_SHOWN));
        require(false, shown, "is unknown; there are " + String.join(", ", known.keySet()));
      } else if (!field.getValue().isNull()) {
        compare(name, component, field.getValue());
      }
    }
    if (faults.size() == 1) {
      throw Problem.invalid(faults.getFirst().field(), faults.getFirst().reason());
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults);
    }
  }

  private void compare(String path, Argument<?> component, JsonNode node) {
    Class<?> type = component.getType();
    if (type == List.class) {
      require(node.isArray(), path, "must be a list");
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        compare(path + '[' + i + ']', component.getTypeParameters()[0], node.get(i));
      }
    } else if (type == String.class) {
      require(node.isString(), path, "must be text");
    } else if (type == int.class || type == Integer.class) {
      require(whole(node), path, "must be a whole number");
    } else if (type == Double.class) {
      require(node.isNumber(), path, "must be a number");
    } else if (type == Instant.class) {
      boolean time = node.isString() && readable(component, node);
      require(time, path, "must be a time such as 2026-12-31T23:59:59Z");
    } else if (type.isEnum()) {
      List<String> words = words(component);
      boolean word = node.isString() && words.contains(node.getStringValue());
      require(word, path, "must be one of " + String.join(", ", words));
    } else {
      throw new IllegalStateException("no request has a field that is a " + type);
    }
  }

  private static boolean whole(JsonNode node) {
    return node.isNumber()
        && (node.getNumberValue() instanceof Integer
            || (node.getNumberValue() instanceof Long number && number == number.intValue()));
  }

  /** What an enumeration is called, as far as requests may say it. */
  private List<String> words(Argument<?> type) {
    List<String> words = new ArrayList<>();
    for (Object constant : type.getType().getEnumConstants()) {
      try {
        JsonNode word = json.writeValueToTree(constant);
        if (readable(type, word)) {
          words.add(word.getStringValue());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return words;
  }

  private boolean readable(Argument<?> type, JsonNode node) {
    try {
      return json.readValueFromTree(node, type) != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private void require(boolean right, String path, String reason) {
    if (!right && faults.size() < MAX_FAULTS) {
      faults.add(new FieldError(path, reason));
    }
  }
}
