package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.fixture.RevocationsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Access tokens die with what auth-service's feed of revocations says. */
class RevocationIT {
  private static final RevocationsServer AUTH = new RevocationsServer();
  private static final ContentServer SERVER =
      ContentServer.start(
          Map.of(
              "portico.auth.internal",
              AUTH.url().toString(),
              "portico.auth.secret",
              RevocationsServer.SECRET));

  @AfterAll
  static void stop() {
    SERVER.close();
    AUTH.close();
  }

  private static String token(String subject, String originJti, Instant issuedAt) {
    return SERVER
        .pool()
        .sign(
            SERVER
                .pool()
                .claims(subject)
                .claim("origin_jti", originJti)
                .issueTime(Date.from(issuedAt))
                .build());
  }

  private static Answer sites(String token) {
    return SERVER.call("GET", "/v1/sites", token, null);
  }

  private static void awaitRefused(String token) {
    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> sites(token).status() == 401);
    assertThat(sites(token).header("WWW-Authenticate")).contains("revoked");
  }

  @Test
  void appliesTheGoldenPage() throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(Files.readString(Path.of("../deploy/contracts/auth-revocations.json")));
    JsonNode user = golden.at("/revocations/2");
    JsonNode origin = golden.at("/revocations/1");
    Instant before = Instant.ofEpochSecond(user.get("issuedBefore").asLong());
    String old = token(user.get("subject").asText(), "o-1", before.minusSeconds(1));
    String fresh = token(user.get("subject").asText(), "o-2", before);
    String ended = token("somebody", origin.get("originJti").asText(), Instant.now());
    assertThat(sites(old).status()).isEqualTo(200);
    assertThat(sites(ended).status()).isEqualTo(200);
    for (JsonNode entry : golden.get("revocations")) {
      AUTH.append(entry.toString().replaceAll("\"until\":\\d+", "\"until\":99999999999"));
    }
    awaitRefused(old);
    awaitRefused(ended);
    assertThat(sites(fresh).status()).isEqualTo(200);
  }

  @Test
  void beginsAnewWhereTheFeedIsAnother() {
    String subject = UUID.randomUUID().toString();
    String token = token(subject, "o-3", Instant.now());
    assertThat(sites(token).status()).isEqualTo(200);
    AUTH.append("{\"number\":9,\"kind\":\"token\",\"originJti\":\"x\",\"until\":99999999999}");
    await().until(() -> AUTH.asked().getLast() > 0);
    AUTH.restore();
    AUTH.append(
        "{\"number\":1,\"kind\":\"user\",\"subject\":\"%s\",\"issuedBefore\":%d,\"until\":99999999999}"
            .formatted(subject, Instant.now().getEpochSecond() + 10));
    await().atMost(Duration.ofSeconds(5)).until(() -> sites(token).status() == 401);
  }

  @Test
  void saysThatItCannotTellWithoutAuthService() {
    try (var alone =
        ContentServer.start(
            Map.of(
                "portico.auth.internal", AUTH.url().toString(), "portico.auth.secret", "wrong"))) {
      Answer answer = alone.call("GET", "/v1/sites", alone.person(), null);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.problem()).isEqualTo("unavailable");
    }
  }
}
