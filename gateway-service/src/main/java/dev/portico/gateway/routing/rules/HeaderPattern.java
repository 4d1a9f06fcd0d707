package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Escapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path of a rule in {@code _headers}, as Netlify reads it: upper and lower case are the same, a
 * slash at the end may be there or not, {@code :name} is any one segment, a star that is a whole
 * segment is any segments or none, another star any characters. What is before the star is read
 * from the left and what is after it from the right, so that every character is looked at once.
 */
final class HeaderPattern {
  private static final char STAR = '*';
  private static final int FAILED = -1;

  private final List<Piece> before;
  private final List<Piece> after;
  private final boolean star;
  private final boolean wholeSegments;

  /** Literal text, or the name of any one segment. */
  private record Piece(String text, boolean any) {}

  HeaderPattern(String path) {
    String text = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    int at = text.indexOf(STAR);
    this.star = at >= 0;
    this.wholeSegments =
        star
            && text.charAt(at - 1) == '/'
            && (at + 1 == text.length() || text.charAt(at + 1) == '/');
    this.before = pieces(star ? text.substring(0, wholeSegments ? at - 1 : at) : text);
    this.after = star ? pieces(text.substring(at + 1)) : List.of();
  }

  private static List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    String[] segments = text.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      literal.append(i > 0 ? "/" : "");
      if (i > 0 && segments[i].startsWith(":")) {
        pieces.add(new Piece(literal.toString(), false));
        pieces.add(new Piece(segments[i].substring(1), true));
        literal.setLength(0);
      } else {
        literal.append(Escapes.decode(segments[i]));
      }
    }
    if (!literal.isEmpty()) {
      pieces.add(new Piece(literal.toString(), false));
    }
    return pieces;
  }

  /** The one path that it is for, in lower case without slash at its end; null when more. */
  @Nullable String literal() {
    if (star || before.size() > 1) {
      return null;
    }
    return before.isEmpty() ? "" : before.getFirst().text().toLowerCase(Locale.ROOT);
  }

  /** Names that are given something. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    for (List<Piece> pieces : List.of(before, after)) {
      for (Piece piece : pieces) {
        if (piece.any()) {
          names.add(piece.text());
        }
      }
    }
    if (star) {
      names.add(Template.SPLAT);
    }
    return names;
  }

  /** What the names stand for in a decoded path; null when this is not for it. */
  @Nullable Map<String, String> match(String path) {
    Map<String, String> values = new HashMap<>();
    int start = fromLeft(path, values);
    if (start == FAILED) {
      return null;
    }
    if (matchesRest(path, start, path.length(), values)) {
      return values;
    }
    boolean slash = path.length() > start && path.endsWith("/");
    return slash && matchesRest(path, start, path.length() - 1, values) ? values : null;
  }

  private int fromLeft(String path, Map<String, String> values) {
    int at = 0;
    for (Piece piece : before) {
      if (!piece.any()) {
        if (!path.regionMatches(true, at, piece.text(), 0, piece.text().length())) {
          return FAILED;
        }
        at += piece.text().length();
      } else {
        int slash = path.indexOf('/', at);
        int end = slash < 0 ? path.length() : slash;
        if (end == at) {
          return FAILED;
        }
        values.put(piece.text(), path.substring(at, end));
        at = end;
      }
    }
    return at;
  }

  /** Whether all between is what star and the pieces after it stand for. */
  private boolean matchesRest(String path, int start, int end, Map<String, String> values) {
    if (!star) {
      return start == end;
    }
    int at = end;
    for (Piece piece : after.reversed()) {
      if (!piece.any()) {
        at -= piece.text().length();
        if (at < start || !path.regionMatches(true, at, piece.text(), 0, piece.text().length())) {
          return false;
        }
      } else {
        int slash = path.lastIndexOf('/', at - 1);
        int from = Math.max(slash + 1, start);
        if (from >= at) {
          return false;
        }
        values.put(piece.text(), path.substring(from, at));
        at = from;
      }
    }
    String between = path.substring(start, at);
    if (wholeSegments && !between.isEmpty() && between.charAt(0) != '/') {
      return false;
    }
    values.put(
        Template.SPLAT, wholeSegments && !between.isEmpty() ? between.substring(1) : between);
    return true;
  }

  /** What all paths begin with that it is for: their first segment, or null when that varies. */
  @Nullable String firstSegment() {
    if (before.isEmpty()) {
      return null;
    }
    String start = before.getFirst().text();
    int slash = start.indexOf('/', 1);
    if (slash > 1) {
      return start.substring(1, slash).toLowerCase(Locale.ROOT);
    }
    // "/assets" before a star that is whole segments, but not "/a" before one that is not.
    boolean whole = wholeSegments && before.size() == 1 && start.length() > 1;
    return whole ? start.substring(1).toLowerCase(Locale.ROOT) : null;
  }
}
