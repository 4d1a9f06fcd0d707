package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.portico.content.fixture.AuthServer;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Access tokens that auth-service has taken back are refused here too. */
class RevokedTokensIT {
  private static AuthServer auth;
  private static ContentServer server;

  @BeforeAll
  static void start() {
    auth = new AuthServer();
    server = ContentServer.start(auth.settings());
    await().until(() -> status(token(claims().build())) == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
    auth.close();
  }

  @AfterEach
  void heal() {
    auth.away(false);
  }

  private static JWTClaimsSet.Builder claims() {
    return server
        .pool()
        .claims(UUID.randomUUID().toString(), "publishers")
        .claim("origin_jti", UUID.randomUUID().toString());
  }

  private static String token(JWTClaimsSet claims) {
    return server.pool().sign(claims);
  }

  private static int status(String token) {
    return server.call("GET", "/v1/sites", token, null).status();
  }

  @Test
  void aSignOutKillsItsTokens() {
    JWTClaimsSet claims = claims().build();
    String token = token(claims);
    String other = token(claims().build());
    assertThat(status(token)).isEqualTo(200);
    auth.revoke("\"kind\":\"token\",\"originJti\":\"" + claims.getClaim("origin_jti") + "\"");
    await().until(() -> status(token) == 401);
    Answer answer = server.call("GET", "/v1/sites", token, null);
    assertThat(answer.header("WWW-Authenticate")).contains("revoked: ");
    assertThat(status(other)).isEqualTo(200);
  }

  @Test
  void whatAnAccountHadBeforeIsOver() {
    JWTClaimsSet claims = claims().build();
    String token = token(claims);
    long later = Instant.now().getEpochSecond() + 1;
    auth.revoke(
        "\"kind\":\"user\",\"subject\":\"%s\",\"issuedBefore\":%d"
            .formatted(claims.getSubject(), later));
    await().until(() -> status(token) == 401);
    JWTClaimsSet since =
        claims()
            .subject(claims.getSubject())
            .issueTime(Date.from(Instant.ofEpochSecond(later)))
            .build();
    assertThat(status(token(since))).isEqualTo(200);
  }

  @Test
  void whatIsAboutSessionsIsPassedOver() {
    JWTClaimsSet claims = claims().build();
    String other = token(claims().build());
    auth.revoke("\"kind\":\"session\",\"signIn\":\"s-1\"");
    auth.revoke("\"kind\":\"token\",\"originJti\":\"" + claims.getClaim("origin_jti") + "\"");
    await().until(() -> status(token(claims)) == 401);
    assertThat(status(other)).isEqualTo(200);
  }

  @Test
  void afterWhatIsNotUnderstoodTokensMustBeNew() {
    String token = token(claims().build());
    assertThat(status(token)).isEqualTo(200);
    auth.revoke("\"kind\":\"moon-phase\",\"phase\":3");
    await().until(() -> status(token) == 401);
    await().until(() -> status(token(claims().build())) == 200);
  }

  @Test
  void anotherFeedIsReadFromItsBeginning() {
    JWTClaimsSet claims = claims().build();
    auth.revoke("\"kind\":\"session\",\"signIn\":\"s-1\"");
    auth.restore();
    await().until(() -> status(token(claims)) == 200);
    auth.revoke("\"kind\":\"token\",\"originJti\":\"" + claims.getClaim("origin_jti") + "\"");
    await().until(() -> status(token(claims)) == 401);
  }

  @Test
  void withoutAuthServiceTokensHoldForAWhile() {
    String token = token(claims().build());
    auth.away(true);
    assertThat(status(token)).isEqualTo(200);
  }

  @Test
  void beforeTheRevocationsAreKnownNobodyKnows() {
    try (AuthServer silent = new AuthServer()) {
      silent.away(true);
      Map<String, Object> settings = new HashMap<>(silent.settings());
      try (ContentServer copy = server.copy(settings)) {
        String token = token(claims().build());
        assertThat(copy.call("GET", "/v1/sites", token, null).status()).isEqualTo(503);
        silent.away(false);
        await().until(() -> copy.call("GET", "/v1/sites", token, null).status() == 200);
      }
    }
  }
}
