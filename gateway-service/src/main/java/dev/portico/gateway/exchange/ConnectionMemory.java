package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection, and remembered between its requests. Nearly all of them show the
 * same credentials: what was made of the last ones need not be made again. That is used on the
 * connection's event loop alone, and gone with the connection.
 */
public final class ConnectionMemory {
  private final @Nullable String handshake;
  private @Nullable String text;
  private @Nullable Object made;

  /** Nothing yet, of a connection without a TLS handshake, or whose handshake is not known. */
  public ConnectionMemory() {
    this(null);
  }

  /**
   * Nothing yet, of a connection that began with a TLS handshake.
   *
   * @param handshake version, cipher and kind, as {@code CloudFront-Viewer-TLS} has them; null when
   *     it is not known
   */
  public ConnectionMemory(@Nullable String handshake) {
    this.handshake = handshake;
  }

  /**
   * The TLS handshake that the connection began with, such as {@code
   * TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake}; null for none, or when it is not known.
   */
  public @Nullable String handshake() {
    return handshake;
  }

  /** What was made of a text; null when the last one was another. */
  public @Nullable Object of(String asked) {
    return asked.equals(text) ? made : null;
  }

  /**
   * Remembers what was made of a text, in the place of the last one.
   *
   * @param newText not of whatever length a viewer likes: it is kept as long as the connection
   */
  public void remember(String newText, Object newMade) {
    text = newText;
    made = newMade;
  }

  /** Without what it holds, which may be secret. */
  @Override
  public String toString() {
    return "ConnectionMemory";
  }
}
