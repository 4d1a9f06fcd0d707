package dev.portico.content.settings;

import io.micronaut.json.tree.JsonNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * A YAML document as the JSON that it stands for, and where each value of it stands. Of YAML only
 * what JSON has: objects, lists and scalars, which unquoted are null, a boolean or a number where
 * JSON has them so, and else text ({@code yes} and {@code 012} are text). Anchors, aliases and tags
 * are faults, so that nothing grows while it is read and nothing but these values is made.
 */
final class YamlDocument {
  /** As deep as the stored form can be read. */
  private static final int DEEPEST = 12;

  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  private static final int LONGEST_NUMBER = 18;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Iterator<Event> events;
  private final Faults faults;
  private final Map<String, String> places = new HashMap<>();
  private JsonNode root = JsonNode.createObjectNode(Map.of());

  private YamlDocument(String text, Faults faults) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE); // The bytes are bounded by the caller.
    this.events = new Yaml(options).parse(new StringReader(text)).iterator();
    this.faults = faults;
  }

  /**
   * Reads a document; what is at fault is null in it, and what stands behind a fault of the syntax
   * is missing.
   *
   * @param bytes UTF-8
   * @param faults gets what is wrong, by path; those of the syntax by the empty path, whose {@link
   *     #place} is then theirs
   */
  static YamlDocument read(byte[] bytes, Faults faults) {
    YamlDocument document = new YamlDocument(text(bytes, faults), faults);
    try {
      document.document();
    } catch (MarkedYAMLException e) {
      document.broken(e.getProblemMark(), e.getProblem());
    } catch (YAMLException | IllegalArgumentException e) {
      document.broken(null, null); // An escape of no character, such as "\\UFFFFFFFF".
    }
    return document;
  }

  private static String text(byte[] bytes, Faults faults) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (StreamReader.isPrintable(text)) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
      }
      faults.add("", "holds a character that YAML does not allow");
      return "";
    } catch (CharacterCodingException e) {
      faults.add("", "is not UTF-8");
      return "";
    }
  }

  /** What the document stands for; an empty object when there is nothing in it. */
  JsonNode root() {
    return root;
  }

  /**
   * Where a value stands, or the nearest that it would stand in.
   *
   * @param path such as {@code behaviours[3].origin}
   * @return {@code line:column}, both from 1
   */
  String place(String path) {
    String at = path;
    while (true) {
      String place = places.get(at);
      if (place != null || at.isEmpty()) {
        return place == null ? "1:1" : place;
      }
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
  }

  private void broken(@Nullable Mark mark, @Nullable String problem) {
    places.put("", mark == null ? "1:1" : place(mark));
    faults.add("", problem == null ? "is not YAML" : problem);
  }

  private static String place(Mark mark) {
    return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private void document() {
    events.next(); // the stream's start
    if (events.next().is(Event.ID.StreamEnd)) {
      return;
    }
    JsonNode value = value("", events.next(), 0);
    root = value.isNull() ? root : value;
    events.next(); // the document's end
    Event end = events.next();
    if (!end.is(Event.ID.StreamEnd)) {
      places.put("", place(end.getStartMark()));
      faults.add("", "is a second document; there can be one");
    }
  }

  private JsonNode value(String path, Event event, int depth) {
    places.putIfAbsent(path, place(event.getStartMark()));
    if (depth > DEEPEST) {
      throw new Broken("is nested too deeply", event.getStartMark());
    }
    if (event instanceof NodeEvent node && node.getAnchor() != null) {
      fault(path, event, "has an anchor or an alias, which are not read; write the value out");
    }
    if (event instanceof ScalarEvent scalar) {
      tag(path, event, scalar.getTag());
      return scalar(path, scalar);
    }
    if (event instanceof SequenceStartEvent list) {
      tag(path, event, list.getTag());
      return list(path, depth);
    }
    if (event instanceof MappingStartEvent object) {
      tag(path, event, object.getTag());
      return object(path, depth);
    }
    return JsonNode.nullNode(); // an alias
  }

  private void fault(String path, Event event, String reason) {
    places.put(path, place(event.getStartMark()));
    faults.add(path, reason);
  }

  private void tag(String path, Event event, @Nullable String tag) {
    if (tag != null) {
      fault(path, event, "has a tag, which are not read");
    }
  }

  private JsonNode list(String path, int depth) {
    List<JsonNode> elements = new ArrayList<>();
    for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
      elements.add(value(path + '[' + elements.size() + ']', event, depth + 1));
    }
    return JsonNode.createArrayNode(elements);
  }

  private JsonNode object(String path, int depth) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
      String name = name(path, event, depth);
      String at = path.isEmpty() ? Fields.shown(name) : path + '.' + Fields.shown(name);
      if (members.containsKey(name)) {
        fault(at, event, "is there twice");
      }
      places.put(at, place(event.getStartMark()));
      members.put(name, value(at, events.next(), depth + 1));
    }
    return JsonNode.createObjectNode(members);
  }

  private String name(String path, Event event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      if (isWhole(scalar.getValue())) {
        return scalar.getValue();
      }
      fault(path, event, "has a name with half a character");
      return "";
    }
    fault(path, event, "has a name that is not text");
    value(path, event, depth + 1);
    return "";
  }

  /** Whether it can be written as UTF-8: an escape may be half of a surrogate pair. */
  private static boolean isWhole(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private JsonNode scalar(String path, ScalarEvent scalar) {
    String text = scalar.getValue();
    if (text.length() > StoredSettings.LONGEST_TEXT) {
      faults.add(path, "has more than " + StoredSettings.LONGEST_TEXT + " characters");
      return JsonNode.nullNode();
    }
    if (!isWhole(text)) {
      faults.add(path, "has half a character");
      return JsonNode.nullNode();
    }
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return JsonNode.createStringNode(text);
    }
    return switch (text) {
      case "", "~", "null" -> JsonNode.nullNode();
      case "true" -> JsonNode.createBooleanNode(true);
      case "false" -> JsonNode.createBooleanNode(false);
      default ->
          text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches()
              ? number(text)
              : JsonNode.createStringNode(text);
    };
  }

  private static JsonNode number(String text) {
    return text.indexOf('.') < 0
        ? JsonNode.createNumberNode(Long.parseLong(text))
        : JsonNode.createNumberNode(new BigDecimal(text));
  }

  /** Ends the reading. */
  private static final class Broken extends MarkedYAMLException {
    private static final long serialVersionUID = 1L;

    Broken(String problem, Mark mark) {
      super(null, null, problem, mark);
    }
  }
}
