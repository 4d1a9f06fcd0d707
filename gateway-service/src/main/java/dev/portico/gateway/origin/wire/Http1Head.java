package dev.portico.gateway.origin.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the heads of HTTP/1.1 messages say about the connection and the framing (RFC 9112). */
final class Http1Head {
  private Http1Head() {}

  /** All fields of a request. */
  static HttpHeaders fields(WireRequest request) {
    HttpHeaders fields = request.headers().copy();
    fields.set(HttpHeaderNames.HOST, request.authority());
    String upgrade = request.upgrade();
    if (upgrade != null) {
      fields.set(HttpHeaderNames.UPGRADE, upgrade);
      fields.add(HttpHeaderNames.CONNECTION, "Upgrade");
    }
    if (fields.contains(HttpHeaderNames.TE)) {
      fields.add(HttpHeaderNames.CONNECTION, "TE"); // RFC 9110, section 10.1.4
    }
    if (request.bodyLength() > 0 || request.saysEmpty()) {
      fields.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(request.bodyLength()));
    } else if (request.bodyLength() < 0) {
      fields.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }
    return fields;
  }

  /** What is wrong with the head of a final response, beyond what the decoder sees; or null. */
  static @Nullable String fault(HttpResponse response) {
    int status = response.status().code();
    if (status < 200 || status > 599) {
      return "invalid status " + status;
    }
    List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return null;
    }
    boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    // No other coding was offered by TE (RFC 9112, section 7.4).
    boolean version = response.protocolVersion().equals(HttpVersion.HTTP_1_1);
    return chunked && version ? null : "invalid Transfer-Encoding";
  }

  /** How the body of the response to a request ends (RFC 9112, section 6.3). */
  static BodyFraming framing(HttpResponse response, String method) {
    int status = response.status().code();
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return BodyFraming.NONE;
    }
    if (HttpUtil.isTransferEncodingChunked(response)) {
      return BodyFraming.CHUNKED;
    }
    return HttpUtil.isContentLengthSet(response) ? BodyFraming.LENGTH : BodyFraming.CLOSE;
  }
}
