package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers: do two requests say the same in a field? By a form of the value that is equal when they
 * do, made only of changes that section 4.1 of RFC 9111 allows: lines joined, whitespace removed
 * where the field's syntax has it, letters lowered where case has no meaning. Only the members of
 * Accept-Encoding are sorted: of the other fields some origins read the order as a preference.
 */
final class RequestField {
  // Nearly all viewers send one of a few values.
  private static final Map<String, String> KNOWN_CODINGS = new ConcurrentHashMap<>();
  private static final int MOST_KNOWN = 256;
  private static final int LONGEST_KNOWN = 128;

  private RequestField() {}

  /**
   * The normal form.
   *
   * @param name in lower case
   * @return null when the field is absent, which no value equals
   */
  static @Nullable String normal(HeaderFields request, String name) {
    String first = request.first(name);
    if (first == null) {
      return null;
    }
    List<String> lines = request.all(name);
    return switch (name) {
      case "accept-encoding" -> codings(join(lines, first, ","));
      case "accept-language", "accept-charset" ->
          withoutSpaces(join(lines, first, ",")).toLowerCase(Locale.ROOT);
      case "accept" -> withoutSpaces(join(lines, first, ","));
      case "cookie" -> join(lines, first, "; ");
      default -> join(lines, first, ", ");
    };
  }

  private static String join(List<String> lines, String first, String separator) {
    if (lines.size() == 1) {
      return first.strip();
    }
    StringBuilder joined = new StringBuilder();
    for (String line : lines) {
      joined.append(joined.isEmpty() ? "" : separator).append(line.strip());
    }
    return joined.toString();
  }

  /** Without the spaces around commas and semicolons, outside of quoted strings. */
  private static String withoutSpaces(String value) {
    if (value.indexOf(' ') < 0 && value.indexOf('\t') < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    boolean quoted = false;
    int at = 0;
    while (at < value.length()) {
      int end = at + 1;
      char c = value.charAt(at);
      if (quoted && c == '\\' && end < value.length()) {
        end++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && isSpace(c)) {
        end = spacesEnd(value, at);
        if (isBetweenSeparators(text, value, end)) {
          at = end;
          continue;
        }
      }
      text.append(value, at, end);
      at = end;
    }
    return text.toString();
  }

  private static int spacesEnd(String value, int start) {
    int end = start;
    while (end < value.length() && isSpace(value.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isBetweenSeparators(StringBuilder before, String value, int after) {
    return before.isEmpty()
        || after == value.length()
        || isSeparator(before.charAt(before.length() - 1))
        || isSeparator(value.charAt(after));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isSeparator(char c) {
    return c == ',' || c == ';';
  }

  private static String codings(String value) {
    String known = KNOWN_CODINGS.get(value);
    if (known == null) {
      known = sortedCodings(value);
      if (value.length() <= LONGEST_KNOWN && KNOWN_CODINGS.size() < MOST_KNOWN) {
        KNOWN_CODINGS.putIfAbsent(value, known);
      }
    }
    return known;
  }

  /** RFC 9110, section 12.5.3: order and case say nothing, and a weight of 1 is the default. */
  private static String sortedCodings(String value) {
    List<String> members = new ArrayList<>();
    for (String element : withoutSpaces(value).toLowerCase(Locale.ROOT).split(",", -1)) {
      if (!element.isEmpty()) {
        String member = element.replaceFirst(";q=1(\\.0{0,3})?$", "");
        boolean old = member.equals("x-gzip") || member.startsWith("x-gzip;");
        members.add(old ? member.substring("x-".length()) : member);
      }
    }
    members.sort(null);
    return String.join(",", members);
  }
}
