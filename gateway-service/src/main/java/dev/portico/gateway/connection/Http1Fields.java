package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the head of an HTTP/1 request. */
final class Http1Fields {
  /**
   * What naming it in Connection does not take away: the gateway reads these itself, or a proxy
   * that is trusted has written them.
   */
  private static final Set<String> STAYING =
      Set.of(
          "close",
          "keep-alive",
          "connection",
          "upgrade",
          "te",
          "trailer",
          "host",
          "expect",
          "content-length",
          "transfer-encoding",
          "forwarded",
          "via",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto");

  private Http1Fields() {}

  /**
   * The head for the door, without the fields that Connection names: they were for this hop, and
   * whatever decides by a field must see what an origin will see.
   *
   * @param unread what stands where a request line should be, when it could not be read
   */
  static RequestHead head(HttpRequest message, @Nullable String unread) {
    removeNamed(message.headers());
    return new RequestHead(
        message.protocolVersion().equals(HttpVersion.HTTP_1_0)
            ? HttpProtocol.HTTP_1_0
            : HttpProtocol.HTTP_1_1,
        unread == null ? message.method().name() : RefusedTarget.method(unread),
        unread == null ? message.uri() : RefusedTarget.target(unread),
        null,
        new NettyHeaderFields(message.headers()));
  }

  private static void removeNamed(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.CONNECTION)) {
      return;
    }
    for (String line : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String option : line.split(",", -1)) {
        String name = option.strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !STAYING.contains(name)) {
          headers.remove(name);
        }
      }
    }
  }

  /** The fields behind a body; nearly always none. */
  static HeaderFields trailers(LastHttpContent last) {
    HttpHeaders trailers = last.trailingHeaders();
    return trailers.isEmpty() ? HeaderFields.NONE : new NettyHeaderFields(trailers);
  }

  /**
   * Why it could not be read, or cannot be understood; null when it can.
   *
   * @param mostFields field lines that it may have
   */
  static @Nullable EdgeError fault(HttpRequest message, int mostFields) {
    DecoderResult result = message.decoderResult();
    if (result.isFailure()) {
      return switch (result.cause()) {
        case TooLongHttpLineException e -> EdgeError.URI_TOO_LONG;
        case TooLongHttpHeaderException e -> EdgeError.HEADERS_TOO_LARGE;
        default -> EdgeError.MALFORMED_REQUEST;
      };
    }
    if (message.headers().size() > mostFields) {
      return EdgeError.HEADERS_TOO_LARGE;
    }
    HttpVersion version = message.protocolVersion();
    boolean spoken = version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    return spoken ? null : EdgeError.VERSION_NOT_SUPPORTED;
  }

  /** The length of the body in bytes; -1 when it is not known. */
  static long bodyLength(HeaderFields headers) {
    if (headers.contains("transfer-encoding")) {
      return -1;
    }
    String length = headers.first("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1; // Refused by the door; only its log line is still to come.
    }
  }
}
