package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.LoggedUrl;
import java.util.regex.Pattern;

/**
 * What the log tells of a request that was refused before its target was understood: the path as it
 * came, without user information, query and fragment, which may hold secrets. What stands where a
 * request line should may be anything, the rest of a body or a header field with a token in it: of
 * a line without a method and a target nothing is told.
 */
final class RefusedTarget {
  /** Characters that are kept; the log has no more of a path. */
  static final int MAX_TEXT = 512;

  /** What stands for a method that there is not. */
  static final String NO_METHOD = "-";

  private static final String VERSION = " HTTP/";

  /** A method (RFC 9110, section 5.6.2), and a target that is a path or a URL. */
  private static final Pattern REQUEST_LINE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ (/|https?://).*", Pattern.DOTALL);

  private RefusedTarget() {}

  /** The path of a target in whichever form. */
  static String path(String target) {
    boolean authority = !target.startsWith("/") && !target.contains("://");
    // CONNECT names host and port alone.
    String told = LoggedUrl.of(authority ? target.substring(target.lastIndexOf('@') + 1) : target);
    return told.substring(0, Math.min(told.length(), MAX_TEXT));
  }

  /** The method of a line that is no request line. */
  static String method(String line) {
    return isRequest(line) ? line.substring(0, line.indexOf(' ')) : NO_METHOD;
  }

  /** Its target; empty where it has none. */
  static String target(String line) {
    if (!isRequest(line)) {
      return "";
    }
    int space = line.indexOf(' ');
    int version = line.lastIndexOf(VERSION);
    return version <= space ? line.substring(space + 1) : line.substring(space + 1, version);
  }

  private static boolean isRequest(String line) {
    return REQUEST_LINE.matcher(line).matches();
  }
}
