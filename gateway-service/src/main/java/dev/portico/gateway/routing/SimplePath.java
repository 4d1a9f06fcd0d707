package dev.portico.gateway.routing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Answers: what may a server behind take a path for that reads it more freely than it was sent?
 * Many drop empty segments, parameters of segments ({@code ;a=b}; RFC 3986, section 3.3), or dot
 * segments that show only once an encoded slash is decoded; and not all do all of that. Rules that
 * keep somebody out look at each way.
 */
public final class SimplePath {
  private static final boolean[] EITHER = {true, false};

  private SimplePath() {}

  /** Whether it may be taken for another. */
  public static boolean mayDiffer(String path) {
    return path.indexOf(';') >= 0 || path.contains("//") || path.contains("/.");
  }

  /**
   * All that it may be taken for, itself included where a server may leave it as it is.
   *
   * @param path decoded, starting with {@code /}
   */
  public static Set<String> of(String path) {
    Set<String> all = new LinkedHashSet<>();
    for (boolean parameters : EITHER) {
      for (boolean empty : EITHER) {
        for (boolean dots : EITHER) {
          all.add(without(path, parameters, empty, dots));
        }
      }
    }
    return all;
  }

  private static String without(String path, boolean parameters, boolean empty, boolean dots) {
    Deque<String> kept = new ArrayDeque<>();
    boolean folder = false;
    for (String segment : path.substring(1).split("/", -1)) {
      int semicolon = parameters ? segment.indexOf(';') : -1;
      String name = semicolon < 0 ? segment : segment.substring(0, semicolon);
      boolean up = dots && name.equals("..");
      folder = up || (dots && name.equals(".")) || (empty && name.isEmpty());
      if (up) {
        kept.pollLast();
      } else if (!folder) {
        kept.addLast(name);
      }
    }
    String simple = '/' + String.join("/", kept);
    return folder && simple.length() > 1 ? simple + '/' : simple;
  }
}
