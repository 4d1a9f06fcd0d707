package dev.portico.gateway.cache.key;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Answers: which parameters of a query are in the key, and in what order? Names compare as written,
 * percent-encoding and all. Sorted means by name, those of one name staying in their order, which
 * may have a meaning.
 */
final class QueryPieces {
  private static final Comparator<String> BY_NAME =
      (one, other) -> compareNames(one, 0, one.length(), other, 0, other.length());

  private QueryPieces() {}

  /** Takes each piece: where it starts in the text and where it ends. */
  interface Taker {
    void take(String text, int from, int to);
  }

  /** Calls {@code taker} with every selected parameter in the order of the key. */
  static void forEach(String query, KeyRules rules, Taker taker) {
    if (rules.sortQuery() && !isSorted(query, rules.query())) {
      List<String> pieces = new ArrayList<>();
      inOrder(query, rules.query(), (text, from, to) -> pieces.add(text.substring(from, to)));
      pieces.sort(BY_NAME);
      pieces.forEach(piece -> taker.take(piece, 0, piece.length()));
    } else {
      inOrder(query, rules.query(), taker);
    }
  }

  private static void inOrder(String query, NameFilter filter, Taker taker) {
    int from = 0;
    while (from < query.length()) {
      int end = end(query, from);
      if (end > from && filter.selects(query, from, nameEnd(query, from, end))) {
        taker.take(query, from, end);
      }
      from = end + 1;
    }
  }

  /** Whether the selected ones are in order already, as nearly always: then nothing is copied. */
  private static boolean isSorted(String query, NameFilter filter) {
    int earlier = -1;
    int from = 0;
    while (from < query.length()) {
      int end = end(query, from);
      if (end > from && filter.selects(query, from, nameEnd(query, from, end))) {
        if (earlier >= 0
            && compareNames(query, earlier, end(query, earlier), query, from, end) > 0) {
          return false;
        }
        earlier = from;
      }
      from = end + 1;
    }
    return true;
  }

  private static int end(String query, int from) {
    int ampersand = query.indexOf('&', from);
    return ampersand < 0 ? query.length() : ampersand;
  }

  private static int nameEnd(String text, int from, int end) {
    int equals = text.indexOf('=', from, end);
    return equals < 0 ? end : equals;
  }

  private static int compareNames(
      String one, int from, int end, String other, int otherFrom, int otherEnd) {
    int length = nameEnd(one, from, end) - from;
    int otherLength = nameEnd(other, otherFrom, otherEnd) - otherFrom;
    for (int i = 0; i < Math.min(length, otherLength); i++) {
      int difference = one.charAt(from + i) - other.charAt(otherFrom + i);
      if (difference != 0) {
        return difference;
      }
    }
    return length - otherLength;
  }
}
