package dev.portico.gateway.cache.semantics;

import org.jspecify.annotations.Nullable;

/** Entity tags and how they compare (RFC 9110, section 8.8.3). */
final class EntityTag {
  private static final String WEAK = "W/";

  private EntityTag() {}

  /** The field's value if it is one entity tag, weak or strong; null when it is anything else. */
  static @Nullable String parse(@Nullable String field) {
    if (field == null) {
      return null;
    }
    String tag = field.strip();
    return !tag.isEmpty() && end(tag, 0) == tag.length() ? tag : null;
  }

  static boolean isStrong(String tag) {
    return !tag.startsWith(WEAK);
  }

  /** Whether both are strong and the same (8.8.3.2). */
  static boolean matchesStrongly(@Nullable String one, @Nullable String other) {
    return one != null && other != null && isStrong(one) && one.equals(other);
  }

  /** Whether they are the same, weak or strong (8.8.3.2). */
  static boolean matchesWeakly(@Nullable String one, @Nullable String other) {
    return one != null && other != null && opaque(one).equals(opaque(other));
  }

  private static String opaque(String tag) {
    return isStrong(tag) ? tag : tag.substring(WEAK.length());
  }

  /**
   * Whether an If-None-Match field names the tag, compared weakly (13.1.2), or is {@code *}. What
   * follows a malformed tag is not read.
   */
  static boolean isNamed(String field, @Nullable String tag) {
    String list = field.strip();
    if (list.equals("*")) {
      return true;
    }
    int at = 0;
    while (tag != null && at < list.length()) {
      char c = list.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int end = end(list, at);
      if (end < 0) {
        return false;
      }
      if (matchesWeakly(list.substring(at, end), tag)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  /** Where the tag that starts here ends, or -1 when there is none. */
  private static int end(String text, int start) {
    int open = text.startsWith(WEAK, start) ? start + WEAK.length() : start;
    if (open >= text.length() || text.charAt(open) != '"') {
      return -1;
    }
    for (int at = open + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c <= ' ' || c == 0x7f) {
        return -1;
      }
    }
    return -1;
  }
}
