package dev.portico.gateway.access;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Portico's own cookies among those of a request. They prove who somebody is, so they are read here
 * and go no further: neither to origins nor into keys, logs or explanations.
 */
public final class PorticoCookies {
  /** The session at a site host. */
  public static final String SESSION = "__Host-portico";

  private static final String COOKIE = "cookie";
  private static final String SET_COOKIE = "set-cookie";

  private PorticoCookies() {}

  /**
   * The session that a request shows.
   *
   * @return null when it shows none, or several, of which a browser keeps only one
   */
  public static @Nullable String session(HeaderFields fields) {
    if (fields.first(COOKIE) == null) {
      return null;
    }
    String found = null;
    // HTTP/1 may have several lines; those of HTTP/2 are one (RFC 9113, section 8.2.3).
    for (String line : fields.all(COOKIE)) {
      int from = line.contains(SESSION) ? 0 : line.length();
      while (from < line.length()) {
        int end = end(line, from);
        int start = skipSpace(line, from, end);
        if (names(line, start, end)) {
          String value = line.substring(start + SESSION.length() + 1, end).strip();
          if (found != null && !found.equals(value)) {
            return null;
          }
          found = value;
        }
        from = end + 1;
      }
    }
    return found;
  }

  private static boolean names(String line, int start, int end) {
    int equals = start + SESSION.length();
    return equals < end && line.startsWith(SESSION, start) && line.charAt(equals) == '=';
  }

  /** All of Portico's by name; of one that is there twice the first. */
  public static Map<String, String> all(HeaderFields fields) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String line : fields.all(COOKIE)) {
      for (String piece : line.split(";", -1)) {
        int equals = piece.indexOf('=');
        String name = equals < 0 ? "" : piece.substring(0, equals).strip();
        if (name.startsWith(SESSION)) {
          found.putIfAbsent(name, piece.substring(equals + 1).strip());
        }
      }
    }
    return found;
  }

  /** The same fields without Portico's cookies; the very same object when there are none. */
  public static HeaderFields without(HeaderFields fields) {
    if (fields.first(COOKIE) == null) {
      return fields;
    }
    List<String> lines = fields.all(COOKIE);
    boolean any = false;
    for (String line : lines) {
      any |= line.contains(SESSION);
    }
    return any ? new Others(fields, lines) : fields;
  }

  /**
   * Fields of a response without the lines that set any of Portico's, which are nobody else's to
   * set: an origin could sign its viewers in as somebody, or out. The very same object when there
   * are none.
   */
  public static HeaderFields unset(HeaderFields response) {
    if (response.first(SET_COOKIE) == null) {
      return response;
    }
    boolean any = false;
    for (String line : response.all(SET_COOKIE)) {
      any |= sets(line);
    }
    if (!any) {
      return response;
    }
    FieldList.Builder kept = new FieldList.Builder();
    response.forEach(
        (name, value) -> {
          if (!name.equalsIgnoreCase(SET_COOKIE) || !sets(value)) {
            kept.add(name, value);
          }
        });
    return kept.build();
  }

  /** Some browsers take what follows an empty name for the name. */
  private static boolean sets(String line) {
    int start = 0;
    while (start < line.length() && (line.charAt(start) <= ' ' || line.charAt(start) == '=')) {
      start++;
    }
    return line.startsWith(SESSION, start);
  }

  private static int end(String line, int from) {
    int end = line.indexOf(';', from);
    return end < 0 ? line.length() : end;
  }

  private static int skipSpace(String line, int from, int end) {
    int start = from;
    while (start < end && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
      start++;
    }
    return start;
  }

  /** What is left of a line of cookies; null for nothing. */
  private static @Nullable String others(String line) {
    if (line.indexOf(';') < 0) {
      String cookie = line.strip();
      return cookie.isEmpty() || cookie.startsWith(SESSION) ? null : cookie;
    }
    StringBuilder left = new StringBuilder(line.length());
    for (String piece : line.split(";", -1)) {
      String cookie = piece.strip();
      if (!cookie.startsWith(SESSION) && !cookie.isEmpty()) {
        left.append(left.isEmpty() ? "" : "; ").append(cookie);
      }
    }
    return left.isEmpty() ? null : left.toString();
  }

  /** Fields of which the lines of cookies are others. */
  private static final class Others implements HeaderFields {
    private final HeaderFields fields;
    private final List<String> cookies = new ArrayList<>(1);

    Others(HeaderFields fields, List<String> lines) {
      this.fields = fields;
      for (String line : lines) {
        String left = line.contains(SESSION) ? others(line) : line;
        if (left != null) {
          cookies.add(left);
        }
      }
    }

    @Override
    public @Nullable String first(String name) {
      if (name.equalsIgnoreCase(COOKIE)) {
        return cookies.isEmpty() ? null : cookies.getFirst();
      }
      return fields.first(name);
    }

    @Override
    public List<String> all(String name) {
      return name.equalsIgnoreCase(COOKIE) ? List.copyOf(cookies) : fields.all(name);
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
      fields.forEach(
          (name, value) -> {
            if (!name.equalsIgnoreCase(COOKIE)) {
              action.accept(name, value);
            }
          });
      cookies.forEach(line -> action.accept(COOKIE, line));
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      forEach((name, value) -> text.append(name).append(": ").append(value).append(", "));
      return text.append(']').toString();
    }
  }
}
