package dev.portico.gateway.origin.wire;

/** How it shows that the body of a response is complete (RFC 9112, section 6.3). */
public enum BodyFraming {
  /** There is none: HEAD, 204, 304. */
  NONE(true),
  /** By Content-Length. */
  LENGTH(true),
  /** By the last chunk. */
  CHUNKED(true),
  /** By the end of an HTTP/2 stream. */
  STREAM(true),
  /**
   * By the end of the connection, which looks the same when the server has died. With TLS it must
   * have said so (close_notify, RFC 8446, section 6.1); without, nothing proves it.
   */
  CLOSE(false);

  private final boolean verifiable;

  BodyFraming(boolean verifiable) {
    this.verifiable = verifiable;
  }

  /** Whether a complete response can be told from one cut short, so that it may be stored. */
  public boolean verifiable() {
    return verifiable;
  }
}
