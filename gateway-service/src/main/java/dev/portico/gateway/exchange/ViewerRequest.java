package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * A request that has passed the door: its framing is unambiguous, its host is a valid name, its
 * path holds no dot segment. Later stages need not check any of that again.
 *
 * @param ids identify the request in logs, in problem documents and towards origins
 * @param method the method as sent, case-sensitive
 * @param scheme {@code http} or {@code https}, as the viewer used it (before trusted proxies)
 * @param host the host name in lower case, without port and without a trailing dot
 * @param port the port that the viewer asked, the scheme's default when the request names none
 * @param rawPath the path still percent-encoded, its dot segments removed; starts with {@code /}
 * @param path the path decoded once, its dot segments removed; starts with {@code /}. Repeated
 *     slashes stay as sent
 * @param encodedSlash whether {@code rawPath} holds an encoded slash, so that {@code path} does not
 *     tell segments apart; such a path names no file of a site
 * @param query the query as sent, without {@code ?}; null when there is no question mark
 * @param headers the header fields as sent
 * @param clientAddress the viewer's IP address, behind as many proxies as are trusted
 * @param protocol the version of HTTP
 * @param receivedNanos {@link System#nanoTime()} when the head had been read
 * @param memory what is known of its connection and remembered between its requests
 */
public record ViewerRequest(
    RequestIds ids,
    String method,
    String scheme,
    String host,
    int port,
    String rawPath,
    String path,
    boolean encodedSlash,
    @Nullable String query,
    HeaderFields headers,
    String clientAddress,
    HttpProtocol protocol,
    long receivedNanos,
    ConnectionMemory memory) {
  /** The request id, as text. */
  public String requestId() {
    return ids.requestId();
  }

  /** Whether the viewer came over HTTPS, to this gateway or to a trusted proxy before it. */
  public boolean secure() {
    return scheme.equals("https");
  }

  /** The same request with other header fields; the very same object when they are as its own. */
  public ViewerRequest with(HeaderFields fields) {
    if (fields.equals(headers)) {
      return this;
    }
    return new ViewerRequest(
        ids,
        method,
        scheme,
        host,
        port,
        rawPath,
        path,
        encodedSlash,
        query,
        fields,
        clientAddress,
        protocol,
        receivedNanos,
        memory);
  }

  /** The same request for what nobody waits for, which is no part of its trace. */
  public ViewerRequest background() {
    return new ViewerRequest(
        ids.background(),
        method,
        scheme,
        host,
        port,
        rawPath,
        path,
        encodedSlash,
        query,
        headers,
        clientAddress,
        protocol,
        receivedNanos,
        memory);
  }

  /**
   * The same request for another address on the same host.
   *
   * @param otherRawPath percent-encoded, without dot segments, starting with {@code /}
   * @param otherPath the same, decoded
   * @param otherQuery without {@code ?}; null for none
   */
  public ViewerRequest at(String otherRawPath, String otherPath, @Nullable String otherQuery) {
    return new ViewerRequest(
        ids,
        method,
        scheme,
        host,
        port,
        otherRawPath,
        otherPath,
        encodedSlash,
        otherQuery,
        headers,
        clientAddress,
        protocol,
        receivedNanos,
        memory);
  }

  /** The path and, after {@code ?}, the query, as they go to an origin. */
  public String rawTarget() {
    return query == null ? rawPath : rawPath + '?' + query;
  }

  /** The host and, unless it is the scheme's default, the port: the authority of a link back. */
  public String authority() {
    boolean defaultPort = port == (secure() ? 443 : 80);
    return defaultPort ? host : host + ':' + port;
  }

  /** Whether the method is HEAD, whose response has the head of a GET's and no body. */
  public boolean head() {
    return method.equals("HEAD");
  }

  /**
   * The protocol that the request asks to change to, where it is one that is passed on: WebSocket
   * (RFC 6455, section 4.1); null for none.
   */
  public @Nullable String upgrade() {
    String asked = headers.first("upgrade");
    if (asked == null || !asked.equalsIgnoreCase("websocket")) {
      return null;
    }
    boolean changes =
        headers.lists("connection", "upgrade")
            && method.equals("GET")
            && protocol == HttpProtocol.HTTP_1_1;
    return changes ? "websocket" : null;
  }
}
