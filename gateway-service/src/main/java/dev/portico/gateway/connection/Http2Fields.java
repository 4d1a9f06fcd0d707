package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.HeaderFields;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the field section of an HTTP/2 request. */
final class Http2Fields {
  /** The position is a bit; those of the first three there must be. */
  private static final List<String> PSEUDO = List.of(":method", ":scheme", ":path", ":authority");

  private static final int NEEDED = 0b111;
  private static final int CONNECT = 0b1001;
  private static final Set<String> CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private Http2Fields() {}

  /**
   * The fields without pseudo-header fields; cookie crumbs joined (RFC 9113, section 8.2.3). They
   * are not {@link #malformed}.
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

  /**
   * Whether a request's fields make it malformed (RFC 9113, sections 8.2 and 8.3): pseudo-header
   * fields missing, repeated, unknown or behind others; names not in lower case; fields about a
   * connection; values with control characters or white space around them.
   */
  static boolean malformed(Http2Headers fields) {
    int pseudo = 0;
    boolean others = false;
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (name.isEmpty() || !cleanValue(field.getValue())) {
        return true;
      }
      if (name.charAt(0) == ':') {
        int bit = PSEUDO.indexOf(name.toString());
        if (bit < 0 || others || (pseudo & 1 << bit) != 0) {
          return true;
        }
        pseudo |= 1 << bit;
      } else {
        others = true;
        if (!cleanName(name) || aboutConnection(name.toString(), field.getValue())) {
          return true;
        }
      }
    }
    if ("CONNECT".contentEquals(fields.method() == null ? "" : fields.method())) {
      return pseudo != CONNECT; // Section 8.5: it has no others.
    }
    CharSequence path = fields.path();
    return (pseudo & NEEDED) != NEEDED || path == null || path.isEmpty();
  }

  /** As {@link #malformed}, for the fields behind a body, of which none is a pseudo-field. */
  static boolean malformedTrailers(Http2Headers fields) {
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (!cleanName(name)
          || !cleanValue(field.getValue())
          || aboutConnection(name.toString(), field.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** RFC 9113, section 8.2.2. */
  private static boolean aboutConnection(String name, CharSequence value) {
    return name.equals("te")
        ? !value.toString().equalsIgnoreCase("trailers")
        : CONNECTION.contains(name);
  }

  /** RFC 9113, section 8.2.1; a colon is for pseudo-fields only. */
  private static boolean cleanName(CharSequence name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ':' || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean cleanValue(CharSequence value) {
    int length = value.length();
    if (FieldSyntax.hasControl(value)) {
      return false;
    }
    return length == 0 || !(space(value.charAt(0)) || space(value.charAt(length - 1)));
  }

  private static boolean space(char c) {
    return c == ' ' || c == '\t';
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
