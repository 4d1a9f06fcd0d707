package dev.portico.gateway.cache.semantics;

import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Entity tags and how they compare (RFC 9110, section 8.8.3). */
public final class EntityTag {
  private static final String WEAK = "W/";

  private EntityTag() {}

  /** The field's value if it is one entity tag, weak or strong; null when it is anything else. */
  public static @Nullable String parse(@Nullable String field) {
    if (field == null) {
      return null;
    }
    String tag = field.strip();
    return !tag.isEmpty() && end(tag, 0) == tag.length() ? tag : null;
  }

  /** Whether a tag is strong. */
  public static boolean isStrong(String tag) {
    return !tag.startsWith(WEAK);
  }

  /** The weak tag of the same letters. */
  public static String weak(String tag) {
    return isStrong(tag) ? WEAK + tag : tag;
  }

  /**
   * A list of tags with the strong one of the same letters in place of each weak one.
   *
   * @param list the value of If-Match; as it is where it is no list of tags
   */
  public static String allStrong(String list) {
    return each(list, EntityTag::opaque);
  }

  /**
   * A list of tags with the strong one of the same letters after each weak one.
   *
   * @param list the value of If-None-Match; as it is where it is no list of tags
   */
  public static String strongToo(String list) {
    return each(list, tag -> isStrong(tag) ? tag : tag + ", " + opaque(tag));
  }

  private static String each(String list, UnaryOperator<String> change) {
    StringJoiner changed = new StringJoiner(", ");
    int at = 0;
    while (at < list.length()) {
      char c = list.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int end = end(list, at);
      if (end < 0) {
        return list;
      }
      changed.add(change.apply(list.substring(at, end)));
      at = end;
    }
    return changed.toString();
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
