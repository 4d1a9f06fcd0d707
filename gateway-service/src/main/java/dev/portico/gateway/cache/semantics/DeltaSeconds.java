package dev.portico.gateway.cache.semantics;

/** Non-negative numbers of seconds (RFC 9111, section 1.2.2). */
final class DeltaSeconds {
  /** Stands for what is no number of seconds. */
  static final long INVALID = -1;

  /** What a number that is too large counts as: 68 years. */
  static final long MOST = 1L << 31;

  private static final int SAFE_DIGITS = 18;

  private DeltaSeconds() {}

  /**
   * Reads digits and nothing else.
   *
   * @return seconds, at most {@link #MOST}, or {@link #INVALID}
   */
  static long parse(String text) {
    if (text.isEmpty()) {
      return INVALID;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return INVALID;
      }
    }
    int zeros = 0;
    while (zeros < text.length() - 1 && text.charAt(zeros) == '0') {
      zeros++;
    }
    return text.length() - zeros > SAFE_DIGITS
        ? MOST
        : Math.min(MOST, Long.parseLong(text, zeros, text.length(), 10));
  }
}
