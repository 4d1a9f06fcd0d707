package dev.portico.content.settings;

import io.micronaut.json.tree.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of the document while it is read. A field that is absent, null or at fault reads as its
 * default; what nobody asked for by the end is unknown, and a fault.
 */
final class Fields {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int LONGEST_NAME_SHOWN = 60;
  private static final JsonNode NOTHING = JsonNode.createObjectNode(Map.of());

  private final String path;
  private final JsonNode node;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(String path, JsonNode node, Faults faults) {
    this.path = path;
    this.node = node;
    this.faults = faults;
  }

  /** Reads an object by what asks for its fields; anything else is a fault and reads as empty. */
  static <T> T read(String path, JsonNode node, Faults faults, Function<Fields, T> reader) {
    if (!node.isObject()) {
      faults.add(path, "must be an object");
    }
    Fields fields = new Fields(path, node.isObject() ? node : NOTHING, faults);
    T read = reader.apply(fields);
    fields.refuseUnknown();
    return read;
  }

  private void refuseUnknown() {
    for (Map.Entry<String, JsonNode> entry : node.entries()) {
      String name = entry.getKey();
      if (!known.contains(name)) {
        faults.add(at(shown(name)), "is unknown; there are " + String.join(", ", known));
      }
    }
  }

  /** A name as it stands in paths. */
  static String shown(String name) {
    return name.length() <= LONGEST_NAME_SHOWN ? name : name.substring(0, LONGEST_NAME_SHOWN);
  }

