package dev.portico.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Is this an access token of the pool, meant for us, and valid now? Follows AWS's list of what must
 * be verified: signature by a key of the pool's JWKS, {@code iss}, {@code token_use}, {@code
 * client_id}, {@code exp}. Only RS256 is accepted, whatever the token's header says, which shuts
 * out {@code none} and HMAC with the public key as secret (RFC 8725 section 3.1).
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html">Verifying
 *     JSON web tokens</a>
 */
final class AccessTokenRules {
  /** Longer than any token that Cognito makes; parsing more would only cost. */
  static final int MAX_LENGTH = 16_384;

  private final String issuer;
  private final Set<String> clientIds;
  private final Duration skew;

  AccessTokenRules(String issuer, Set<String> clientIds, Duration skew) {
    this.issuer = issuer;
    this.clientIds = Set.copyOf(clientIds);
    this.skew = skew;
  }

  /**
   * Judges a token. The issuer is looked at before the signature, since another pool's token would
   * otherwise be called forged, which helps nobody; nothing is accepted before the signature holds.
   *
   * @param now the current time
   * @throws KeysUnavailableException if the keys cannot be had
   */
  TokenVerdict judge(String token, SigningKeys keys, Instant now) {
    if (token.length() > MAX_LENGTH) {
      return new TokenVerdict.Refused("malformed: the token is too long");
    }
    JWT parsed;
    JWTClaimsSet claims;
    try {
      parsed = JWTParser.parse(token);
      if (!JWSAlgorithm.RS256.equals(parsed.getHeader().getAlgorithm())
          || !(parsed instanceof SignedJWT)) {
        return new TokenVerdict.Refused("wrong algorithm: only RS256 signatures are accepted");
      }
      claims = parsed.getJWTClaimsSet();
    } catch (ParseException e) {
      return new TokenVerdict.Refused("malformed: this is not a JSON Web Token");
    }
    if (!issuer.equals(claims.getIssuer())) {
      return new TokenVerdict.Refused("wrong issuer: the token is of another user pool");
    }
    if (!(parsed instanceof SignedJWT signed) || !verifies(signed, keys)) {
      return new TokenVerdict.Refused("bad signature: not signed by a key of the user pool");
    }
    return refusal(claims, now)
        .<TokenVerdict>map(TokenVerdict.Refused::new)
        .orElseGet(() -> new TokenVerdict.Accepted(claims));
  }

  /** Whether a key of the pool has signed a token. */
  static boolean verifies(SignedJWT token, SigningKeys keys) {
    String keyId = token.getHeader().getKeyID();
    Optional<RSAKey> key = keyId == null ? Optional.empty() : keys.byId(keyId);
    try {
      return key.isPresent() && token.verify(new RSASSAVerifier(key.get()));
    } catch (JOSEException e) {
      return false;
    }
  }

  private Optional<String> refusal(JWTClaimsSet claims, Instant now) {
    Object use = claims.getClaim("token_use");
    if (!"access".equals(use)) {
      return Optional.of(
          "wrong token_use: an access token is needed"
              + ("id".equals(use) ? ", this is an ID token" : ""));
    }
    if (!(claims.getClaim("client_id") instanceof String client) || !clientIds.contains(client)) {
      return Optional.of("wrong client_id: the token is for another app client");
    }
    if (claims.getSubject() == null || claims.getSubject().isBlank()) {
      return Optional.of("malformed: the token has no sub");
    }
    Object groups = claims.getClaim(TokenVerdict.Accepted.GROUPS);
    if (groups != null && !isListOfNames(groups)) {
      return Optional.of("malformed: cognito:groups is not a list of names");
    }
    return timeRefusal(claims, skew, now);
  }

  private static boolean isListOfNames(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
  }

  /** Times are shown, so that a wrong clock is seen as such. */
  static Optional<String> timeRefusal(JWTClaimsSet claims, Duration skew, Instant now) {
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      return Optional.of("malformed: the token has no exp");
    }
    Instant expires = expiry.toInstant();
    if (!now.isBefore(expires.plus(skew))) {
      return Optional.of(
          "expired: at " + seconds(expires) + ", and the clock here shows " + seconds(now));
    }
    for (Date start :
        new Date[] {claims.getNotBeforeTime(), claims.getIssueTime()}) { // either may be missing
      if (start != null && now.plus(skew).isBefore(start.toInstant())) {
        return Optional.of(
            "not yet valid: only from "
                + seconds(start.toInstant())
                + ", but the clock here shows "
                + seconds(now)
                + ", so one of the clocks is wrong");
      }
    }
    return Optional.empty();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
