package dev.portico.gateway.access.token;

import com.nimbusds.jwt.JWTClaimsSet;

/** What the rules say about a token. */
sealed interface TokenVerdict {
  /**
   * It is an access token of this pool, for one of our clients, and valid now.
   *
   * @param claims its verified claims
   */
  record Accepted(JWTClaimsSet claims) implements TokenVerdict {}

  /**
   * It is not.
   *
   * @param description why, in the characters that RFC 6750 section 3 allows; names nothing taken
   *     from the token
   */
  record Refused(String description) implements TokenVerdict {}
}
