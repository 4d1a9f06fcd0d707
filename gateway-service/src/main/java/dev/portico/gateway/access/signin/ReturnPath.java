package dev.portico.gateway.access.signin;

import dev.portico.gateway.routing.Escapes;
import org.jspecify.annotations.Nullable;

/**
 * Answers: where may a browser be sent once it has signed in or out? Only to a path of the same
 * host: whoever makes links must not be able to make ours lead elsewhere.
 */
public final class ReturnPath {
  /** What nothing leads elsewhere from: the site's root. */
  public static final String ROOT = "/";

  /** The longest, in bytes; it must fit into a cookie. */
  static final int LONGEST = 1_500;

  private static final String ACCOUNTS = "/.portico/auth/";

  private ReturnPath() {}

  /**
   * A path and query that can be sent as {@code Location}.
   *
   * @param asked what somebody wants
   * @return that, percent-encoded and without its fragment; or the root, when it could lead
   *     elsewhere, has control characters, is too long, or would only go on here
   */
  public static String of(@Nullable String asked) {
    if (asked == null) {
      return ROOT;
    }
    int fragment = asked.indexOf('#');
    String path = fragment < 0 ? asked : asked.substring(0, fragment);
    boolean own = path.startsWith("/") && !path.startsWith("//") && !path.startsWith(ACCOUNTS);
    if (!own || path.length() > LONGEST || !harmless(path)) {
      return ROOT;
    }
    StringBuilder escaped = new StringBuilder(path.length());
    Escapes.encode(escaped, path, Escapes.QUERY);
    return escaped.length() > LONGEST ? ROOT : escaped.toString();
  }

  /** Browsers read a backslash as a slash, and drop tabs and line breaks (URL, section 4.4). */
  private static boolean harmless(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c < ' ' || c == 0x7f || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
