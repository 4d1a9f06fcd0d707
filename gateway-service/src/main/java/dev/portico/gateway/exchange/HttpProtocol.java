package dev.portico.gateway.exchange;

/** The version of HTTP that a viewer speaks. */
public enum HttpProtocol {
  /** HTTP/1.0: no chunked coding, connections close unless asked to stay. */
  HTTP_1_0("HTTP/1.0"),
  /** HTTP/1.1 (RFC 9112). */
  HTTP_1_1("HTTP/1.1"),
  /** HTTP/2 (RFC 9113). */
  HTTP_2("HTTP/2");

  private final String label;

  HttpProtocol(String label) {
    this.label = label;
  }

  /** The version as logs and the Via header show it. */
  public String label() {
    return label;
  }
}
