package dev.portico.gateway.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CloudFront's path pattern: case-sensitive, {@code *} stands for any characters, slashes included,
 * {@code ?} for exactly one; a leading slash may be left out. The query is no part of it.
 *
 * <p>The stars cut a pattern into pieces. The first must begin the path and the last must end it;
 * of those between each is taken where it is found first, which leaves most to the next.
 */
public final class PathPattern {
  /** Matches every path. */
  public static final PathPattern ALL = new PathPattern("*");

  private static final char STAR = '*';

  private final String text;
  private final String pattern;
  private final boolean stars;
  private final String first;
  private final String last;
  private final PatternPiece[] between;

  private PathPattern(String text) {
    this.text = text;
    this.pattern = text.startsWith("/") || text.startsWith("*") ? text : '/' + text;
    int firstStar = pattern.indexOf(STAR);
    this.stars = firstStar >= 0;
    this.first = stars ? pattern.substring(0, firstStar) : pattern;
    this.last = stars ? pattern.substring(pattern.lastIndexOf(STAR) + 1) : "";
    List<PatternPiece> pieces = new ArrayList<>();
    int from = firstStar;
    while (from >= 0) {
      int to = pattern.indexOf(STAR, from + 1);
      if (to > from + 1) {
        pieces.add(new PatternPiece(pattern.substring(from + 1, to)));
      }
      from = to;
    }
    this.between = pieces.toArray(PatternPiece[]::new);
  }

  /** Of its text, which content-service has checked. */
  public static PathPattern of(String text) {
    return new PathPattern(text);
  }

  /**
   * Whether {@code path} matches. Takes a few steps for each character of the path at worst,
   * whatever the pattern: who writes a pattern shares the gateway with others.
   */
  public boolean matches(String path) {
    if (!stars) {
      return path.length() == first.length() && PatternPiece.fits(first, path, 0);
    }
    int end = path.length() - last.length();
    int at = first.length();
    if (end < at || !PatternPiece.fits(last, path, end) || !PatternPiece.fits(first, path, 0)) {
      return false;
    }
    for (PatternPiece piece : between) {
      at = piece.endIn(path, at, end);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a star lets it match paths of any length. */
  public boolean open() {
    return stars;
  }

  /** What every path that matches starts with: all before the first wildcard. */
  String literalStart() {
    int one = first.indexOf(PatternPiece.ANY);
    return one < 0 ? first : first.substring(0, one);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathPattern that && pattern.equals(that.pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
