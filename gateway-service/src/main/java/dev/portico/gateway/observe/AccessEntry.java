package dev.portico.gateway.observe;

import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the access log says about one exchange. The query is not in it: it may hold secrets. */
record AccessEntry(
    long timeMillis,
    String requestId,
    String traceparent,
    String client,
    String method,
    String scheme,
    String host,
    String path,
    String protocol,
    int status,
    String outcome,
    @Nullable String site,
    @Nullable String error,
    boolean completed,
    long bytesSent,
    long bytesReceived,
    long totalMicros,
    long firstByteMicros,
    long originMicros,
    @Nullable String userAgent,
    @Nullable String referer) {

  private static final int MAX_FIELD = 512;

  static AccessEntry of(ViewerExchange exchange) {
    ViewerRequest request = exchange.request();
    Timeline timeline = exchange.timeline();
    return new AccessEntry(
        timeline.startedMillis(),
        request.requestId(),
        request.traceparent(),
        request.clientAddress(),
        request.method(),
        request.scheme(),
        request.host(),
        request.rawPath(),
        request.protocol().label(),
        timeline.status(),
        timeline.outcome().label(),
        timeline.site(),
        timeline.error(),
        timeline.completed(),
        timeline.bytesSent(),
        timeline.bytesReceived(),
        timeline.totalNanos() / 1_000,
        timeline.firstByteNanos() / 1_000,
        timeline.originNanos() / 1_000,
        request.headers().first("user-agent"),
        withoutQuery(request.headers().first("referer")));
  }

  private static @Nullable String withoutQuery(@Nullable String referer) {
    int question = referer == null ? -1 : referer.indexOf('?');
    return referer == null || question < 0 ? referer : referer.substring(0, question);
  }

  /** Appends the entry as one line of JSON. */
  void appendTo(StringBuilder line) {
    line.append("{\"time\":\"").append(Instant.ofEpochMilli(timeMillis)).append('"');
    text(line, "requestId", requestId);
    text(line, "trace", traceparent);
    text(line, "client", client);
    text(line, "method", method);
    text(line, "scheme", scheme);
    text(line, "host", host);
    text(line, "path", path);
    text(line, "protocol", protocol);
    number(line, "status", status);
    text(line, "outcome", outcome);
    text(line, "site", site);
    text(line, "error", error);
    line.append(",\"completed\":").append(completed);
    number(line, "bytesSent", bytesSent);
    number(line, "bytesReceived", bytesReceived);
    number(line, "micros", totalMicros);
    number(line, "firstByteMicros", firstByteMicros);
    number(line, "originMicros", originMicros);
    text(line, "userAgent", userAgent);
    text(line, "referer", referer);
    line.append("}\n");
  }

  private static void number(StringBuilder line, String name, long value) {
    line.append(",\"").append(name).append("\":").append(value);
  }

  private static void text(StringBuilder line, String name, @Nullable String value) {
    if (value == null) {
      return;
    }
    line.append(",\"").append(name).append("\":\"");
    int end = Math.min(value.length(), MAX_FIELD);
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    line.append('"');
  }
}
