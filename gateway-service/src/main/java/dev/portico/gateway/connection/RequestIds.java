package dev.portico.gateway.connection;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes the identifiers that follow a request through all services. */
final class RequestIds {
  private static final HexFormat HEX = HexFormat.of();
  private static final int TRACEPARENT_LENGTH = 55;

  private RequestIds() {}

  /**
   * A new request id: 32 hexadecimal digits that sort by time, of which 48 bits are milliseconds
   * since the epoch and 80 are random. It identifies and protects nothing.
   */
  static String requestId(long millis) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(millis, 12)
        + HEX.toHexDigits(random.nextLong(), 4)
        + HEX.toHexDigits(random.nextLong());
  }

  /**
   * The viewer's trace context when it is valid (W3C Trace Context, section 3.2), else a new one.
   */
  static String traceparent(@Nullable String sent) {
    return sent != null && valid(sent) ? sent : newTraceparent();
  }

  private static String newTraceparent() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    // An all-zero id is invalid; setting one bit rules it out.
    return "00-"
        + HEX.toHexDigits(random.nextLong())
        + HEX.toHexDigits(random.nextLong() | 1)
        + '-'
        + HEX.toHexDigits(random.nextLong() | 1)
        + "-00";
  }

  private static boolean valid(String text) {
    if (text.length() != TRACEPARENT_LENGTH || !text.startsWith("00-")) {
      return false;
    }
    for (int i = 3; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean dash = i == 35 || i == 52;
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return !zeros(text, 3, 35) && !zeros(text, 36, 52);
  }

  private static boolean zeros(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
