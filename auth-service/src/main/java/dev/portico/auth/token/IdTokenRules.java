package dev.portico.auth.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is this the ID token that was asked for by a code? Follows OpenID Connect Core 1.0, sections
 * 3.1.3.6 to 3.1.3.8: signature, {@code iss}, {@code aud}, times, {@code nonce}, {@code auth_time},
 * {@code at_hash}; and that both tokens are of the same account.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation">ID Token
 *     Validation</a>
 */
final class IdTokenRules {
  private final String issuer;
  private final Duration skew;

  IdTokenRules(String issuer, Duration skew) {
    this.issuer = issuer;
    this.skew = skew;
  }

  /**
   * What was asked for.
   *
   * @param clientId the app client
   * @param nonce that was sent
   * @param provenSince since when the account must have been proven; null: whenever
   */
  record Asked(String clientId, String nonce, @Nullable Instant provenSince) {}

  /**
   * Why a token is not the one that was asked for; empty if it is.
   *
   * @param accessToken that came with it
   * @param now the current time
   * @throws KeysUnavailableException if the keys cannot be had
   */
  Optional<String> refusal(
      String idToken, String accessToken, Asked asked, SigningKeys keys, Instant now) {
    if (idToken.length() > AccessTokenRules.MAX_LENGTH) {
      return Optional.of("malformed: the token is too long");
    }
    try {
      if (!(JWTParser.parse(idToken) instanceof SignedJWT signed)
          || !JWSAlgorithm.RS256.equals(signed.getHeader().getAlgorithm())) {
        return Optional.of("wrong algorithm: only RS256 signatures are accepted");
      }
      JWTClaimsSet claims = signed.getJWTClaimsSet();
      if (!issuer.equals(claims.getIssuer())) {
        return Optional.of("wrong issuer: the token is of another user pool");
      }
      if (!AccessTokenRules.verifies(signed, keys)) {
        return Optional.of("bad signature: not signed by a key of the user pool");
      }
      return Optional.<String>empty()
          .or(() -> ofClaims(claims, asked))
          .or(() -> AccessTokenRules.timeRefusal(claims, skew, now))
          .or(() -> ofAuthTime(claims, asked.provenSince()))
          .or(() -> ofAccessToken(claims, accessToken));
    } catch (ParseException e) {
      return Optional.of("malformed: this is not a JSON Web Token");
    }
  }

  private static Optional<String> ofClaims(JWTClaimsSet claims, Asked asked) {
    if (!"id".equals(claims.getClaim("token_use"))) {
      return Optional.of("wrong token_use: an ID token is needed");
    }
    if (!claims.getAudience().equals(List.of(asked.clientId()))) {
      return Optional.of("wrong aud: the token is for another app client");
    }
    return asked.nonce().equals(claims.getClaim("nonce"))
        ? Optional.empty()
        : Optional.of("wrong nonce: the token was not asked for by this browser");
  }

  private Optional<String> ofAuthTime(JWTClaimsSet claims, @Nullable Instant provenSince) {
    if (provenSince == null) {
      return Optional.empty();
    }
    boolean since =
        claims.getClaim("auth_time") instanceof Number seconds
            && !Instant.ofEpochSecond(seconds.longValue()).isBefore(provenSince.minus(skew));
    return since
        ? Optional.empty()
        : Optional.of(
            "old auth_time: the login page did not ask anew, as prompt=login has it do; it must be"
                + " of the branding version managed login");
  }

  private static Optional<String> ofAccessToken(JWTClaimsSet claims, String accessToken) {
    Object hash = claims.getClaim("at_hash");
    if (hash != null && !hash.equals(leftHalfOfHash(accessToken))) {
      return Optional.of("wrong at_hash: the access token is another one's");
    }
    try {
      String subject = JWTParser.parse(accessToken).getJWTClaimsSet().getSubject();
      return subject != null && subject.equals(claims.getSubject())
          ? Optional.empty()
          : Optional.of("wrong sub: the access token is of another account");
    } catch (ParseException e) {
      return Optional.of("malformed: the access token is not a JSON Web Token");
    }
  }

  private static String leftHalfOfHash(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
