package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.LoggedUrl;

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

  /** The path of a target in whichever form. */
  static String path(String target) {
    String told = LoggedUrl.of(target);
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
