package dev.portico.content.deployment.archive;

/** There is no room to spool an archive now; repeating later will help. */
public final class SpoolFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpoolFullException() {
    super("There is no room for a zip archive now.");
  }
}
