package dev.portico.gateway.routing;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Answers: what may a server behind take a path for that reads it more freely than it was sent?
 * Many drop empty segments, parameters of segments ({@code ;a=b}; RFC 3986, section 3.3), and dot
 * segments that show only once an encoded slash is decoded. Rules that keep somebody out look at
 * both.
 */
public final class SimplePath {
  private SimplePath() {}

  /** Whether it may be taken for another. */
  public static boolean mayDiffer(String path) {
    return path.indexOf(';') >= 0 || path.contains("//") || path.contains("/.");
  }

  /**
   * What it may be taken for.
   *
   * @param path decoded, starting with {@code /}
   */
  public static String of(String path) {
    Deque<String> kept = new ArrayDeque<>();
    boolean folder = true;
    for (String segment : path.split("/", -1)) {
      int parameters = segment.indexOf(';');
      String name = parameters < 0 ? segment : segment.substring(0, parameters);
      folder = name.isEmpty() || name.equals(".") || name.equals("..");
      if (name.equals("..")) {
        kept.pollLast();
      } else if (!folder) {
        kept.addLast(name);
      }
    }
    String simple = '/' + String.join("/", kept);
    return folder && simple.length() > 1 ? simple + '/' : simple;
  }
}
