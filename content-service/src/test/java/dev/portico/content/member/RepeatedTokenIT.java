package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deploy tokens that are asked for with an Idempotency-Key. */
class RepeatedTokenIT {
  private static ContentServer server;
  private static String owner;
  private static int sites;

  private String site = "";

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    owner = server.pool().accessToken("the-owner", "publishers");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void site() {
    site = "site-" + ++sites;
    server.call("POST", "/v1/sites", owner, "{\"name\":\"" + site + "\"}");
  }

  private Answer ask(String caller, String key, String body) {
    String path = "/v1/sites/" + site + "/tokens";
    return server.call("POST", path, caller, body, "Idempotency-Key", key);
  }

  private JsonNode listed() {
    return server.call("GET", "/v1/sites/" + site + "/tokens", owner, null).json().path("items");
  }

  private static String key() {
    return "\"" + UUID.randomUUID() + "\"";
  }

  @Test
  void aRepeatAnswersTheSameWithoutTheSecret() {
    String key = key();
    Answer first = ask(owner, key, "{\"title\":\"CI\",\"actions\":[\"read\",\"publish\"]}");
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(first.json().path("token").asText()).startsWith("pdt_");
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    Answer repeat = ask(owner, key, "{ \"actions\": [\"publish\", \"read\"], \"title\": \"CI\" }");
    assertThat(repeat.status()).as(repeat.text()).isEqualTo(201);
    assertThat(repeat.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(repeat.json().has("token")).isFalse();
    for (String field : new String[] {"id", "title", "actions", "createdAt", "expiresAt"}) {
      assertThat(repeat.json().path(field)).as(field).isEqualTo(first.json().path(field));
    }
    assertThat(listed()).hasSize(1);
    assertThat(
            server
                .call("GET", "/v1/sites/" + site, first.json().path("token").asText(), null)
                .status())
        .isEqualTo(200);
  }

  @Test
  void theKeyWithAnotherBodyIsRefused() {
    String key = key();
    ask(owner, key, "{\"title\":\"CI\"}");
    Answer other = ask(owner, key, "{\"title\":\"other\"}");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.problem()).isEqualTo("idempotency-key-reused");
    Instant until = Instant.now().plusSeconds(3600);
    assertThat(ask(owner, key, "{\"title\":\"CI\",\"expiresAt\":\"" + until + "\"}").status())
        .isEqualTo(422);
    assertThat(listed()).hasSize(1);
  }

  @Test
  void ofManyAtOnceOneMakesIt() {
    String key = key();
    var asked = new ArrayList<Future<Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        asked.add(executor.submit(() -> ask(owner, key, "{\"title\":\"CI\"}")));
      }
    }
    assertThat(asked.stream().map(Future::resultNow).map(Answer::status)).containsOnly(201);
    assertThat(asked.stream().map(Future::resultNow).filter(each -> each.json().has("token")))
        .hasSize(1);
    assertThat(
            asked.stream()
                .map(Future::resultNow)
                .map(each -> each.json().path("id").asText())
                .distinct())
        .hasSize(1);
    assertThat(listed()).hasSize(1);
  }

  @Test
  void aRevokedTokenIsNotMadeAgain() {
    String key = key();
    String id = ask(owner, key, "{\"title\":\"CI\"}").json().path("id").asText();
    server.call("DELETE", "/v1/sites/" + site + "/tokens/" + id, owner, null);
    Answer repeat = ask(owner, key, "{\"title\":\"CI\"}");
    assertThat(repeat.status()).isEqualTo(410);
    assertThat(listed()).isEmpty();
  }

  @Test
  void othersHaveKeysOfTheirOwn() {
    String second = server.pool().accessToken("second-owner");
    server.call(
        "PUT", "/v1/sites/" + site + "/members/second-owner", owner, "{\"role\":\"owner\"}");
    String key = key();
    ask(owner, key, "{\"title\":\"CI\"}");
    assertThat(ask(second, key, "{\"title\":\"of the second\"}").status()).isEqualTo(201);
    assertThat(listed()).hasSize(2);
  }

  /** The draft has a key in quotes; many clients send it without. */
  @Test
  void quotesMakeNoDifference() {
    String id = ask(owner, "\"a key\"", "{\"title\":\"CI\"}").json().path("id").asText();
    assertThat(ask(owner, "a key", "{\"title\":\"CI\"}").json().path("id").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "k\ty"})
  void whatIsNoKeyIsRefused(String key) {
    Answer answer = ask(owner, key, "{\"title\":\"CI\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(listed()).isEmpty();
  }

  @Test
  void aKeyIsTooLongAt256() {
    assertThat(ask(owner, "k".repeat(255), "{\"title\":\"CI\"}").status()).isEqualTo(201);
    assertThat(ask(owner, "k".repeat(256), "{\"title\":\"CI\"}").status()).isEqualTo(400);
  }

  /** DynamoDB deletes late. */
  @Test
  void aKeyIsForgottenWhenItsTimeIsOver() {
    String header = key();
    String id = ask(owner, header, "{\"title\":\"CI\"}").json().path("id").asText();
    Caller caller = new Caller.Person("the-owner", "the-owner", Set.of(), "request", "192.0.2.1");
    IdempotencyKey key = Objects.requireNonNull(IdempotencyKey.of(header, caller, "token.create"));
    server
        .bean(Table.class)
        .write(
            Write.update(TokenCreations.key(site, key))
                .set("expires", Instant.now().minusSeconds(1)));
    Answer anew = ask(owner, header, "{\"title\":\"other\"}");
    assertThat(anew.status()).as(anew.text()).isEqualTo(201);
    assertThat(anew.json().path("id").asText()).isNotEqualTo(id);
    assertThat(anew.json().has("token")).isTrue();
  }
}
