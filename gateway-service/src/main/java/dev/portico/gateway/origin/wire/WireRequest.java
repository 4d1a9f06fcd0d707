package dev.portico.gateway.origin.wire;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A request as it goes out.
 *
 * @param method the method
 * @param target path and query
 * @param authority the value of Host
 * @param headers all other fields that are not about the connection or the framing. Not changed
 * @param bodyLength in bytes, 0 for no body, -1 when it is not known
 * @param upgrade the protocol to change to, HTTP/1.1 only; null for none
 */
public record WireRequest(
    String method,
    String target,
    String authority,
    HttpHeaders headers,
    long bodyLength,
    @Nullable String upgrade) {
  /** Whether a body of no bytes is said to be one (RFC 9110, section 8.6). */
  boolean saysEmpty() {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> bodyLength == 0;
      default -> false;
    };
  }
}
