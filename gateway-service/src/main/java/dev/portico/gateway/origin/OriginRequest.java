package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.RequestIds;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to an origin.
 *
 * @param target who is asked
 * @param method the method
 * @param path path and query, without the origin's prefix
 * @param headers its fields, without framing and what the origin adds; without Host where it is the
 *     origin's own. Not changed
 * @param bodyLength in bytes, 0 for no body, -1 when it is not known; a body is written to the call
 * @param upgrade the protocol to change to ({@code websocket}); null for none
 * @param coding what a plain answer is to be put in on its way; identity: nothing, though others
 *     get it in other codings; null: it stays as it is
 * @param second who is asked when the target fails; null for nobody. Used for GET, HEAD and OPTIONS
 *     without a body only
 * @param ids those of the request in whose trace it is; null: it is in none
 */
public record OriginRequest(
    Target target,
    String method,
    String path,
    HttpHeaders headers,
    long bodyLength,
    @Nullable String upgrade,
    @Nullable ContentCoding coding,
    @Nullable HttpOrigin second,
    @Nullable RequestIds ids) {
  /** RFC 9110, section 9.2.2; TRACE never gets here. */
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  /** CloudFront's: those that ask and change nothing. */
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  /**
   * A request that changes no protocol, has nobody to answer in the target's place, and is in no
   * trace.
   */
  public static OriginRequest of(
      Target target, String method, String path, HttpHeaders headers, long bodyLength) {
    return new OriginRequest(target, method, path, headers, bodyLength, null, null, null, null);
  }

  /** The same request in the trace of the viewer's that has these. */
  public OriginRequest onBehalfOf(RequestIds other) {
    return new OriginRequest(
        target, method, path, headers, bodyLength, upgrade, coding, second, other);
  }

  /** The same request with another origin to ask when its target fails. */
  public OriginRequest orElse(HttpOrigin other) {
    return new OriginRequest(
        target, method, path, headers, bodyLength, upgrade, coding, other, ids);
  }

  /** The same request with the wish to change the protocol. */
  public OriginRequest upgradingTo(String protocol) {
    return new OriginRequest(
        target, method, path, headers, bodyLength, protocol, coding, second, ids);
  }

  /** The same request with an answer in this coding; null: as it comes. */
  public OriginRequest coded(@Nullable ContentCoding wanted) {
    return new OriginRequest(
        target, method, path, headers, bodyLength, upgrade, wanted, second, ids);
  }

  /** The same request for all of that of which it asks for a part. */
  public OriginRequest whole() {
    HttpHeaders all = headers.copy().remove("range").remove("if-range");
    return new OriginRequest(target, method, path, all, bodyLength, upgrade, coding, second, ids);
  }

  boolean hasBody() {
    return bodyLength != 0;
  }

  /** Whether doing it twice is the same as doing it once. */
  boolean idempotent() {
    return upgrade == null && IDEMPOTENT.contains(method);
  }

  /** Whether another origin may answer. */
  boolean transferable() {
    return second != null && upgrade == null && !hasBody() && SAFE.contains(method);
  }
}
