package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.process.Ports;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** AWS credentials for an ID token. */
class CredentialsIT {
  private static final Pool POOL = Pool.create();

  private static RunningService with(Map<String, Object> identity) {
    return RunningService.start(POOL, client -> {}, settings -> settings.putAll(identity));
  }

  private static Answer ask(RunningService service, Answer signedIn, String idToken) {
    return service.call(
        "POST",
        "/v1/auth/credentials",
        "{\"idToken\":\"" + idToken + "\"}",
        signedIn.field("accessToken"));
  }

  @Test
  void areGivenForAnIdToken() {
    try (var service =
        with(
            Map.of(
                "portico.identity.pool-id",
                "us-east-1:" + UUID.randomUUID(),
                "portico.identity.endpoint",
                Pool.standIn().endpoint().toString()))) {
      Answer signedIn = service.signIn(POOL.account(), Pool.PASSWORD);
      Answer given = ask(service, signedIn, signedIn.field("idToken"));
      assertThat(given.status()).as(given.text()).isEqualTo(200);
      assertThat(given.header("Cache-Control")).isEqualTo("no-store");
      assertThat(given.field("accessKeyId")).startsWith("ASIA");
      assertThat(given.field("secretAccessKey")).isNotBlank();
      assertThat(given.field("sessionToken")).isNotBlank();
      assertThat(given.field("identityId")).startsWith("us-east-1:");
      assertThat(Instant.parse(given.field("expiration"))).isAfter(Instant.now());

      Answer wrong = ask(service, signedIn, signedIn.field("accessToken"));
      assertThat(wrong.status()).isEqualTo(403);
      assertThat(wrong.problem()).isEqualTo("credentials-refused");
      Answer other = service.signIn(POOL.account(), Pool.PASSWORD);
      Answer foreign = ask(service, signedIn, other.field("idToken"));
      assertThat(foreign.status()).isEqualTo(403);
      assertThat(foreign.problem()).isEqualTo("credentials-refused");
      assertThat(ask(service, signedIn, "x.y.z").problem()).isEqualTo("credentials-refused");
      assertThat(service.api().post("/v1/auth/credentials", "{\"idToken\":\"x\"}").status())
          .isEqualTo(401);
    }
  }

  @Test
  void areNotGivenForASessionThatWasEnded() {
    try (var service =
        with(
            Map.of(
                "portico.identity.pool-id",
                "us-east-1:" + UUID.randomUUID(),
                "portico.identity.endpoint",
                Pool.standIn().endpoint().toString()))) {
      Answer signedIn = service.signIn(POOL.account(), Pool.PASSWORD);
      service.signOut(signedIn.field("accessToken"), "{\"everywhere\": true}");
      // The identity pool itself takes the ID token until it expires.
      Answer ended = ask(service, signedIn, signedIn.field("idToken"));
      assertThat(ended.status()).as(ended.text()).isEqualTo(401);
      assertThat(ended.header("WWW-Authenticate")).contains("revoked");
    }
  }

  @Test
  void areNotGivenWithoutAnIdentityPool() {
    try (var service = with(Map.of())) {
      Answer signedIn = service.signIn(POOL.account(), Pool.PASSWORD);
      Answer refused = ask(service, signedIn, signedIn.field("idToken"));
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.problem()).isEqualTo("credentials-not-offered");
    }
  }

  @Test
  void areNotToBeHadWhileTheIdentityPoolIsDown() {
    try (var service =
        with(
            Map.of(
                "portico.identity.pool-id",
                "us-east-1:" + UUID.randomUUID(),
                "portico.identity.endpoint",
                "http://127.0.0.1:" + Ports.free()))) {
      Answer signedIn = service.signIn(POOL.account(), Pool.PASSWORD);
      Answer down = ask(service, signedIn, signedIn.field("idToken"));
      assertThat(down.status()).isEqualTo(503);
      assertThat(down.problem()).isEqualTo("unavailable");
    }
  }
}
