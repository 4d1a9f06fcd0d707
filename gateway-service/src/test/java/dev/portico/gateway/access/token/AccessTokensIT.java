package dev.portico.gateway.access.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Access tokens of a pool at a gateway: its keys over a socket, and what auth-service revokes. */
class AccessTokensIT {
  private static final String ME = "/.portico/auth/me";
  private static final String ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/pool";

  private static RSAKey key;
  private static RSAKey next;
  private static volatile List<RSAKey> published = List.of();
  private static OriginServer pool;
  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    next = new RSAKeyGenerator(2048).keyID("two").generate();
    published = List.of(key);
    pool =
        new OriginServer(
            request -> request.ok(new JWKSet(List.copyOf(published)).toPublicJWKSet().toString()));
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    gateway = gateway(auth.settings());
    await().until(() -> me(gateway, token(key)).status() == 200);
  }

  private static RunningGateway gateway(String... more) {
    return gateway(pool.url(), more);
  }

  private static RunningGateway gateway(String keysAt, String[] more) {
    String[] settings = new String[more.length + 10];
    System.arraycopy(more, 0, settings, 0, more.length);
    String[] own = {
      "portico.origin.content-internal",
      content.address(),
      "portico.origin.content-secret",
      ContentFeedServer.SECRET,
      "portico.cognito.issuer",
      ISSUER,
      "portico.cognito.jwks-url",
      keysAt + "/jwks.json",
      "portico.cognito.client-ids",
      "portico",
    };
    System.arraycopy(own, 0, settings, more.length, own.length);
    RunningGateway started = new RunningGateway(settings);
    await().until(started::ready);
    return started;
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    pool.close();
  }

  @AfterEach
  void heal() {
    auth.away(false);
  }

  private static JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .subject(UUID.randomUUID().toString())
        .claim("token_use", "access")
        .claim("client_id", "portico")
        .claim("username", "ada")
        .claim("scope", "openid files/read")
        .claim("cognito:groups", List.of("staff"))
        .claim("origin_jti", UUID.randomUUID().toString())
        .issueTime(Date.from(now.minusSeconds(5)))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  private static String token(RSAKey signer) {
    return token(signer, claims().build());
  }

  private static String token(RSAKey signer, JWTClaimsSet claims) {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(signer.getKeyID()).build(), claims);
    try {
      token.sign(new RSASSASigner(signer));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  private static RawClient.Response me(RunningGateway at, String token, String... more)
      throws IOException {
    String[] headers = new String[more.length + 1];
    headers[0] = "Authorization: Bearer " + token;
    System.arraycopy(more, 0, headers, 1, more.length);
    try (RawClient viewer = new RawClient(at.port())) {
      return viewer.get("demo.localhost:" + at.port(), ME, headers).read();
    }
  }

  private static int status(String token) throws IOException {
    return me(gateway, token).status();
  }

  @Test
  void aGoodTokenSaysWho() throws IOException {
    String token = token(key);
    RawClient.Response me = me(gateway, token);
    assertThat(me.status()).isEqualTo(200);
    assertThat(me.text()).contains("\"username\":\"ada\"").contains("\"groups\":[\"staff\"]");
    int asked = pool.requests().size();
    assertThat(status(token)).as("from memory").isEqualTo(200);
    assertThat(pool.requests()).hasSize(asked);
    try (RawClient viewer = new RawClient(gateway.port())) {
      assertThat(viewer.get("demo.localhost", ME, "Authorization: bEARER " + token).read().status())
          .isEqualTo(200);
    }
  }

  /** By client_credentials: it has no user, and is let in by its scopes. */
  @Test
  void aMachineIsLetInWhereItsScopesAre() throws IOException {
    content.publish(
        "orders", "bbbbbbbbbbbbbbbbbbbb", ContentFeedServer.Page.html("/index.html", "orders"));
    content.settings(
        "orders",
        """
        {"accessPolicies":[{"id":"readers","signedIn":true,"scopes":["orders/read"],
          "credentials":["bearer"]}],
         "behaviours":[],"defaultBehaviour":{"accessPolicy":"readers"}}\
        """);
    JWTClaimsSet.Builder machine =
        claims()
            .subject("portico")
            .claim("username", null)
            .claim("origin_jti", null)
            .claim("cognito:groups", null);
    String reader = token(key, machine.claim("scope", "orders/read orders/write").build());
    await().until(() -> orders("no token").status() == 401);
    assertThat(orders(reader).text()).contains("orders");
    assertThat(me(gateway, reader).text()).contains("\"username\":\"portico\"");
    RawClient.Response writer = orders(token(key, machine.claim("scope", "orders/write").build()));
    assertThat(writer.status()).isEqualTo(403);
    assertThat(writer.header("www-authenticate")).contains("insufficient_scope");
    assertThat(orders(token(key)).status()).as("a person without it").isEqualTo(403);
  }

  private static RawClient.Response orders(String token) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .get(
              "orders.localhost:" + gateway.port(),
              "/",
              "Authorization: Bearer " + token,
              "Accept: */*")
          .read();
    }
  }

  @Test
  void aBadTokenIsToldWhy() throws IOException, JOSEException {
    RSAKey stranger = new RSAKeyGenerator(2048).keyID("one").generate();
    RawClient.Response forged = me(gateway, token(stranger));
    assertThat(forged.status()).isEqualTo(401);
    assertThat(forged.header("www-authenticate"))
        .startsWith("Bearer realm=\"portico\", error=\"invalid_token\", error_description=\"bad");
    assertThat(forged.text()).contains("invalid-token");
    assertThat(status("pdt_0123456789")).isEqualTo(401);
    assertThat(status("")).isEqualTo(401);
    assertThat(status("x".repeat(20_000))).isEqualTo(401);
    try (RawClient viewer = new RawClient(gateway.port())) {
      String line = "Authorization: Bearer " + token(key);
      assertThat(viewer.get("demo.localhost", ME, line, line).read().status())
          .as("two are none")
          .isEqualTo(401);
    }
  }

  @Test
  void aTokenThatExpiresIsForgotten() throws IOException {
    String token =
        token(
            key,
            claims()
                .expirationTime(Date.from(Instant.now().minus(Duration.ofSeconds(54))))
                .build());
    String line = "Authorization: Bearer " + token;
    assertThat(status(token)).as("within the skew").isEqualTo(200);
    try (RawClient viewer = new RawClient(gateway.port())) {
      assertThat(viewer.get("demo.localhost", ME, line).read().status()).isEqualTo(200);
      await().until(() -> status(token) == 401);
      assertThat(viewer.get("demo.localhost", ME, line).read().status())
          .as("on a connection that has shown it before")
          .isEqualTo(401);
    }
  }

  @Test
  void signingOutKillsTokensToo() throws IOException {
    JWTClaimsSet claims = claims().build();
    String token = token(key, claims);
    String other = token(key);
    assertThat(status(token)).isEqualTo(200);
    auth.revokeToken(String.valueOf(claims.getClaim("origin_jti")));
    await().atMost(Duration.ofSeconds(10)).until(() -> status(token) == 401);
    assertThat(me(gateway, token).header("www-authenticate")).contains("revoked: ");
    assertThat(status(other)).isEqualTo(200);
  }

  /** What a connection remembers of its last token says nothing of whether that still holds. */
  @Test
  void aTokenThatIsRevokedIsRefusedOnTheSameConnection() throws IOException {
    JWTClaimsSet claims = claims().build();
    String token = "Authorization: Bearer " + token(key, claims);
    String other = "Authorization: Bearer " + token(key, claims().claim("username", "bob").build());
    try (RawClient viewer = new RawClient(gateway.port())) {
      for (int i = 0; i < 3; i++) {
        await().until(() -> viewer.get("demo.localhost", ME, token).read().status() == 200);
      }
      assertThat(viewer.get("demo.localhost", ME, other).read().text()).contains("\"bob\"");
      assertThat(viewer.get("demo.localhost", ME, token).read().text()).contains("\"ada\"");
      auth.revokeToken(String.valueOf(claims.getClaim("origin_jti")));
      await().until(() -> viewer.get("demo.localhost", ME, token).read().status() == 401);
      assertThat(viewer.get("demo.localhost", ME, token).read().status()).isEqualTo(401);
      assertThat(viewer.get("demo.localhost", ME, other).read().status()).isEqualTo(200);
      assertThat(viewer.get("demo.localhost", ME, token + "x").read().status()).isEqualTo(401);
      assertThat(viewer.get("demo.localhost", ME).read().status()).isEqualTo(401);
    }
  }

  @Test
  void allThatAnAccountHadBeforeIsRevoked() throws IOException {
    JWTClaimsSet claims = claims().build();
    String token = token(key, claims);
    assertThat(status(token)).isEqualTo(200);
    long now = Instant.now().getEpochSecond();
    auth.revokeUser(claims.getSubject(), now);
    await().atMost(Duration.ofSeconds(10)).until(() -> status(token) == 401);
    JWTClaimsSet later =
        claims()
            .subject(claims.getSubject())
            .issueTime(Date.from(Instant.ofEpochSecond(now)))
            .build();
    assertThat(status(token(key, later))).as("issued since then").isEqualTo(200);
  }

  @Test
  void afterWhatIsNotUnderstoodTokensMustBeNew() throws IOException {
    try (AuthInternalServer later = new AuthInternalServer();
        RunningGateway earlier = gateway(later.settings())) {
      String token = token(key);
      await().until(() -> me(earlier, token).status() == 200);
      later.revokeStrangely();
      await().atMost(Duration.ofSeconds(10)).until(() -> me(earlier, token).status() == 401);
      await().until(() -> me(earlier, issuedNow()).status() == 200);
    }
  }

  private static String issuedNow() {
    return token(key, claims().issueTime(Date.from(Instant.now())).build());
  }

  @Test
  void aTokenThatDoesNotHoldTakesNothingFromASession() throws IOException {
    String session = PorticoCookies.SESSION + "=" + auth.session("demo", auth.signIn("ann"));
    assertThat(me(gateway, "the-origins-own", "Cookie: " + session).text()).contains("\"ann\"");
    assertThat(me(gateway, token(key), "Cookie: " + session).text()).contains("\"ada\"");
    assertThat(me(gateway, "x", "Cookie: __Host-portico=" + "A".repeat(43)).status())
        .isEqualTo(401);
  }

  /** A new key is found when a token names it; made-up names fetch no more than once in a while. */
  @Test
  void keysAreFetchedAnewForAKeyThatIsNotKnown() throws IOException, JOSEException {
    RSAKey madeUp = new RSAKeyGenerator(2048).keyID("made-up").generate();
    int before = pool.requests().size();
    long begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(status(token(madeUp))).isEqualTo(401);
    }
    long intervals = (System.nanoTime() - begun) / PoolKeys.FETCH_INTERVAL.toNanos();
    assertThat(pool.requests().size() - before).isLessThanOrEqualTo((int) (2 * (1 + intervals)));
    published = List.of(key, next);
    await().atMost(PoolKeys.FETCH_INTERVAL.multipliedBy(3)).until(() -> status(token(next)) == 200);
  }

  @Test
  void whereThePoolCannotBeReachedNobodyKnows() throws IOException {
    try (RunningGateway lost = gateway(pool.url().replaceFirst(":\\d+$", ":1"), auth.settings())) {
      await().untilAsserted(() -> assertThat(me(lost, token(key)).status()).isEqualTo(503));
    }
  }

  @Test
  void whereNothingIsRevokedTokensHoldUntilTheyExpire() throws IOException {
    try (RunningGateway alone = gateway()) {
      assertThat(me(alone, token(key)).status()).isEqualTo(200);
    }
  }

  @Test
  void whoHasNotHeardOfRevocationsForTooLongKnowsNothing() throws IOException {
    try (AuthInternalServer lost = new AuthInternalServer();
        RunningGateway started = gateway(with(lost.settings(), "portico.session.grace", "0s"))) {
      String token = token(key);
      await().until(() -> me(started, token).status() == 200);
      lost.away(true);
      await().atMost(Duration.ofSeconds(20)).until(() -> me(started, token).status() == 503);
      lost.away(false);
      await().until(() -> me(started, token).status() == 200);
    }
  }

  private static String[] with(String[] settings, String... more) {
    String[] all = new String[settings.length + more.length];
    System.arraycopy(settings, 0, all, 0, settings.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return all;
  }

  @Test
  void beforeTheRevocationsAreKnownNobodyKnows() throws IOException {
    try (AuthInternalServer silent = new AuthInternalServer()) {
      silent.away(true);
      try (RunningGateway started = gateway(silent.settings())) {
        String token = token(key);
        assertThat(me(started, token).status()).isEqualTo(503);
        silent.away(false);
        await().until(() -> me(started, token).status() == 200);
      }
    }
  }
}
