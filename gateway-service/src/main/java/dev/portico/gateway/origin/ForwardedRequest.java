package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/** Answers: which header fields of a message go on to the next hop? */
public final class ForwardedRequest {
  /** How this gateway names itself in Via (RFC 9110, section 7.6.3). */
  public static final String PSEUDONYM = "portico";

  // RFC 9110, section 7.6.1, and what older software treats alike. TE and Trailer go with the
  // trailers, which are not passed on.
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  // Said by this gateway alone: what the viewer claims under these names would be believed.
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-real-ip",
          "x-request-id",
          "traceparent");

  private ForwardedRequest() {}

  /**
   * The fields of a request to an origin.
   *
   * @param request the viewer's
   * @param origin who gets it
   * @param bodyLength in bytes, 0 for no body, -1 when it is not known
   */
  public static HttpHeaders headers(ViewerRequest request, Origin origin, long bodyLength) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    headers.add(HttpHeaderNames.HOST, origin.authority());
    endToEnd(
        request.headers(),
        (name, value) -> {
          if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
            headers.add(name, value);
          }
        });
    if (bodyLength > 0 || (bodyLength == 0 && request.headers().contains("content-length"))) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(bodyLength));
    } else if (bodyLength < 0) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }
    headers.set("x-forwarded-for", request.clientAddress());
    headers.set("x-forwarded-proto", request.scheme());
    headers.set("x-forwarded-host", request.authority());
    headers.set("x-forwarded-port", Integer.toString(request.port()));
    headers.set("x-request-id", request.requestId());
    headers.set("traceparent", request.traceparent());
    headers.add(HttpHeaderNames.VIA, via(request.protocol().label()));
    return headers;
  }

  /** This gateway's entry in Via for a message received over {@code protocol}, as HTTP/1.1. */
  public static String via(String protocol) {
    return protocol.substring(protocol.indexOf('/') + 1) + ' ' + PSEUDONYM;
  }

  /** Calls {@code action} with every field that is meant for more than the next hop. */
  public static void endToEnd(HeaderFields fields, BiConsumer<String, String> action) {
    Set<String> named = named(fields.all("connection"));
    fields.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!HOP_BY_HOP.contains(lower) && !named.contains(lower)) {
            action.accept(name, value);
          }
        });
  }

  /** What the Connection field names is for this hop too. */
  private static Set<String> named(List<String> connection) {
    if (connection.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String line : connection) {
      for (String option : line.split(",", -1)) {
        names.add(option.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
