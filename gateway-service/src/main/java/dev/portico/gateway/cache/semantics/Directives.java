package dev.portico.gateway.cache.semantics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives of a Cache-Control field (RFC 9111, section 5.2), before any is understood.
 *
 * <p>Of a directive that is there more than once, the first counts (section 4.2.1). An argument may
 * be a token or a quoted string. What is malformed stays visible as an argument that nothing
 * accepts, so that a broken restriction still restricts.
 *
 * @param arguments directive in lower case to its argument; {@link #NONE} without one
 */
record Directives(Map<String, String> arguments) {
  /** The argument of a directive that has none; no argument that was sent equals it. */
  static final String NONE = "\0";

  /** Reads all lines of the field. */
  static Directives parse(List<String> lines) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String line : lines) {
      parseLine(line, arguments);
    }
    return new Directives(arguments);
  }

  private static void parseLine(String line, Map<String, String> arguments) {
    // A quote that is never closed is no quote, or it would hide the directives after it; nor is
    // any after it, so that no field takes long to read.
    boolean quotes = true;
    int from = 0;
    int at = 0;
    while (at <= line.length()) {
      if (at == line.length() || line.charAt(at) == ',') {
        add(line.substring(from, at).strip(), arguments);
        from = at + 1;
      } else if (quotes && line.charAt(at) == '"') {
        int close = closingQuote(line, at);
        quotes = close >= 0;
        at = Math.max(at, close);
      }
      at++;
    }
  }

  private static void add(String element, Map<String, String> arguments) {
    if (!element.isEmpty()) {
      int equals = element.indexOf('=');
      String name = equals < 0 ? element : element.substring(0, equals).strip();
      String argument = equals < 0 ? NONE : unquoted(element.substring(equals + 1));
      arguments.putIfAbsent(name.toLowerCase(Locale.ROOT), argument);
    }
  }

  private static int closingQuote(String text, int open) {
    for (int at = open + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == '"') {
        return at;
      }
    }
    return -1;
  }

  /** The argument without its quotes, or as it is. */
  private static String unquoted(String argument) {
    if (argument.length() < 2
        || argument.charAt(0) != '"'
        || closingQuote(argument, 0) != argument.length() - 1) {
      return argument;
    }
    StringBuilder text = new StringBuilder(argument.length());
    for (int i = 1; i < argument.length() - 1; i++) {
      if (argument.charAt(i) == '\\') {
        i++;
      }
      text.append(argument.charAt(i));
    }
    return text.toString();
  }

  /** Whether the directive is there, whatever its argument. */
  boolean has(String name) {
    return arguments.containsKey(name);
  }

  /** Whether the directive is there without an argument. */
  boolean isBare(String name) {
    return NONE.equals(arguments.get(name));
  }

  /** Its argument; null when it is not there or has none. */
  @Nullable String argument(String name) {
    String argument = arguments.get(name);
    return NONE.equals(argument) ? null : argument;
  }

  /**
   * Its argument as seconds.
   *
   * @return {@link ResponseDirectives#ABSENT} when the directive is not there, {@link
   *     DeltaSeconds#INVALID} when its argument is no number of seconds
   */
  long seconds(String name) {
    String argument = arguments.get(name);
    return argument == null ? ResponseDirectives.ABSENT : DeltaSeconds.parse(argument);
  }
}
