package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.TokenMint;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that the stand-in made, and tokens that attackers would: 401, with the reason. */
class TokenRefusalIT {
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = RunningService.start(POOL, client -> {});
  private static final RSAKey ATTACKER = TokenMint.key("attacker");

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  @AfterEach
  void setClockRight() {
    Pool.standIn().clock().offset(Duration.ZERO);
  }

  private static JWTClaimsSet claims() {
    return TokenMint.accessClaims(POOL.issuer(), SERVICE.clientId(), Instant.now()).build();
  }

  /** The pool's own public key, which everybody can have. */
  private static RSAKey publicKey() throws IOException, ParseException {
    var keys = JWKSet.load(Pool.standIn().keySet(POOL.id()).toURL());
    return keys.getKeys().getFirst().toRSAKey();
  }

  private static void assertRefused(String token, String reason) {
    Answer answer = SERVICE.me(token);
    assertThat(answer.status()).as(answer.text()).isEqualTo(401);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.problem()).isEqualTo("invalid-token");
    assertThat(answer.field("detail")).contains(reason);
    assertThat(answer.header("WWW-Authenticate"))
        .startsWith("Bearer realm=\"portico\", error=\"invalid_token\", error_description=\"")
        .contains(reason);
  }

  private static Answer signIn(RunningService service, Pool pool) {
    return service.signIn(pool.account(), Pool.PASSWORD);
  }

  @Test
  void forged() throws Exception {
    assertRefused(TokenMint.rs256(claims(), ATTACKER), "bad signature");
    String known = publicKey().getKeyID();
    assertRefused(TokenMint.rsa(JWSAlgorithm.RS256, known, claims(), ATTACKER), "bad signature");
    assertRefused(TokenMint.none(claims()), "wrong algorithm");
    assertRefused(TokenMint.hs256WithPublicKey(claims(), publicKey()), "wrong algorithm");
    assertRefused("not-a-token", "malformed");
    assertRefused("pdt_0123456789", "malformed");
  }

  @Test
  void withAnotherSignature() throws Exception {
    var one = SignedJWT.parse(signIn(SERVICE, POOL).field("accessToken"));
    var two = SignedJWT.parse(signIn(SERVICE, POOL).field("accessToken"));
    var parts = one.getParsedParts();
    assertRefused(parts[0] + "." + two.getParsedParts()[1] + "." + parts[2], "bad signature");
  }

  @Test
  void idToken() {
    assertRefused(signIn(SERVICE, POOL).field("idToken"), "wrong token_use");
  }

  @Test
  void expired() {
    Pool.standIn().clock().offset(Duration.ofHours(-2));
    String old = signIn(SERVICE, POOL).field("accessToken");
    assertRefused(old, "expired");
  }

  @Test
  void fromTheFuture() {
    Pool.standIn().clock().offset(Duration.ofMinutes(10));
    String early = signIn(SERVICE, POOL).field("accessToken");
    assertRefused(early, "clock");
  }

  @Test
  void withinTheSkew() {
    Pool.standIn().clock().offset(Duration.ofSeconds(30));
    String early = signIn(SERVICE, POOL).field("accessToken");
    assertThat(SERVICE.me(early).status()).isEqualTo(200);
  }

  @Test
  void ofAnotherPoolOrClient() {
    var other = Pool.create();
    try (var service = RunningService.start(other, client -> {})) {
      assertRefused(signIn(service, other).field("accessToken"), "wrong issuer");
    }
    try (var service = RunningService.start(POOL, client -> {})) {
      assertRefused(signIn(service, POOL).field("accessToken"), "wrong client_id");
    }
  }

  @Test
  void missing() {
    for (String[] headers :
        new String[][] {
          {"Accept", "*/*"}, {"Authorization", "Basic dTpw"}, {"Authorization", "Bearer"}
        }) {
      Answer answer = SERVICE.api().get("/v1/auth/me", headers);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.problem()).isEqualTo("token-missing");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"portico\"");
    }
  }

  @Test
  void doesNotMatterWhereNoneIsNeeded() {
    Answer answer =
        SERVICE
            .api()
            .post(
                "/v1/auth/sign-in",
                """
                {"username": "%s", "password": "%s"}
                """
                    .formatted(POOL.account(), Pool.PASSWORD),
                "Authorization",
                "Bearer expired-long-ago");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void manyUnknownKeysDoNotLockOutGoodOnes() {
    String good = signIn(SERVICE, POOL).field("accessToken");
    for (int i = 0; i < 50; i++) {
      assertRefused(
          TokenMint.rsa(JWSAlgorithm.RS256, "made-up-" + i, claims(), ATTACKER), "bad signature");
    }
    assertThat(SERVICE.me(good).status()).isEqualTo(200);
  }
}
