package dev.portico.gateway.access.token;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.Identity.Credential;
import dev.portico.gateway.access.revocation.Revocations;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified access token says.
 *
 * @param who it is of
 * @param originJti what the tokens of one refresh token have in common; null when it has none
 * @param issuedAt in seconds since 1970; 0 when it does not say, so that every revocation holds
 */
record BearerToken(Identification.Known who, @Nullable String originJti, long issuedAt) {
  static final String GROUPS = "cognito:groups";

  /** What is about the token, or said by a part of {@link Identity} of its own. */
  private static final Set<String> APART =
      Set.of(
          "iss",
          "sub",
          "aud",
          "exp",
          "nbf",
          "iat",
          "jti",
          "token_use",
          "auth_time",
          "origin_jti",
          "event_id",
          "username",
          "scope",
          GROUPS);

  /** Of verified claims. */
  static BearerToken of(JWTClaimsSet claims) {
    String subject = String.valueOf(claims.getSubject());
    Identity identity =
        new Identity(
            Credential.BEARER,
            subject,
            claims.getClaim("username") instanceof String name ? name : subject,
            null,
            false,
            null,
            groups(claims),
            scopes(claims),
            others(claims),
            lists(claims),
            Instant.ofEpochSecond(
                claims.getClaim("auth_time") instanceof Number at ? at.longValue() : 0),
            claims.getExpirationTime().toInstant(),
            null);
    Date issued = claims.getIssueTime();
    return new BearerToken(
        new Identification.Known(identity),
        claims.getClaim("origin_jti") instanceof String jti ? jti : null,
        issued == null ? 0 : issued.toInstant().getEpochSecond());
  }

  private static Set<String> groups(JWTClaimsSet claims) {
    Set<String> groups = new HashSet<>();
    if (claims.getClaim(GROUPS) instanceof List<?> list) {
      list.forEach(group -> groups.add(String.valueOf(group)));
    }
    return groups;
  }

  private static Set<String> scopes(JWTClaimsSet claims) {
    Set<String> scopes = new HashSet<>();
    if (claims.getClaim("scope") instanceof String list) {
      for (String scope : list.split(" ", -1)) {
        if (!scope.isEmpty()) {
          scopes.add(scope);
        }
      }
    }
    return scopes;
  }

  private static Map<String, String> others(JWTClaimsSet claims) {
    Map<String, String> others = new HashMap<>();
    claims
        .getClaims()
        .forEach(
            (name, value) -> {
              if (isPlain(value) && !APART.contains(name)) {
                others.put(name, String.valueOf(value));
              }
            });
    return others;
  }

  /** Of a list that holds anything else than plain values, nothing: it is not understood. */
  private static Map<String, List<String>> lists(JWTClaimsSet claims) {
    Map<String, List<String>> lists = new HashMap<>();
    claims
        .getClaims()
        .forEach(
            (name, value) -> {
              if (value instanceof List<?> list
                  && list.stream().allMatch(BearerToken::isPlain)
                  && !APART.contains(name)) {
                lists.put(name, list.stream().map(String::valueOf).toList());
              }
            });
    return lists;
  }

  private static boolean isPlain(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  /** When it ends, in milliseconds since 1970. */
  long expiresAtMillis() {
    return who.identity().expiresAt().toEpochMilli();
  }

  /** Whether it has been taken back. */
  boolean revoked(Revocations revocations) {
    return revocations.token(originJti, who.identity().subject(), issuedAt);
  }
}
