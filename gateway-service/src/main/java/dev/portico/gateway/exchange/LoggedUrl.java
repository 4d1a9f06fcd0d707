package dev.portico.gateway.exchange;

/** What of a URL that a viewer sent may be told: not what may hold secrets. */
public final class LoggedUrl {
  private static final String AUTHORITY = "://";

  private LoggedUrl() {}

  /**
   * The URL without user information, query and fragment; the very same text when it has none of
   * them.
   */
  public static String of(String url) {
    int end = 0;
    while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
      end++;
    }
    int authority = url.startsWith("/") ? -1 : url.indexOf(AUTHORITY);
    if (authority < 0 || authority > end) {
      return url.substring(0, end);
    }
    int start = authority + AUTHORITY.length();
    int slash = url.indexOf('/', start);
    int at = url.lastIndexOf('@', slash < 0 || slash > end ? end : slash);
    return at < start
        ? url.substring(0, end)
        : url.substring(0, start) + url.substring(at + 1, end);
  }
}
