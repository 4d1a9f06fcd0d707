package dev.portico.gateway.observe;

import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.LoggedUrl;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the access log tells about one exchange that is over. The query is not in it: it may hold
 * secrets.
 *
 * @param traced whether it is in a trace that is kept
 */
record AccessEntry(
    RequestIds ids,
    String client,
    String method,
    String scheme,
    String host,
    String path,
    HttpProtocol protocol,
    @Nullable String userAgent,
    @Nullable String referer,
    Timeline timeline,
    boolean traced) {
  private static final byte[] TIME = LogLines.name("time");
  private static final byte[] REQUEST_ID = LogLines.name("requestId");
  private static final byte[] TRACE = LogLines.name("trace");
  private static final byte[] CLIENT = LogLines.name("client");
  private static final byte[] METHOD = LogLines.name("method");
  private static final byte[] SCHEME = LogLines.name("scheme");
  private static final byte[] HOST = LogLines.name("host");
  private static final byte[] PATH = LogLines.name("path");
  private static final byte[] PROTOCOL = LogLines.name("protocol");
  private static final byte[] STATUS = LogLines.name("status");
  private static final byte[] OUTCOME = LogLines.name("outcome");
  private static final byte[] SITE = LogLines.name("site");
  private static final byte[] BEHAVIOUR = LogLines.name("behaviour");
  private static final byte[] ERROR = LogLines.name("error");
  private static final byte[] COMPLETED = LogLines.name("completed");
  private static final byte[] BYTES_SENT = LogLines.name("bytesSent");
  private static final byte[] BYTES_RECEIVED = LogLines.name("bytesReceived");
  private static final byte[] MICROS = LogLines.name("micros");
  private static final byte[] FIRST_BYTE_MICROS = LogLines.name("firstByteMicros");
  private static final byte[] ORIGIN_MICROS = LogLines.name("originMicros");
  private static final byte[] USER_AGENT = LogLines.name("userAgent");
  private static final byte[] REFERER = LogLines.name("referer");

  /** Takes what the line needs and no more, since many may wait for a slow output. */
  static AccessEntry of(ViewerRequest request, Timeline timeline, boolean traced) {
    return new AccessEntry(
        request.ids(),
        request.clientAddress(),
        cut(request.method()),
        request.scheme(),
        request.host(),
        cut(request.rawPath()),
        request.protocol(),
        cutIfAny(request.headers().first("user-agent")),
        referer(request.headers().first("referer")),
        timeline,
        traced);
  }

  private static String cut(String text) {
    return text.length() <= LogLines.MAX_TEXT ? text : text.substring(0, LogLines.MAX_TEXT);
  }

  private static @Nullable String cutIfAny(@Nullable String text) {
    return text == null ? null : cut(text);
  }

  private static @Nullable String referer(@Nullable String sent) {
    return sent == null ? null : cut(LoggedUrl.of(sent));
  }

  /** Appends the entry as one line of JSON. */
  void appendTo(LogLines lines) {
    lines.begin(TIME, timeline.startedMillis());
    lines.requestId(REQUEST_ID, ids);
    lines.traceparent(TRACE, ids, traced);
    lines.text(CLIENT, client);
    lines.text(METHOD, method);
    lines.text(SCHEME, scheme);
    lines.text(HOST, host);
    lines.sent(PATH, path);
    lines.text(PROTOCOL, protocol.label());
    lines.number(STATUS, timeline.status());
    lines.text(OUTCOME, timeline.outcome().label());
    lines.text(SITE, timeline.site());
    lines.text(BEHAVIOUR, timeline.behaviour());
    lines.text(ERROR, timeline.error());
    lines.flag(COMPLETED, timeline.completed());
    lines.number(BYTES_SENT, timeline.bytesSent());
    lines.number(BYTES_RECEIVED, timeline.bytesReceived());
    lines.number(MICROS, timeline.totalNanos() / 1_000);
    lines.number(FIRST_BYTE_MICROS, timeline.firstByteNanos() / 1_000);
    lines.number(ORIGIN_MICROS, timeline.originNanos() / 1_000);
    lines.sent(USER_AGENT, userAgent);
    lines.sent(REFERER, referer);
    lines.end();
  }
}
