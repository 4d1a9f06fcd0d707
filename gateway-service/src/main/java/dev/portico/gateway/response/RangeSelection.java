package dev.portico.gateway.response;

import java.util.ArrayList;
import java.util.List;

/** Answers: which bytes does a Range field ask for? (RFC 9110, section 14.) */
public sealed interface RangeSelection {
  /** The most ranges that one request may name; with more, the field is ignored (14.2). */
  int MOST_RANGES = 16;

  /** What a part of a multipart response costs besides its bytes, about. */
  int PART_OVERHEAD = 128;

  /** The field is malformed, of another unit or not worth it: the whole file is sent. */
  record Whole() implements RangeSelection {}

  /** No byte asked for exists (416). */
  record Unsatisfiable() implements RangeSelection {}

  /**
   * These bytes, in the order asked for.
   *
   * @param ranges at least one; none overlaps another
   */
  record Ranges(List<ByteRange> ranges) implements RangeSelection {
    /** Makes the list immutable. */
    public Ranges {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Reads a Range field.
   *
   * <p>The field is ignored where section 14.2 allows it to stop abuse: more than {@link
   * #MOST_RANGES} ranges, ranges that overlap, and several ranges that together cost as many bytes
   * as the whole file.
   *
   * @param field the field's value
   * @param size length of the file in bytes
   */
  static RangeSelection of(String field, long size) {
    String text = field.strip();
    int equals = text.indexOf('=');
    if (equals < 0 || !text.substring(0, equals).equalsIgnoreCase("bytes")) {
      return new Whole();
    }
    List<ByteRange> ranges = new ArrayList<>();
    int named = 0;
    int from = equals + 1;
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      String spec = text.substring(from, end).strip();
      from = end + 1;
      if (spec.isEmpty()) {
        // A recipient accepts empty list elements (section 5.6.1.2).
        continue;
      }
      if (++named > MOST_RANGES || !addRange(spec, size, ranges)) {
        return new Whole();
      }
    }
    if (named == 0) {
      return new Whole();
    }
    if (ranges.isEmpty()) {
      return new Unsatisfiable();
    }
    return worthwhile(ranges, size) ? new Ranges(ranges) : new Whole();
  }

  /** Adds what a range names of the file, if anything; false when it is malformed. */
  private static boolean addRange(String spec, long size, List<ByteRange> ranges) {
    int dash = spec.indexOf('-');
    if (dash < 0 || !isDigits(spec, 0, dash) || !isDigits(spec, dash + 1, spec.length())) {
      return false;
    }
    boolean hasFirst = dash > 0;
    boolean hasLast = dash + 1 < spec.length();
    if (!hasFirst) {
      return hasLast && addSuffix(number(spec.substring(dash + 1)), size, ranges);
    }
    long first = number(spec.substring(0, dash));
    long last = hasLast ? number(spec.substring(dash + 1)) : Long.MAX_VALUE;
    if (last < first) {
      return false;
    }
    if (first < size) {
      ranges.add(new ByteRange(first, Math.min(last, size - 1)));
    }
    return true;
  }

  /**
   * The last bytes of the file. Of an empty file a suffix of some length is satisfiable (section
   * 14.1.2), but no Content-Range can say so: treated as malformed, which sends it whole.
   */
  private static boolean addSuffix(long length, long size, List<ByteRange> ranges) {
    if (length == 0) {
      return true;
    }
    if (size == 0) {
      return false;
    }
    ranges.add(new ByteRange(Math.max(0, size - length), size - 1));
    return true;
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The number, or the largest there is for one that is larger still. */
  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static boolean worthwhile(List<ByteRange> ranges, long size) {
    if (ranges.size() == 1) {
      return true;
    }
    long cost = 0;
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange range = ranges.get(i);
      cost += range.length() + PART_OVERHEAD;
      for (ByteRange earlier : ranges.subList(0, i)) {
        if (range.first() <= earlier.last() && earlier.first() <= range.last()) {
          return false;
        }
      }
    }
    return cost < size;
  }
}
