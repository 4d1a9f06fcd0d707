package dev.portico.standins.cognito.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.function.Function;

/** Builds answers. */
public final class Json {
  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An object with one member. */
  public static ObjectNode object(String name, JsonNode value) {
    return object().set(name, value);
  }

  /** A list of what the function makes of each value. */
  public static <T> ArrayNode list(Collection<T> values, Function<T, JsonNode> form) {
    var list = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> list.add(form.apply(value)));
    return list;
  }

  /** A text. */
  public static JsonNode text(String value) {
    return JsonNodeFactory.instance.textNode(value);
  }

  /** A time as the protocol writes it: seconds since the epoch, with a fraction. */
  public static double time(long epochMillis) {
    return epochMillis / 1000.0;
  }
}
