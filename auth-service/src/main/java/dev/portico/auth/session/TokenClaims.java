package dev.portico.auth.session;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Cognito's tokens say. They are read as they came from Cognito itself, by TLS, in answer to
 * this service's own call: there is nobody else who could have signed them.
 *
 * @param subject the account
 * @param originJti what the access tokens of this session have in common
 * @param authenticatedAt when the account was proven
 * @param expiresAt when the access token expires
 */
public record TokenClaims(
    String subject, @Nullable String originJti, Instant authenticatedAt, Instant expiresAt) {

  /** Reads the access token. */
  public static TokenClaims of(Tokens tokens) {
    JWTClaimsSet access = parse(tokens.accessToken());
    try {
      Long authTime = access.getLongClaim("auth_time");
      return new TokenClaims(
          access.getSubject(),
          access.getStringClaim("origin_jti"),
          authTime == null ? access.getIssueTime().toInstant() : Instant.ofEpochSecond(authTime),
          access.getExpirationTime().toInstant());
    } catch (ParseException e) {
      throw unreadable();
    }
  }

  /** The claims of a token. */
  public static JWTClaimsSet parse(String token) {
    try {
      return JWTParser.parse(token).getJWTClaimsSet();
    } catch (ParseException e) {
      throw unreadable();
    }
  }

  /** Without the cause, which may quote the token. */
  private static IllegalStateException unreadable() {
    return new IllegalStateException("Cognito's token cannot be read");
  }
}
