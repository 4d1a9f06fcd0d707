package dev.portico.content.member.pool;

/** It is not known which tokens were revoked, so that nothing can be said about one. */
final class RevocationsUnavailableException extends RuntimeException {
  RevocationsUnavailableException() {
    super("auth-service does not say which tokens were revoked");
  }
}
