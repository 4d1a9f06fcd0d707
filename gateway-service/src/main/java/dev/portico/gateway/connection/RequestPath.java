package dev.portico.gateway.connection;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A path as it is used from the door on: dot segments removed (RFC 3986, section 5.2.4, with {@code
 * %2e} read as a dot, as browsers do), decoded exactly once.
 *
 * @param raw without dot segments, still percent-encoded
 * @param decoded {@code raw}, decoded as UTF-8
 * @param encodedSlash whether {@code raw} holds {@code %2F}
 */
record RequestPath(String raw, String decoded, boolean encodedSlash) {
  /**
   * Reads a path that starts with a slash. Null when it has a broken escape, an escaped or plain
   * control character or backslash, or escapes that are no UTF-8.
   */
  static @Nullable RequestPath parse(String path) {
    boolean escapes = false;
    boolean dots = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        return null;
      }
      escapes |= c == '%';
      dots |= c == '.' && path.charAt(i - 1) == '/';
    }
    if (!escapes) {
      String clean = dots ? withoutDotSegments(path) : path;
      return new RequestPath(clean, clean, false);
    }
    return parseEscaped(path);
  }

  private static @Nullable RequestPath parseEscaped(String path) {
    if (!validEscapes(path)) {
      return null;
    }
    String clean = withoutDotSegments(path);
    byte[] bytes = new byte[clean.length()];
    int length = 0;
    boolean slash = false;
    for (int i = 0; i < clean.length(); i++) {
      int c = clean.charAt(i);
      if (c == '%') {
        c = unescape(clean, i);
        i += 2;
        if (c < ' ' || c == 0x7f || c == '\\') {
          return null;
        }
        slash |= c == '/';
      }
      bytes[length++] = (byte) c;
    }
    try {
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      return new RequestPath(clean, decoded, slash);
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean validEscapes(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 3)) {
      if (i + 2 >= path.length() || unescape(path, i) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int unescape(String text, int percent) {
    int high = Character.digit(text.charAt(percent + 1), 16);
    int low = Character.digit(text.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }

  private static String withoutDotSegments(String path) {
    Deque<String> kept = new ArrayDeque<>();
    boolean folder = false;
    int start = 1;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      int dots = dots(segment);
      if (dots == 2) {
        kept.pollLast();
      } else if (dots == 0) {
        kept.addLast(segment);
      }
      // A path that ends in a dot segment names the folder that remains.
      folder = dots > 0;
      start = end + 1;
    }
    StringBuilder clean = new StringBuilder(path.length());
    kept.forEach(segment -> clean.append('/').append(segment));
    if (folder || clean.isEmpty()) {
      clean.append('/');
    }
    return clean.toString();
  }

  /** 1 for {@code .}, 2 for {@code ..}, each also escaped; 0 for any other segment. */
  private static int dots(String segment) {
    int dots = 0;
    for (int i = 0; i < segment.length(); dots++) {
      if (segment.charAt(i) == '.') {
        i++;
      } else if (segment.regionMatches(true, i, "%2e", 0, 3)) {
        i += 3;
      } else {
        return 0;
      }
    }
    return dots <= 2 ? dots : 0;
  }
}
