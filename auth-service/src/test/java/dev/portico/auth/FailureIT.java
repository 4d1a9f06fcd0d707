package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.TokenMint;
import dev.portico.standins.process.Ports;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong, and what callers see of it. */
class FailureIT {
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = RunningService.start(POOL, client -> {});

  /** Cognito is not there. */
  private static final RunningService ALONE =
      RunningService.start(
          POOL,
          client -> {},
          settings -> {
            String nowhere = "http://127.0.0.1:" + Ports.free();
            settings.put("portico.cognito.endpoint", nowhere);
            settings.put("portico.token.jwks-url", nowhere + "/jwks.json");
            settings.put("portico.cognito.call-timeout", "3s");
          });

  @AfterAll
  static void stop() {
    SERVICE.close();
    ALONE.close();
  }

  private static void assertProblem(Answer answer, int status, String slug) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.problem()).isEqualTo(slug);
    assertThat(answer.json().get("status").asInt()).isEqualTo(status);
    assertThat(answer.field("title")).isNotBlank();
    assertThat(answer.field("detail")).isNotBlank();
    assertThat(answer.field("instance")).isEqualTo(answer.header("X-Request-Id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sign-up|{'username':'a@b.c','password':'x'}",
        "confirm|{'username':'a@b.c','code':'1'}",
        "resend|{'username':'a@b.c'}",
        "sign-in|{'username':'a@b.c','password':'x'}",
        "refresh|{'refreshToken':'x'}",
        "forgot-password|{'username':'a@b.c'}",
        "reset-password|{'username':'a@b.c','code':'1','newPassword':'xx'}"
      },
      quoteCharacter = '~')
  void cognitoDown(String route, String json) {
    Answer answer = ALONE.api().post("/v1/auth/" + route, json.replace('\'', '"'));
    assertProblem(answer, 503, "unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void keysDown() {
    String token =
        TokenMint.rs256(
            TokenMint.accessClaims(POOL.issuer(), ALONE.clientId(), Instant.now()).build(),
            TokenMint.key("one"));
    // More often than the keys may be asked for: it must not turn into a 401.
    for (int i = 0; i < 5; i++) {
      Answer answer = ALONE.me(token);
      assertProblem(answer, 503, "unavailable");
      assertThat(answer.header("Retry-After")).isEqualTo("5");
    }
  }

  @Test
  void aPoolThatIsAwayKeepsNoCopyFromBeingReady() {
    Answer alone = ALONE.management().get("/health/readiness");
    assertThat(alone.status()).as(alone.text()).isEqualTo(200);
    assertThat(alone.json().at("/details/userPoolKeys/details/error").asText()).isNotBlank();
    assertThat(ALONE.management().get("/health/liveness").status()).isEqualTo(200);
    assertThat(SERVICE.management().get("/health/readiness").status()).isEqualTo(200);
    assertThat(SERVICE.management().get("/health/liveness").status()).isEqualTo(200);
  }

  @Test
  void keysThatAreNotAtTheirAddressDo() {
    try (var mistyped =
        RunningService.start(
            POOL,
            client -> {},
            settings ->
                settings.computeIfPresent("portico.token.jwks-url", (key, url) -> url + ".old"))) {
      Answer readiness =
          await()
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> mistyped.management().get("/health/readiness"),
                  answer ->
                      answer.json().at("/details/userPoolKeys/status").asText().equals("DOWN"));
      assertThat(readiness.status()).as(readiness.text()).isEqualTo(503);
    }
  }

  @Test
  void managementIsOnItsPortOnly() {
    for (String path : new String[] {"/health", "/health/readiness", "/prometheus"}) {
      assertThat(SERVICE.api().get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(SERVICE.management().get("/prometheus").text()).contains("jvm_memory_used_bytes");
    assertThat(SERVICE.management().get("/v1/auth/openapi.yml").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "nothing",
        "[]",
        "\"text\"",
        "{\"username\": 5, \"password\": {}}",
        "{\"username\":"
      })
  void malformedJson(String body) {
    assertProblem(SERVICE.api().post("/v1/auth/sign-in", body), 400, "malformed-json");
  }

  /** What is misspelt, and so left out, must not seem to have been done. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sign-in | {"username": "u", "password": "p", "pasword": "q"} | pasword
          sign-up | {"username": "u", "password": "p", "attributes": {"email": "a@b.c"}} | attributes
          forgot-password | {"username": "u", "user": "v"} | user
          refresh | {"refreshToken": "r", "everwhere": true} | everwhere
          """)
  void unknownFields(String path, String body, String field) {
    Answer answer = SERVICE.api().post("/v1/auth/" + path, body);
    assertProblem(answer, 400, "validation");
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(answer.json().at("/errors/0/reason").asText()).isEqualTo("is unknown");
  }

  @Test
  void missingFields() {
    Answer answer = SERVICE.api().post("/v1/auth/sign-in", "{\"username\": \" \"}");
    assertProblem(answer, 400, "validation");
    assertThat(answer.json().get("errors").findValuesAsText("field"))
        .containsExactly("password", "username");
    assertThat(answer.json().get("errors").findValuesAsText("reason"))
        .allSatisfy(reason -> assertThat(reason).isEqualTo("must not be blank"));
    Answer nested =
        SERVICE
            .api()
            .post(
                "/v1/auth/challenge",
                "{\"username\":\"u\",\"challenge\":\"NEW_PASSWORD_REQUIRED\",\"session\":\""
                    + "s".repeat(20)
                    + "\",\"responses\":{}}");
    assertThat(nested.json().at("/errors/0/field").asText()).isEqualTo("responses.newPassword");
    assertProblem(SERVICE.api().post("/v1/auth/sign-in", ""), 400, "validation");
  }

  @ParameterizedTest
  @CsvSource({"username,129", "password,257"})
  void overLongFields(String field, int length) {
    String other = field.equals("username") ? "password" : "username";
    Answer answer =
        SERVICE
            .api()
            .post(
                "/v1/auth/sign-in",
                "{\"%s\":\"%s\",\"%s\":\"x\"}".formatted(field, "x".repeat(length), other));
    assertProblem(answer, 400, "validation");
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(answer.json().at("/errors/0/reason").asText()).contains("size must be");
    assertThat(answer.text()).doesNotContain("xxxx");
  }

  @Test
  void overLongBody() {
    assertProblem(
        SERVICE.api().post("/v1/auth/sign-in", "{\"username\":\"" + "x".repeat(70_000) + "\"}"),
        413,
        "too-large");
  }

  @Test
  void wrongContentTypeMethodAndPath() {
    assertProblem(
        SERVICE.api().send("POST", "/v1/auth/sign-in", "a=b", "Content-Type", "text/plain"),
        415,
        "unsupported-media-type");
    Answer method = SERVICE.api().send("DELETE", "/v1/auth/sign-in", "");
    assertProblem(method, 405, "method-not-allowed");
    assertThat(method.header("Allow")).contains("POST");
    assertProblem(SERVICE.api().get("/v1/auth/nothing"), 404, "not-found");
    assertProblem(SERVICE.api().get("/nothing"), 404, "not-found");
    assertProblem(SERVICE.api().post("/oauth/access_token", "{}"), 404, "not-found");
    assertProblem(SERVICE.api().post("/login", "{}"), 404, "not-found");
  }

  @Test
  void requestIdIsTakenOrMade() {
    var given = SERVICE.api().get("/v1/auth/me", "X-Request-Id", "gateway-made-it-1");
    assertThat(given.header("X-Request-Id")).isEqualTo("gateway-made-it-1");
    assertThat(given.field("instance")).isEqualTo("gateway-made-it-1");
    var forged = SERVICE.api().get("/v1/auth/me", "X-Request-Id", "a b\"c");
    assertThat(forged.header("X-Request-Id")).matches("[0-9a-f]{32}");
  }

  @Test
  void openApiIsPublic() {
    Answer document = SERVICE.api().get("/v1/auth/openapi.yml");
    assertThat(document.status()).isEqualTo(200);
    assertThat(document.header("Content-Type")).startsWith("application/yaml");
    assertThat(document.text()).contains("/v1/auth/sign-in");
  }

  @Test
  void wrongSettingsOfThePoolAreOurFaultAndSayNothing() {
    try (var wrong =
        RunningService.start(
            POOL,
            client -> client.generateSecret(true),
            settings -> settings.put("portico.cognito.client-secret", "wrong"))) {
      Answer answer = wrong.signIn(POOL.account(), Pool.PASSWORD);
      assertProblem(answer, 500, "internal");
      assertThat(answer.text()).doesNotContainIgnoringCase("secret");
    }
  }
}
