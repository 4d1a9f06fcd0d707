package dev.portico.content.blob;

import org.jspecify.annotations.Nullable;

/**
 * A Range header with one range of bytes (RFC 9110 section 14.2). What is not understood is
 * ignored, as is a list of ranges: the whole is sent then.
 *
 * @param range the part wanted, within the size; null: all of it
 * @param unsatisfiable whether the answer is 416
 */
record RangeHeader(@Nullable ByteRange range, boolean unsatisfiable) {
  private static final RangeHeader ALL = new RangeHeader(null, false);
  private static final RangeHeader NONE = new RangeHeader(null, true);

  static RangeHeader parse(@Nullable String header, long size) {
    String unit = "bytes=";
    if (header == null || !header.regionMatches(true, 0, unit, 0, unit.length())) {
      return ALL;
    }
    String set = header.substring(unit.length()).strip();
    int dash = set.indexOf('-');
    if (dash < 0 || set.indexOf(',') >= 0) {
      return ALL;
    }
    long first = number(set.substring(0, dash));
    long last = number(set.substring(dash + 1));
    if (first == BAD || last == BAD || (first == ABSENT && last == ABSENT)) {
      return ALL;
    }
    if (first == ABSENT) {
      return last == 0 || size == 0
          ? NONE
          : new RangeHeader(new ByteRange(Math.max(0, size - last), size - 1), false);
    }
    if (last != ABSENT && last < first) {
      return ALL;
    }
    return first >= size
        ? NONE
        : new RangeHeader(
            new ByteRange(first, last == ABSENT ? size - 1 : Math.min(last, size - 1)), false);
  }

  private static final long ABSENT = -1;
  private static final long BAD = -2;

  private static long number(String text) {
    if (text.isEmpty()) {
      return ABSENT;
    }
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return BAD;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