  /** The path of a field. */
  String at(String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  /** Notes a fault of a field. */
  void fault(String name, String reason) {
    faults.add(at(name), reason);
  }

  /** Notes a fault of a field; null for none. */
  void refuse(String name, @Nullable String reason) {
    if (reason != null) {
      fault(name, reason);
    }
  }

  private @Nullable JsonNode field(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  boolean flag(String name, boolean absent) {
    JsonNode value = field(name);
    if (value != null && !value.isBoolean()) {
      fault(name, "must be true or false");
      return absent;
    }
    return value == null ? absent : value.getBooleanValue();
  }

  int whole(String name, int absent, Range range) {
    return Math.toIntExact(wholeLong(name, absent, range));
  }

  long wholeLong(String name, long absent, Range range) {
    JsonNode value = field(name);
    return value == null ? absent : number(name, value, absent, range);
  }

  private long number(String name, JsonNode value, long otherwise, Range range) {
    if (value.isNumber()) {
      Number given = value.getNumberValue();
      boolean integral = given instanceof Integer || given instanceof Long;
      if (integral && range.holds(given.longValue())) {
        return given.longValue();
      }
    }
    fault(name, "must be a whole number from " + range.least() + " to " + range.most());
    return otherwise;
  }

  /** A number from 0 to 100 with so many decimals at most; 0 when it is absent. */
  double percentage(String name, int decimals) {
    JsonNode value = field(name);
    if (value == null) {
      return 0;
    }
    if (value.isNumber()) {
      BigDecimal given = new BigDecimal(value.getNumberValue().toString()).stripTrailingZeros();
      boolean within = given.signum() >= 0 && given.compareTo(HUNDRED) <= 0;
      if (within && given.scale() <= decimals) {
        return given.doubleValue();
      }
    }
    fault(name, "must be a number from 0 to 100 with at most " + decimals + " decimals");
    return 0;
  }

  @Nullable String text(String name) {
    JsonNode value = field(name);
    if (value != null && !value.isString()) {
      fault(name, "must be text");
      return null;
    }
    return value == null ? null : value.getStringValue();
  }

  /** A text that there must be; empty when it is not there. */
  String required(String name) {
    String value = text(name);
    boolean empty = value == null ? field(name) == null : value.isEmpty();
    if (empty) {
      fault(name, "is required");
    }
    return value == null ? "" : value;
  }

  /** One of some words, of which the first is the default; null when it is at fault. */
  @Nullable String wordIfRight(String name, List<String> words) {
    String value = text(name);
    if (value != null && !words.contains(value)) {
      fault(name, "must be one of " + String.join(", ", words));
      return null;
    }
    return value == null && field(name) == null ? words.getFirst() : value;
  }

  /** One of some words, of which the first is the default. */
  String word(String name, List<String> words) {
    String value = wordIfRight(name, words);
    return value == null ? words.getFirst() : value;
  }

  /** The elements of a list, as far as they are not too many; null when it is absent. */
  private @Nullable List<JsonNode> elements(String name, int most) {
    JsonNode value = field(name);
    if (value == null) {
      return null;
    }
    if (!value.isArray()) {
      fault(name, "must be a list");
      return List.of();
    }
    if (value.size() > most) {
      fault(name, "has " + value.size() + " elements, more than " + most);
    }
    var elements = new ArrayList<JsonNode>();
    for (int i = 0; i < Math.min(most, value.size()); i++) {
      JsonNode element = value.get(i);
      elements.add(element == null ? JsonNode.nullNode() : element);
    }
    return elements;
  }

  List<String> texts(String name, List<String> absent, int most) {
    List<JsonNode> elements = elements(name, most);
    if (elements == null) {
      return absent;
    }
    var texts = new ArrayList<String>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).isString()) {
        texts.add(elements.get(i).getStringValue());
      } else {
        fault(name + '[' + i + ']', "must be text");
      }
    }
    return texts;
  }

  /** The same, none when it is absent; null when any of it is not understood. */
  @Nullable List<String> textsIfRight(String name, int most) {
    JsonNode value = field(name);
    List<String> texts = texts(name, List.of(), most);
    return value == null || (value.isArray() && value.size() == texts.size()) ? texts : null;
  }

  List<Integer> wholes(String name, List<Integer> absent, int most, Range range) {
    List<JsonNode> elements = elements(name, most);
    if (elements == null) {
      return absent;
    }
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < elements.size(); i++) {
      long number = number(name + '[' + i + ']', elements.get(i), range.least(), range);
      numbers.add(Math.toIntExact(number));
    }
    return numbers;
  }

  /** A map of whole numbers to whole numbers of seconds. */
  Map<String, Long> seconds(String name, Range keys, Range values) {
    JsonNode value = field(name);
    var seconds = new TreeMap<String, Long>();
    if (value == null) {
      return seconds;
    }
    if (!value.isObject()) {
      fault(name, "must be an object");
      return seconds;
    }
    for (Map.Entry<String, JsonNode> entry : value.entries()) {
      String key = entry.getKey();
      if (key.matches("[0-9]{1,9}") && keys.holds(Long.parseLong(key))) {
        seconds.put(key, number(name + '.' + key, entry.getValue(), values.least(), values));
      } else {
        fault(
            name + '.' + shown(key),
            "is no whole number from " + keys.least() + " to " + keys.most());
      }
    }
    return seconds;
  }

  /** An object, null when it is absent. */
  <T> @Nullable T object(String name, Function<Fields, T> reader) {
    JsonNode value = field(name);
    return value == null ? null : read(at(name), value, faults, reader);
  }

  /** An object of which every field has a default. */
  <T> T objectOrDefaults(String name, Function<Fields, T> reader) {
    JsonNode value = field(name);
    return read(at(name), value == null ? NOTHING : value, faults, reader);
  }

  /** A list of objects; empty when it is absent. */
  <T> List<T> objects(String name, int most, Function<Fields, T> reader) {
    List<JsonNode> elements = elements(name, most);
    var objects = new ArrayList<T>();
    for (int i = 0; elements != null && i < elements.size(); i++) {
      objects.add(read(at(name) + '[' + i + ']', elements.get(i), faults, reader));
    }
    return objects;
  }

  /**
   * Reads objects by names that are not fixed.
   *
   * @param refusal what is wrong with a name; null for nothing
   */
  <T> void named(
      String name,
      int most,
      Function<String, @Nullable String> refusal,
      Function<Fields, T> reader) {
    JsonNode value = field(name);
    if (value == null) {
      return;
    }
    if (!value.isObject()) {
      fault(name, "must be an object");
      return;
    }
    if (value.size() > most) {
      fault(name, "has " + value.size() + " fields, more than " + most);
      return;
    }
    for (Map.Entry<String, JsonNode> entry : value.entries()) {
      String at = at(name) + '.' + shown(entry.getKey());
      @Nullable String wrong = refusal.apply(entry.getKey());
      if (wrong != null) {
        faults.add(at, wrong);
      } else if (!entry.getValue().isNull()) {
        read(at, entry.getValue(), faults, reader);
      }
    }
  }
}
