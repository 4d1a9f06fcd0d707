package dev.portico.gateway;

/** The service could not start; the message is one line, for whoever set it up. */
public final class StartException extends RuntimeException {
  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
