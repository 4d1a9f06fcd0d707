package dev.portico.gateway.violation;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a report says to what is worth counting: no query, no fragment, no user information,
 * nothing long, no characters that browsers do not write.
 */
final class ViolationText {
  /** Most characters of a directive's name; a longer one is none. */
  static final int DIRECTIVE = 40;

  /** Most characters of what was blocked. */
  static final int BLOCKED = 128;

  /** Most characters of a page's path. */
  static final int PATH = 256;

  static final String UNKNOWN = "unknown";

  private static final Set<String> DISPOSITIONS = Set.of("enforce", "report");

  /** Schemes of addresses that have an origin worth telling (Fetch, section 2.1, and WebSocket). */
  private static final Set<String> WEB = Set.of("http", "https", "ws", "wss");

  private ViolationText() {}

  static String disposition(@Nullable String text) {
    return text != null && DISPOSITIONS.contains(text) ? text : UNKNOWN;
  }

  /**
   * The name of a directive.
   *
   * @param text the name, or as CSP 2 has it the whole directive
   * @return null when it is none
   */
  static @Nullable String directive(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String stripped = text.strip();
    int space = stripped.indexOf(' ');
    String name = (space < 0 ? stripped : stripped.substring(0, space)).toLowerCase(Locale.ROOT);
    return isWord(name, DIRECTIVE) ? name : null;
  }

  /**
   * What was blocked: a keyword as it is, an address of the web as its origin, another's scheme.
   */
  static String blocked(@Nullable String text) {
    if (text == null) {
      return UNKNOWN;
    }
    int colon = text.indexOf(':');
    String word = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    if (!isWord(word, DIRECTIVE)) {
      return UNKNOWN;
    }
    if (!WEB.contains(word) || colon < 0) {
      return word;
    }
    String host = authority(text, colon);
    host = clean(host.substring(host.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT), BLOCKED);
    String origin = word + "://" + host;
    return host.isEmpty() ? UNKNOWN : origin.substring(0, Math.min(origin.length(), BLOCKED));
  }

  /** The path of a page's address; empty when it has none. */
  static String path(@Nullable String text) {
    int colon = text == null ? -1 : text.indexOf(':');
    if (text == null || colon < 0) {
      return "";
    }
    if (!WEB.contains(text.substring(0, colon).toLowerCase(Locale.ROOT))) {
      return "";
    }
    int from = Math.min(text.length(), colon + "://".length() + authority(text, colon).length());
    int end = from;
    while (end < text.length() && text.charAt(end) != '?' && text.charAt(end) != '#') {
      end++;
    }
    String path = clean(text.substring(from, end), PATH);
    return path.isEmpty() ? "/" : path;
  }

  /** What stands between {@code ://} and path, query or fragment; empty when it is not there. */
  private static String authority(String text, int colon) {
    if (!text.startsWith("//", colon + 1)) {
      return "";
    }
    int from = colon + "://".length();
    int end = from;
    while (end < text.length() && "/?#\\".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(from, end);
  }

  /** Only lower-case letters and hyphens, at least one and not too many. */
  private static boolean isWord(String text, int most) {
    return !text.isEmpty()
        && text.length() <= most
        && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-');
  }

  /** The printable characters of ASCII in it, so many at most. */
  private static String clean(String text, int most) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), most));
    for (int i = 0; i < text.length() && clean.length() < most; i++) {
      char c = text.charAt(i);
      if (c > ' ' && c <= '~') {
        clean.append(c);
      }
    }
    return clean.toString();
  }
}
