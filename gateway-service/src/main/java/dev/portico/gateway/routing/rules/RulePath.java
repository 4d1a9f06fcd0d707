package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Escapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path of a line of {@code _redirects}: literal segments, {@code :name}, a star at the end. A
 * slash at the end of rule or request makes no difference.
 */
final class RulePath implements IndexedPath {
  private static final String STAR = "*";

  // Literal text, or null for any one segment.
  private final List<@Nullable String> segments = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final boolean open;

  RulePath(String path) {
    boolean star = false;
    for (String segment : segments(path)) {
      if (segment.equals(STAR)) {
        star = true;
      } else if (segment.startsWith(":")) {
        segments.add(null);
        names.add(segment.substring(1));
      } else {
        segments.add(Escapes.decode(segment));
        names.add("");
      }
    }
    this.open = star;
  }

  /** The segments of a path, but for an empty one at its end. */
  static String[] segments(String path) {
    String[] all = path.substring(1).split("/", -1);
    if (!all[all.length - 1].isEmpty()) {
      return all;
    }
    return Arrays.copyOf(all, all.length - 1);
  }

  /** The path without slash at its end: empty for the root. */
  static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public List<@Nullable String> segments() {
    return segments;
  }

  @Override
  public boolean open() {
    return open;
  }

  /** Names that are given something. */
  Set<String> names() {
    Set<String> given = new HashSet<>(names);
    given.remove("");
    if (open) {
      given.add(Template.SPLAT);
    }
    return given;
  }

  /** Notes what the names stand for in a path that this is for. */
  void capture(String path, Map<String, String> values) {
    int start = 1;
    for (String name : names) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (!name.isEmpty()) {
        values.put(name, path.substring(start, end));
      }
      start = Math.min(end + 1, path.length());
    }
    if (open) {
      values.put(Template.SPLAT, path.substring(Math.min(start, path.length())));
    }
  }
}
