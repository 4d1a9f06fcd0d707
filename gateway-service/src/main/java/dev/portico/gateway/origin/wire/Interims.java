package dev.portico.gateway.origin.wire;

/** Counts interim responses, which a server could send without end (RFC 9110, section 15.2). */
final class Interims {
  private static final int MOST = 32;

  private int count;

  /** Whether this one is one too many, or none that there could be. */
  boolean refuses(int status) {
    count++;
    return count > MOST || status < 100;
  }
}
