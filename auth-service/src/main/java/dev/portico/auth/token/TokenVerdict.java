package dev.portico.auth.token;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules say about a token. */
sealed interface TokenVerdict {
  /**
   * It is an access token of this pool, for one of our clients, and valid now.
   *
   * @param claims its verified claims
   */
  record Accepted(JWTClaimsSet claims) implements TokenVerdict {
    static final String GROUPS = "cognito:groups";

    /** What it has in common with the other tokens of its session, if it says so. */
    @Nullable String originJti() {
      return claims.getClaim("origin_jti") instanceof String origin ? origin : null;
    }

    /** Its owner, without whom it is not accepted. */
    String subject() {
      return String.valueOf(claims.getSubject());
    }

    /** When it was made; if it does not say so, before everything. */
    Instant issuedAt() {
      return claims.getIssueTime() == null ? Instant.EPOCH : claims.getIssueTime().toInstant();
    }

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
