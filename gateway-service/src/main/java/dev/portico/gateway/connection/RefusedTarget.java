package dev.portico.gateway.connection;

/**
 * What the log tells of a request that was refused before its target was understood: the path as it
 * came, without query or fragment, which may hold secrets.
 */
final class RefusedTarget {
  /** Characters that are kept; the log has no more of a path. */
  static final int MAX_TEXT = 512;

  /** What stands for a method that there is not. */
  static final String NO_METHOD = "-";

  private static final String VERSION = " HTTP/";

  private RefusedTarget() {}

  /** The path of a target in whichever form, without user information too. */
  static String path(String target) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    int authority = target.startsWith("/") ? -1 : target.indexOf("://");
    if (authority < 0 || authority > end) {
      return target.substring(0, Math.min(end, MAX_TEXT));
    }
    int start = authority + 3;
    int slash = target.indexOf('/', start);
    int at = target.lastIndexOf('@', slash < 0 || slash > end ? end : slash);
    String told =
        at < start
            ? target.substring(0, end)
            : target.substring(0, start) + target.substring(at + 1, end);
    return told.substring(0, Math.min(told.length(), MAX_TEXT));
  }

  /** The method of a line that is no request line. */
  static String method(String line) {
    int space = line.indexOf(' ');
    return space <= 0 ? NO_METHOD : line.substring(0, space);
  }

  /** Its target, or all of a line that has no parts. */
  static String target(String line) {
    int space = line.indexOf(' ');
    if (space <= 0) {
      return line;
    }
    int version = line.lastIndexOf(VERSION);
    return version <= space ? line.substring(space + 1) : line.substring(space + 1, version);
  }
}
