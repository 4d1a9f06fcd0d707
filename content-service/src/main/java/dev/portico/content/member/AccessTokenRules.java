package dev.portico.content.member;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/**
 * Is this an access token of our pool that is valid now? A pure decision; the signature is checked
 * elsewhere.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html">Verifying
 *     JSON web tokens</a>
 */
final class AccessTokenRules {
  private final CognitoSettings settings;

  AccessTokenRules(CognitoSettings settings) {
    this.settings = settings;
  }

  /** Why the token is refused; empty when it is not. The reason is safe to show. */
  Optional<String> refusal(SignedJWT token, Instant now) throws ParseException {
    if (!JWSAlgorithm.RS256.equals(token.getHeader().getAlgorithm())) {
      return Optional.of("The token is not signed with RS256");
    }
    JWTClaimsSet claims = token.getJWTClaimsSet();
    if (!settings.issuer().equals(claims.getIssuer())) {
      return Optional.of("The token is of another issuer");
    }
    String use = claims.getStringClaim("token_use");
    if ("id".equals(use)) {
      return Optional.of("This is an ID token; send the access token");
    }
    if (!"access".equals(use)) {
      return Optional.of("This is not an access token");
    }
    String client = claims.getStringClaim("client_id");
    if (client == null || !settings.clientIds().contains(client)) {
      return Optional.of("The token is of another app client");
    }
    return times(claims, now);
  }

  private Optional<String> times(JWTClaimsSet claims, Instant now) {
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      return Optional.of("The token has no expiry");
    }
    if (!expiry.toInstant().plus(settings.clockSkew()).isAfter(now)) {
      return Optional.of("The token is expired since " + expiry.toInstant());
    }
    Date issued = claims.getIssueTime();
    if (issued != null && issued.toInstant().minus(settings.clockSkew()).isAfter(now)) {
      return Optional.of(
          "The token is issued in the future (" + issued.toInstant() + "): a clock is wrong");
    }
    if (claims.getSubject() == null || claims.getSubject().isEmpty()) {
      return Optional.of("The token has no subject");
    }
    return Optional.empty();
  }
}
