package dev.portico.standins.cognito.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request; whoever misses one gets Cognito's validation error.
 *
 * @param json the request's body
 */
public record Params(ObjectNode json) {
  /** A text that must be there and not empty. */
  public String text(String name) {
    var value = optionalText(name);
    if (value == null) {
      throw missing(name);
    }
    if (value.isEmpty()) {
      throw invalid(name, value, "Member must have length greater than or equal to 1");
    }
    return value;
  }

  /** A text in the form of a password, which the policy of the pool is asked about afterwards. */
  public String password(String name) {
    var value = text(name);
    requirePassword(name, value);
    return value;
  }

  /** Refuses what Cognito's type {@code PasswordType} does not hold. */
  public static void requirePassword(String name, String value) {
    if (!value.matches("^[\\S]+.*[\\S]+$")) {
      throw CognitoException.invalidParameter(
          "1 validation error detected: Value at '"
              + lowerFirst(name)
              + "' failed to satisfy constraint: Member must satisfy regular expression pattern:"
              + " ^[\\S]+.*[\\S]+$");
    }
  }

  /** A text, or null. */
  public @Nullable String optionalText(String name) {
    var value = json.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw CognitoException.of("SerializationException", name + " is not a string");
    }
    return value.textValue();
  }

  /** A flag, false when absent. */
  public boolean flag(String name) {
    return json.path(name).asBoolean(false);
  }

  /** A whole number within bounds. */
  public int number(String name, int otherwise, int least, int most) {
    int value = json.path(name).asInt(otherwise);
    if (value < least || value > most) {
      throw invalid(
          name, Integer.toString(value), "Member must be between " + least + " and " + most);
    }
    return value;
  }

  /** A map of texts, empty when absent. */
  public Map<String, String> map(String name) {
    var values = new LinkedHashMap<String, String>();
    json.path(name).properties().forEach(e -> values.put(e.getKey(), e.getValue().asText()));
    return values;
  }

  /** A list of texts, empty when absent. */
  public List<String> list(String name) {
    var values = new ArrayList<String>();
    json.path(name).forEach(value -> values.add(value.asText()));
    return values;
  }

  /** A list of {@code {"Name", "Value"}}, as Cognito writes a user's attributes. */
  public Map<String, String> attributes(String name) {
    var values = new LinkedHashMap<String, String>();
    for (JsonNode attribute : json.path(name)) {
      values.put(attribute.path("Name").asText(), attribute.path("Value").asText(""));
    }
    return values;
  }

  private static CognitoException missing(String name) {
    return CognitoException.invalidParameter(
        "1 validation error detected: Value null at '"
            + lowerFirst(name)
            + "' failed to satisfy constraint: Member must not be null");
  }

  /** Cognito's complaint about a value that does not satisfy a constraint. */
  public static CognitoException invalid(String name, String value, String constraint) {
    return CognitoException.invalidParameter(
        "1 validation error detected: Value '"
            + value
            + "' at '"
            + lowerFirst(name)
            + "' failed to satisfy constraint: "
            + constraint);
  }

  private static String lowerFirst(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
