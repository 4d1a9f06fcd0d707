package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with {@code :name} in it where a part of a request is to stand. A name that nothing was
 * given is text like any other. What is put in is escaped, so that it can end neither the place
 * that it stands in nor the line.
 */
final class Template {
  /** The name of what a star stands for. */
  static final String SPLAT = "splat";

  /** The longest text that is made, in characters: of a field's value or a location. */
  static final int LONGEST = 8_192;

  private static final Pattern REFERENCE = Pattern.compile(":([A-Za-z][A-Za-z0-9_]{0,63})");

  // Alternating: text, name, text, … and a text at the end.
  private final List<String> pieces = new ArrayList<>();
  // For each name the symbols that stay as they are.
  private final List<String> symbols = new ArrayList<>();

  private Template(String text, int from, Set<String> names) {
    int end = 0;
    int query = text.indexOf('?', from);
    Matcher matcher = REFERENCE.matcher(text);
    int at = from;
    while (matcher.find(at)) {
      at = matcher.end();
      String name = matcher.group(1);
      if (names.contains(name)) {
        pieces.add(text.substring(end, matcher.start()));
        pieces.add(name);
        end = matcher.end();
        boolean inQuery = query >= 0 && matcher.start() > query;
        String whole = name.equals(SPLAT) ? Escapes.PATH : Escapes.SEGMENT;
        symbols.add(inQuery ? Escapes.PARAMETER : whole);
      }
    }
    pieces.add(text.substring(end));
  }

  /**
   * Of a text.
   *
   * @param from before which nothing is put in, such as after the host of a URL
   * @param names that are given something
   */
  static Template of(String text, int from, Set<String> names) {
    return new Template(text, from, names);
  }

  /** Whether nothing is put in. */
  boolean fixed() {
    return symbols.isEmpty();
  }

  /**
   * Whether a name stands where a path is, and so must stay within one segment.
   *
   * @param name of a value
   */
  boolean inPath(String name) {
    for (int i = 0; i < symbols.size(); i++) {
      if (pieces.get(2 * i + 1).equals(name) && !symbols.get(i).equals(Escapes.PARAMETER)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The text with these put in; null when it would be longer than {@link #LONGEST}.
   *
   * @param values by name, decoded
   */
  @Nullable String expand(Map<String, String> values) {
    if (fixed()) {
      return pieces.getFirst();
    }
    StringBuilder text = new StringBuilder(64);
    for (int i = 0; i < symbols.size(); i++) {
      text.append(pieces.get(2 * i));
      String value = values.getOrDefault(pieces.get(2 * i + 1), "");
      if (text.length() + value.length() > LONGEST) {
        return null;
      }
      Escapes.encode(text, value, symbols.get(i));
    }
    text.append(pieces.getLast());
    return text.length() > LONGEST ? null : text.toString();
  }
}
