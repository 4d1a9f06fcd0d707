package dev.portico.content.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProblemIT {
  private static ContentServer server;
  private static String person;

  @BeforeAll
  static void start() {
    server =
        ContentServer.start(
            Map.of("test.failing-controller", true, "portico.json-body-limit", "10KB"));
    person = server.person();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertProblem(Answer answer, int status, String problem) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.json().path("instance").asText()).isEqualTo(answer.header("X-Request-Id"));
  }

  @Test
  void aBugTellsNothing() {
    Answer answer = server.call("GET", "/v1/failing/bug", person, null);
    assertProblem(answer, 500, "internal");
    assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
  }

  @Test
  void storageThatDoesNotAnswerIsNobodysFault() {
    for (String path : new String[] {"/v1/failing/storage", "/v1/failing/table"}) {
      Answer answer = server.call("GET", path, person, null);
      assertProblem(answer, 503, "storage-unavailable");
      assertThat(answer.header("Retry-After")).isEqualTo("2");
      assertThat(answer.text()).doesNotContain("secret");
    }
  }

  @Test
  void damagedStoredJsonIsNotTheRequests() {
    Answer answer = server.call("GET", "/v1/failing/damaged", person, null);
    assertProblem(answer, 500, "internal");
    assertThat(answer.text()).doesNotContain("secret");
  }

  @Test
  void whatPassesSaysWhenToTryAgain() {
    Answer answer = server.call("GET", "/v1/failing/busy", person, null);
    assertProblem(answer, 503, "busy");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void jsonIsBounded() {
    String large = "{\"text\":\"" + "x".repeat(20_000) + "\"}";
    assertProblem(server.call("POST", "/v1/failing/json", person, large), 413, "too-large");
  }

  @Test
  void onlyJsonIsUnderstood() {
    Answer answer =
        server.call("POST", "/v1/failing/json", person, null, "Content-Type", "text/csv");
    assertProblem(answer, 415, "unsupported-media-type");
  }

  @Test
  void jsonMustBeJson() {
    assertProblem(server.call("POST", "/v1/failing/json", person, "{"), 400, "malformed-json");
    assertProblem(server.call("POST", "/v1/failing/json", person, "[]"), 400, "validation");
  }

  @Test
  void unknownPathsAndMethods() {
    assertProblem(server.call("GET", "/nowhere", person, null), 404, "not-found");
    assertProblem(server.call("GET", "/nowhere", null, null), 404, "not-found");
    assertProblem(
        server.call("DELETE", "/v1/failing/bug", person, null), 405, "method-not-allowed");
  }
}
