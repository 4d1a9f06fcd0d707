package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.fixture.UserPool;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuthenticationIT {
  private static ContentServer server;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JWTClaimsSet.Builder claims() {
    return server.pool().claims("somebody", "publishers");
  }

  private static void assertRefused(@Nullable String token, String reason) {
    Answer answer = server.call("GET", "/v1/sites", token, null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(401);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"portico\"");
    assertThat(answer.header("WWW-Authenticate")).contains(reason);
  }

  @Test
  void acceptsAnAccessToken() {
    String token = server.pool().sign(claims().build());
    assertThat(server.call("GET", "/v1/sites", token, null).status()).isEqualTo(200);
  }

  /** Asked for again when a key is not known, within the least interval between two fetches. */
  @Test
  void takesUpAKeyThatThePoolHasNewlyMade() {
    String before = server.pool().sign(claims().build());
    assertThat(server.call("GET", "/v1/sites", before, null).status()).isEqualTo(200);
    server.pool().rotate();
    String after = server.pool().sign(claims().build());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> server.call("GET", "/v1/sites", after, null).status() == 200);
    assertThat(server.call("GET", "/v1/sites", before, null).status()).isEqualTo(200);
  }

  /** RFC 6750 section 3.1: a request without a token is not told that one was wrong. */
  @Test
  void anotherSchemeIsNoToken() {
    for (String authorization : List.of("Basic dXNlcjpwYXNz", "Bearer", "Digest username=\"a\"")) {
      Answer answer = server.call("GET", "/v1/sites", null, null, "Authorization", authorization);
      assertThat(answer.status()).as(authorization).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"portico\"");
    }
  }

  @Test
  void toleratesSkewedClocks() {
    Date past = Date.from(Instant.now().minusSeconds(45));
    String token = server.pool().sign(claims().expirationTime(past).build());
    assertThat(server.call("GET", "/v1/sites", token, null).status()).isEqualTo(200);
  }

  @Test
  void saysWhyItRefusesAToken() throws Exception {
    UserPool pool = server.pool();
    assertRefused(null, "Bearer realm=\"portico\"");
    assertRefused("nonsense", "malformed");
    assertRefused("a.b.c", "malformed");
    Date past = Date.from(Instant.now().minusSeconds(120));
    assertRefused(pool.sign(claims().expirationTime(past).build()), "expired");
    assertRefused(pool.sign(claims().expirationTime(null).build()), "exp");
    assertRefused(pool.sign(claims().claim("token_use", "id").build()), "ID token");
    assertRefused(pool.sign(claims().claim("token_use", null).build()), "token_use");
    assertRefused(pool.sign(claims().issuer(UserPool.ISSUER + "x").build()), "issuer");
    assertRefused(pool.sign(claims().claim("client_id", "other").build()), "client_id");
    Date future = Date.from(Instant.now().plusSeconds(600));
    assertRefused(pool.sign(claims().issueTime(future).build()), "clock");
    var stranger = new RSAKeyGenerator(2048).generate();
    assertRefused(pool.sign(claims().build(), stranger, JWSAlgorithm.RS256), "signature");
    String token = pool.sign(claims().build());
    assertRefused(token.substring(0, token.length() - 6) + "AAAAAA", "signature");
  }

  @Test
  void tellsAProgramThatItsTokenIsOfNobody() {
    var machine =
        claims()
            .subject(UserPool.CLIENT)
            .claim("client_id", UserPool.CLIENT)
            .claim("username", null)
            .claim("cognito:groups", null)
            .claim("scope", "orders/read")
            .build();
    Answer answer = server.call("GET", "/v1/sites", server.pool().sign(machine), null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(403);
    assertThat(answer.text()).contains("machine-token", "deploy tokens");
  }

  @Test
  void openToAll() {
    Answer openApi = server.call("GET", "/v1/openapi.yml", null, null);
    assertThat(openApi.status()).as(openApi.text()).isEqualTo(200);
    assertThat(openApi.text()).contains("/v1/sites/{site}/hosts/{host}").doesNotContain("Caller");
    assertThat(
            ContentServer.send("GET", server.at("management", "/health/readiness"), null, null)
                .text())
        .contains("UP");
    assertThat(
            ContentServer.send("GET", server.at("management", "/health/liveness"), null, null)
                .status())
        .isEqualTo(200);
    assertThat(ContentServer.send("GET", server.at("management", "/prometheus"), null, null).text())
        .contains("jvm_memory");
  }
}
