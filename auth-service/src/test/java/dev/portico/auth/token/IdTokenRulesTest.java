package dev.portico.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.portico.auth.fixture.TokenMint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** OpenID Connect Core 1.0, section 3.1.3.7, in its order. */
class IdTokenRulesTest {
  private static final String ISSUER =
      "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Portico";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final RSAKey KEY = TokenMint.key("one");
  private static final RSAKey OTHER = TokenMint.key("two");
  private static final SigningKeys KEYS =
      id -> Optional.of(KEY.toPublicJWK()).filter(key -> key.getKeyID().equals(id));
  private static final String ACCESS =
      TokenMint.rs256(TokenMint.accessClaims(ISSUER, "client", NOW).build(), KEY);

  private final IdTokenRules rules = new IdTokenRules(ISSUER, Duration.ofSeconds(60));

  /** Claims of a good ID token. */
  private static JWTClaimsSet.Builder claims() {
    return TokenMint.accessClaims(ISSUER, "client", NOW)
        .claim("token_use", "id")
        .claim("client_id", null)
        .audience("client")
        .claim("nonce", "n-1")
        .claim("auth_time", NOW.getEpochSecond());
  }

  private Optional<String> refusal(String idToken, @Nullable Instant provenSince) {
    return rules.refusal(
        idToken, ACCESS, new IdTokenRules.Asked("client", "n-1", provenSince), KEYS, NOW);
  }

  private void isGood(JWTClaimsSet.Builder claims) {
    assertThat(refusal(TokenMint.rs256(claims.build(), KEY), null)).isEmpty();
  }

  private void isRefused(JWTClaimsSet.Builder claims, String reason) {
    assertThat(refusal(TokenMint.rs256(claims.build(), KEY), null))
        .hasValueSatisfying(said -> assertThat(said).startsWith(reason));
  }

  @Test
  void acceptsWhatWasAskedFor() {
    isGood(claims());
  }

  @Test
  void refusesAnothersIssuerAudienceAndUse() {
    isRefused(claims().issuer(ISSUER + '2'), "wrong issuer");
    isRefused(claims().audience("theirs"), "wrong aud");
    isRefused(claims().audience(List.of("client", "theirs")), "wrong aud");
    isRefused(claims().audience(List.of()), "wrong aud");
    isRefused(claims().claim("token_use", "access"), "wrong token_use");
  }

  @Test
  void refusesWhatThePoolHasNotSigned() {
    assertThat(refusal(TokenMint.rs256(claims().build(), OTHER), null).orElse(""))
        .startsWith("bad signature");
    assertThat(refusal(TokenMint.none(claims().build()), null).orElse(""))
        .startsWith("wrong algorithm");
    assertThat(refusal(TokenMint.hs256WithPublicKey(claims().build(), KEY), null).orElse(""))
        .startsWith("wrong algorithm");
    assertThat(
            refusal(TokenMint.rsa(JWSAlgorithm.RS512, "one", claims().build(), KEY), null)
                .orElse(""))
        .startsWith("wrong algorithm");
    assertThat(refusal("x", null).orElse("")).startsWith("malformed");
    assertThat(refusal("x".repeat(AccessTokenRules.MAX_LENGTH + 1), null).orElse(""))
        .startsWith("malformed");
  }

  @Test
  void refusesWhatIsOverOrHasNotBegun() {
    isRefused(claims().expirationTime(Date.from(NOW.minusSeconds(60))), "expired");
    isRefused(claims().expirationTime(null), "malformed");
    isRefused(claims().issueTime(Date.from(NOW.plusSeconds(61))), "not yet valid");
  }

  @Test
  void refusesAnothersNonce() {
    isRefused(claims().claim("nonce", "n-2"), "wrong nonce");
    isRefused(claims().claim("nonce", null), "wrong nonce");
  }

  @Test
  void refusesAnOldProofWhereAFreshOneIsWanted() {
    String token = TokenMint.rs256(claims().build(), KEY);
    assertThat(refusal(token, NOW)).isEmpty();
    assertThat(refusal(token, NOW.plusSeconds(60))).as("within the skew").isEmpty();
    assertThat(refusal(token, NOW.plusSeconds(61)).orElse("")).startsWith("old auth_time");
    assertThat(
            refusal(TokenMint.rs256(claims().claim("auth_time", null).build(), KEY), NOW)
                .orElse(""))
        .startsWith("old auth_time");
  }

  @Test
  void refusesAnAccessTokenThatDoesNotBelongToIt() throws GeneralSecurityException {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(ACCESS.getBytes(StandardCharsets.US_ASCII));
    String half =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    isGood(claims().claim("at_hash", half));
    isRefused(claims().claim("at_hash", half.substring(1)), "wrong at_hash");
    isRefused(claims().subject("another"), "wrong sub");
    assertThat(
            rules
                .refusal(
                    TokenMint.rs256(claims().build(), KEY),
                    "opaque",
                    new IdTokenRules.Asked("client", "n-1", null),
                    KEYS,
                    NOW)
                .orElse(""))
        .startsWith("malformed");
  }
}
