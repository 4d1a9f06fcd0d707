package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * What is said of the time that a response took, in CloudFront's words (Server Timing, section 2).
 * Of its metrics those whose value is really known.
 */
final class ServerTiming {
  private static final long NANOS_OF_A_MILLI = 1_000_000;

  private ServerTiming() {}

  /**
   * The value of the field.
   *
   * @param timeline up to the response's head
   * @param now {@link System#nanoTime()}
   */
  static String of(ViewerRequest request, Timeline timeline, long now) {
    StringBuilder value = new StringBuilder(128);
    boolean asked = timeline.originNanos() > 0;
    switch (timeline.outcome()) {
      case HIT, STALE -> value.append("cdn-cache-hit,cdn-hit-layer;desc=\"EDGE\",");
      case REVALIDATED -> value.append("cdn-cache-refresh,");
      case MISS, PASS, PROXY -> value.append("cdn-cache-miss,");
      case LOCAL, ERROR -> {}
    }
    value.append("cdn-rid;desc=\"").append(request.requestId()).append('"');
    if (asked) {
      value.append(",cdn-upstream-layer;desc=\"EDGE\"");
      append(value, "cdn-upstream-fbl", timeline.originNanos());
    }
    append(value, "cdn-downstream-fbl", now - request.receivedNanos());
    return value.toString();
  }

  private static void append(StringBuilder value, String metric, long nanos) {
    value.append(',').append(metric).append(";dur=").append(Math.max(0, nanos / NANOS_OF_A_MILLI));
  }
}
