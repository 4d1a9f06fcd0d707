package dev.portico.gateway.access;

/** What could be found out about who a request is from. */
public sealed interface Identification {
  /**
   * It is known.
   *
   * @param identity who
   */
  record Known(Identity identity) implements Identification {}

  /** The request says nothing of it, or a session that is over. */
  record Nobody() implements Identification {}

  /**
   * The request has an access token that does not hold (RFC 6750, section 3.1).
   *
   * @param description why, in words that are safe to show
   */
  record InvalidToken(String description) implements Identification {}

  /** It cannot be found out now, since auth-service or the pool's keys cannot be reached. */
  record Unavailable() implements Identification {}
}
