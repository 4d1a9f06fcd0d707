package dev.portico.gateway.origin.wire;

import org.jspecify.annotations.Nullable;

/**
 * Why a request got no whole response.
 *
 * @param kind what it comes to
 * @param detail for the log
 * @param cause what was thrown, if anything
 */
public record WireFailure(Kind kind, String detail, @Nullable Throwable cause) {
  /** Kinds of failure. */
  public enum Kind {
    /** No connection could be made: nothing was sent. */
    UNREACHABLE,
    /** The TLS handshake failed: nothing was sent. */
    UNTRUSTED,
    /** All connections were in use for too long: nothing was sent. */
    BUSY,
    /** The server takes no head as large as the request's: nothing was sent. */
    TOO_LARGE,
    /** The server says that it has not acted on it (RFC 9113, section 8.7). */
    UNPROCESSED,
    /** The connection was closed before a byte of the response. */
    UNANSWERED,
    /** The connection was closed, or the stream reset, before the response was whole. */
    CLOSED,
    /** What came is no valid HTTP. */
    PROTOCOL,
    /** It took too long. */
    TIMEOUT
  }

  /** A failure without a cause. */
  public static WireFailure of(Kind kind, String detail) {
    return new WireFailure(kind, detail, null);
  }

  /** Whether the server cannot have acted on the request, so that any method may be sent again. */
  public boolean unsent() {
    return switch (kind) {
      case UNREACHABLE, UNTRUSTED, BUSY, TOO_LARGE, UNPROCESSED -> true;
      case UNANSWERED, CLOSED, PROTOCOL, TIMEOUT -> false;
    };
  }
}
