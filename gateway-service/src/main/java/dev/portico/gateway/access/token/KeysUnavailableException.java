package dev.portico.gateway.access.token;

/** The pool's keys could not be had, so that nothing can be said about a token. */
final class KeysUnavailableException extends RuntimeException {
  KeysUnavailableException(Throwable cause) {
    super("the pool's keys cannot be fetched: " + cause.getMessage(), cause);
  }
}
