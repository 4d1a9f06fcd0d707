package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.HeaderFields;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the field section of an HTTP/2 request. */
final class Http2Fields {
  private Http2Fields() {}

  /**
   * The fields without pseudo-header fields; cookie crumbs joined (RFC 9113, section 8.2.3). Values
   * are checked already by the HPACK decoder.
   */
  static HttpHeaders convert(Http2Headers fields) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    StringBuilder cookie = null;
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (name.charAt(0) == ':') {
        continue;
      }
      if (name.toString().equals("cookie")) {
        cookie = cookie == null ? new StringBuilder() : cookie.append("; ");
        cookie.append(field.getValue());
      } else {
        headers.add(name, field.getValue().toString());
      }
    }
    if (cookie != null) {
      headers.add("cookie", cookie.toString());
    }
    return headers;
  }

  /** The Content-Length, or -1 when there is none or an invalid one. */
  static long contentLength(HeaderFields headers) {
    @Nullable String length = headers.first("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1; // The door refuses it.
    }
  }
}
