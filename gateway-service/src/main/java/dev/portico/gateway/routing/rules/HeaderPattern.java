package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Escapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path of a rule in {@code _headers}, as Netlify reads it: upper and lower case are the same, a
 * slash at the end may be there or not, {@code :name} is any one segment, a star that is a whole
 * segment is any segments or none, another star any characters. What is before the star is read
 * from the left and what is after it from the right, so that every character is looked at once.
 */
final class HeaderPattern implements IndexedPath {
  private static final char STAR = '*';
  private static final int FAILED = -1;

  private final List<Piece> before;
  private final List<Piece> after;
  private final boolean star;
  private final boolean wholeSegments;
  private final List<@Nullable String> segments;

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
    this.segments = segments(star ? text.substring(0, text.lastIndexOf('/', at)) : text);
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

  /** The literal segments before the star, in one case. */
  private static List<@Nullable String> segments(String text) {
    List<@Nullable String> segments = new ArrayList<>();
    String[] all = text.split("/", -1);
    for (int i = 1; i < all.length; i++) {
      segments.add(all[i].startsWith(":") ? null : folded(Escapes.decode(all[i])));
    }
    return segments;
  }

  /** A text in the one case that {@link String#regionMatches} compares upper and lower case in. */
  static String folded(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > '~' || (c >= 'A' && c <= 'Z')) {
        return text.codePoints()
            .map(each -> Character.toLowerCase(Character.toUpperCase(each)))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text; // as nearly all are
  }

  /** Whole segments at the beginning, {@link #folded}. */
  @Override
  public List<@Nullable String> segments() {
    return segments;
  }

  @Override
  public boolean open() {
    return star;
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

  /** Whether this is for a decoded path. */
  boolean matches(String path) {
    return match(path, null);
  }

  /** What the names stand for in a decoded path that this is for. */
  Map<String, String> values(String path) {
    Map<String, String> values = new HashMap<>();
    match(path, values);
    return values;
  }

  private boolean match(String path, @Nullable Map<String, String> values) {
    int start = fromLeft(path, values);
    if (start == FAILED) {
      return false;
    }
    if (matchesRest(path, start, path.length(), values)) {
      return true;
    }
    boolean slash = path.length() > start && path.endsWith("/");
    return slash && matchesRest(path, start, path.length() - 1, values);
  }

  private int fromLeft(String path, @Nullable Map<String, String> values) {
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
        put(values, piece.text(), path, at, end);
        at = end;
      }
    }
    return at;
  }

  /** Whether all between is what star and the pieces after it stand for. */
  private boolean matchesRest(
      String path, int start, int end, @Nullable Map<String, String> values) {
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
        put(values, piece.text(), path, from, at);
        at = from;
      }
    }
    boolean segment = wholeSegments && start < at;
    if (segment && path.charAt(start) != '/') {
      return false;
    }
    put(values, Template.SPLAT, path, segment ? start + 1 : start, at);
    return true;
  }

  private static void put(
      @Nullable Map<String, String> values, String name, String path, int from, int to) {
    if (values != null) {
      values.put(name, path.substring(from, to));
    }
  }
}
