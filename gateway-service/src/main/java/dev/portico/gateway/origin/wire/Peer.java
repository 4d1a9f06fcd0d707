package dev.portico.gateway.origin.wire;

/**
 * To whom a connection leads: connections to equal peers at the same address serve each other's
 * requests.
 *
 * @param host the name that TLS asks for and checks
 * @param port its port
 * @param tls whether it is encrypted
 * @param verify whether the certificate must be valid for {@code host}
 * @param http2 whether to speak HTTP/2: by ALPN with TLS, by prior knowledge without
 */
public record Peer(String host, int port, boolean tls, boolean verify, boolean http2) {
  /** The same peer asked over HTTP/1.1 in any case. */
  Peer withoutHttp2() {
    return http2 ? new Peer(host, port, tls, verify, false) : this;
  }

  /** Host and port, the scheme's default left out: the value of Host. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    return port == (tls ? 443 : 80) ? name : name + ':' + port;
  }
}
