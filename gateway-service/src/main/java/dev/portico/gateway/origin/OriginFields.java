package dev.portico.gateway.origin;

import dev.portico.gateway.origin.wire.WireRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of a request what a certain origin gets: its prefix, its Host, the fields it asks for. */
final class OriginFields {
  /** What is about the connection or the framing is not for settings to say. */
  private static final Set<String> NEVER =
      Set.of("connection", "content-length", "te", "trailer", "transfer-encoding", "upgrade");

  private OriginFields() {}

  /**
   * The request as it goes out. Host is the origin's own unless the request has one, as an origin
   * request policy may want the viewer's, or its settings name another, as with CloudFront; the
   * name that TLS asks for stays.
   *
   * @param traceparent the W3C trace context in place of the request's; null: that stays
   */
  static WireRequest wireRequest(
      OriginRequest request, Target target, @Nullable String traceparent) {
    HttpOrigin origin = target.origin();
    String authority = target.peer().authority();
    HttpHeaders headers = request.headers();
    if (traceparent != null) {
      headers = headers.copy().set("traceparent", traceparent);
    }
    String asked = headers.get(HttpHeaderNames.HOST);
    if (asked != null) {
      authority = asked;
      headers = headers.copy().remove(HttpHeaderNames.HOST);
    }
    if (!origin.headers().isEmpty()) {
      headers = headers.copy();
      for (HttpOrigin.Field field : origin.headers()) {
        String name = field.name().toLowerCase(Locale.ROOT);
        if (name.equals("host")) {
          authority = field.value();
        } else if (!NEVER.contains(name)) {
          headers.set(field.name(), field.value());
        }
      }
    }
    return new WireRequest(
        request.method(),
        path(origin.pathPrefix(), request.path()),
        authority,
        headers,
        request.bodyLength(),
        request.upgrade());
  }

  /**
   * {@code *} (RFC 9112, section 3.2.4) is about the whole server; below a prefix there is none.
   */
  private static String path(String prefix, String path) {
    if (prefix.isEmpty()) {
      return path;
    }
    return path.startsWith("/") ? prefix + path : prefix;
  }
}
