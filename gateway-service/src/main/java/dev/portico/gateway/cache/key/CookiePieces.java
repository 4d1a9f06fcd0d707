package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.List;

/**
 * Answers: which cookies are in the key? In the order sent, one by one, whatever the lines and
 * spaces between them (HTTP/2 sends a line for each; RFC 9113, section 8.2.3).
 */
final class CookiePieces {
  private CookiePieces() {}

  /** Calls {@code taker} with every selected cookie, name and value. */
  static void forEach(HeaderFields request, NameFilter filter, QueryPieces.Taker taker) {
    if (filter.selectsNothing()) {
      return;
    }
    List<String> lines = request.all("cookie");
    for (String line : lines) {
      int at = 0;
      while (at < line.length()) {
        int semicolon = line.indexOf(';', at);
        int end = semicolon < 0 ? line.length() : semicolon;
        take(line, at, end, filter, taker);
        at = end + 1;
      }
    }
  }

  private static void take(
      String line, int start, int stop, NameFilter filter, QueryPieces.Taker taker) {
    int from = start;
    int end = stop;
    while (from < end && isSpace(line.charAt(from))) {
      from++;
    }
    while (end > from && isSpace(line.charAt(end - 1))) {
      end--;
    }
    if (from == end) {
      return;
    }
    int equals = line.indexOf('=', from, end);
    int nameEnd = equals < 0 ? end : equals;
    while (nameEnd > from && isSpace(line.charAt(nameEnd - 1))) {
      nameEnd--;
    }
    if (filter.selects(line, from, nameEnd)) {
      taker.take(line, from, end);
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
