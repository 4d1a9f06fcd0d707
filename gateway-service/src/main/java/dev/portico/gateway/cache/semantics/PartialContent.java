package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.ByteRange;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a representation a 206 has (RFC 9110, section 14.4).
 *
 * @param range the bytes that it has
 * @param size length of the complete representation in bytes
 */
public record PartialContent(ByteRange range, long size) {
  private static final int MOST_DIGITS = 18;

  /**
   * The part that a 206 has.
   *
   * @return null when it has several, or another unit, or does not say how much there is in all:
   *     such a response is passed on and not stored
   */
  public static @Nullable PartialContent of(HeaderFields response) {
    String field = response.first("Content-Range");
    if (field == null || response.all("Content-Range").size() > 1) {
      return null;
    }
    String text = field.strip();
    int dash = text.indexOf('-');
    int slash = text.indexOf('/');
    if (!text.toLowerCase(Locale.ROOT).startsWith("bytes ") || dash < 0 || slash < dash) {
      return null;
    }
    long first = number(text.substring("bytes ".length(), dash));
    long last = number(text.substring(dash + 1, slash));
    long size = number(text.substring(slash + 1));
    boolean valid = first >= 0 && first <= last && last < size;
    return valid ? new PartialContent(new ByteRange(first, last), size) : null;
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(text);
  }
}
