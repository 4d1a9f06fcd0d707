package dev.portico.gateway.origin.wire;

import dev.portico.gateway.exchange.FieldSyntax;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Heads of HTTP/2 messages (RFC 9113, sections 8.2 and 8.3). */
final class Http2Head {
  /** A Content-Length that is none. */
  static final long INVALID = -2;

  private Http2Head() {}

  /** All fields of a request; {@code scheme} is told by whether the connection is encrypted. */
  static Http2Headers fields(WireRequest request, String scheme) {
    Http2Headers fields =
        new DefaultHttp2Headers(false)
            .method(request.method())
            .scheme(scheme)
            .authority(request.authority())
            .path(request.target());
    request.headers().forEach(field -> add(fields, field));
    if (request.bodyLength() > 0 || request.saysEmpty()) {
      fields.setLong("content-length", request.bodyLength());
    }
    return fields;
  }

  /** A trailer section. */
  static Http2Headers trailers(HttpHeaders trailers) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    trailers.forEach(field -> add(fields, field));
    return fields;
  }

  private static void add(Http2Headers fields, Map.Entry<String, String> field) {
    fields.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
  }

  /** The status, or 0 when there is no valid one. */
  static int status(Http2Headers fields) {
    CharSequence status = fields.status();
    if (status == null || status.length() != 3) {
      return 0;
    }
    try {
      return Integer.parseInt(status, 0, 3, 10);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether a value could be read as more than one line once it is written as HTTP/1.1. */
  static boolean hasControl(Http2Headers fields) {
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      // Names are tokens: the HPACK decoder has seen to them, but not to values.
      if (FieldSyntax.hasControl(field.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** The fields without pseudo-header fields; none may {@link #hasControl have controls}. */
  static HttpHeaders convert(Http2Headers fields) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      if (field.getKey().charAt(0) != ':') {
        headers.add(field.getKey().toString(), field.getValue().toString());
      }
    }
    return headers;
  }

  /** The Content-Length, -1 when there is none, {@link #INVALID} when it has two readings. */
  static long contentLength(HttpHeaders headers) {
    List<String> values = headers.getAll("content-length");
    if (values.isEmpty()) {
      return -1;
    }
    String value = values.getFirst();
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return values.size() == 1 && digits && value.length() <= 18 ? Long.parseLong(value) : INVALID;
  }
}
