package dev.portico.gateway.routing;

/**
 * CloudFront's path pattern: case-sensitive, {@code *} stands for any characters, slashes included,
 * {@code ?} for exactly one; a leading slash may be left out. The query is no part of it.
 */
public final class PathPattern {
  /** Matches every path. */
  public static final PathPattern ALL = new PathPattern("*");

  private final String text;
  private final String pattern;

  private PathPattern(String text) {
    this.text = text;
    this.pattern = text.startsWith("/") || text.startsWith("*") ? text : '/' + text;
  }

  /** Of its text, which content-service has checked. */
  public static PathPattern of(String text) {
    return new PathPattern(text);
  }

  /**
   * Whether {@code path} matches. Takes time in proportion to the path's length times the number of
   * stars at worst, never more.
   */
  public boolean matches(String path) {
    int at = 0;
    int next = 0;
    int star = -1;
    int resume = 0;
    while (at < path.length()) {
      char wanted = next < pattern.length() ? pattern.charAt(next) : '\0';
      if (wanted == '*') {
        star = next++;
        resume = at;
      } else if (next < pattern.length() && (wanted == '?' || wanted == path.charAt(at))) {
        at++;
        next++;
      } else if (star >= 0) {
        // The last star takes one character more.
        next = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (next < pattern.length() && pattern.charAt(next) == '*') {
      next++;
    }
    return next == pattern.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
