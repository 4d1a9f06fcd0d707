package dev.portico.content.member.pool;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;

/** What the rules say about a token. */
sealed interface TokenVerdict {
  /**
   * It is an access token of this pool, for one of our clients, and valid now.
   *
   * @param claims its verified claims
   */
  record Accepted(JWTClaimsSet claims) implements TokenVerdict {
    static final String GROUPS = "cognito:groups";

    /**
     * Whether it is an app client's own, by {@code client_credentials}: nobody's, so that it names
     * no user and has the client for its subject.
     */
    boolean ofMachine() {
      return claims.getClaim("username") == null
          && String.valueOf(claims.getSubject()).equals(claims.getClaim("client_id"));
    }

    /** The groups that its owner was in when it was made. */
    List<String> groups() {
      return claims.getClaim(GROUPS) instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }
  }

  /**
   * It is not.
   *
   * @param description why, in the characters that RFC 6750 section 3 allows; names nothing taken
   *     from the token
   */
  record Refused(String description) implements TokenVerdict {}
}
