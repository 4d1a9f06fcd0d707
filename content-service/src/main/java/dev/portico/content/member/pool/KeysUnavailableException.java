package dev.portico.content.member.pool;

/** The pool's keys could not be had, so that nothing can be said about a token. */
final class KeysUnavailableException extends RuntimeException {
  KeysUnavailableException(Throwable cause) {
    super("The pool's keys cannot be fetched: " + cause.getMessage(), cause);
  }
}
