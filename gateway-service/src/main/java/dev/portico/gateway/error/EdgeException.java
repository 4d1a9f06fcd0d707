package dev.portico.gateway.error;

import org.jspecify.annotations.Nullable;

/**
 * An I/O failure that is already known by its {@link EdgeError}; the message is for the log only.
 */
public final class EdgeException extends RuntimeException {
  private final EdgeError error;

  /** A failure with a message for the log. */
  public EdgeException(EdgeError error, String message) {
    this(error, message, null);
  }

  /** A failure with its cause; no stack trace of its own, since it is an outcome and not a bug. */
  public EdgeException(EdgeError error, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.error = error;
  }

  /** What the viewer is told. */
  public EdgeError error() {
    return error;
  }
}
