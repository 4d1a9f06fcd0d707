package dev.portico.gateway.origin;

import java.net.URI;

/**
 * Where a service listens.
 *
 * @param host its name or address
 * @param port its port
 */
public record Origin(String host, int port) {
  /**
   * Reads an address like {@code http://localhost:8081}.
   *
   * @throws IllegalArgumentException when it is not http, has no host, or has a path
   */
  public static Origin of(URI address) {
    String path = address.getPath();
    boolean plain = path == null || path.isEmpty() || path.equals("/");
    if (!"http".equals(address.getScheme()) || address.getHost() == null || !plain) {
      throw new IllegalArgumentException("Not an address like http://host:port: " + address);
    }
    String host = address.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Origin(host, address.getPort() < 0 ? 80 : address.getPort());
  }

  /** Host and port as a Host field has them. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    return port == 80 ? name : name + ':' + port;
  }
}
