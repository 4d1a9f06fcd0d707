package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SitesIT {
  private static ContentServer server;
  private static String publisher;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    publisher = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer create(String name, @Nullable String token) {
    return server.call("POST", "/v1/sites", token, "{\"name\":\"" + name + "\"}");
  }

  @Test
  void createsAndShowsASite() {
    Answer created =
        server.call("POST", "/v1/sites", publisher, "{\"name\":\"first\",\"title\":\"First\"}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo("/v1/sites/first");
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    Answer shown = server.call("GET", "/v1/sites/first", publisher, null);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().path("title").asText()).isEqualTo("First");
    assertThat(shown.json().path("state").asText()).isEqualTo("active");
    assertThat(shown.json().path("deployment").isNull()).isTrue();
    assertThat(shown.json().path("url").asText()).isEqualTo("http://first.localhost:8080/");
    assertThat(shown.json().path("createdAt").asText()).matches("\\d{4}-.*Z");
  }

  /** Gateways judge who may; this service answers, also where it is asked as localhost. */
  @Test
  void pagesOfOtherHostsAreAnswered() {
    Answer answer =
        server.call("GET", "/v1/sites", publisher, null, "Origin", "https://app.example.com");
    assertThat(answer.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ab",
        "Docs",
        "a--b",
        "-ab",
        "ab-",
        "a_b",
        "a.b",
        "ä-b",
        "abcdefghijabcdefghijabcdefghijk"
      })
  void refusesBadNames(String name) {
    Answer answer = create(name, publisher);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "auth", "www", "portico"})
  void refusesReservedNames(String name) {
    Answer answer = create(name, publisher);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("name-reserved");
  }

  @Test
  void onlyPublishersAndAdminsCreate() {
    assertThat(create("forbidden", server.person()).status()).isEqualTo(403);
    assertThat(create("by-admin", server.person("admins")).status()).isEqualTo(201);
    assertThat(create("anonymous", null).status()).isEqualTo(401);
  }

  @Test
  void ofTwentyConcurrentCreationsOneSucceeds() throws Exception {
    var answers = new ArrayList<Future<Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String person = server.person("publishers");
        answers.add(executor.submit(() -> create("contested", person)));
      }
    }
    List<Integer> statuses = answers.stream().map(Future::resultNow).map(Answer::status).toList();
    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
  }

  @Test
  void editsOnlyTheVersionThatWasRead() {
    create("edited", publisher);
    String patch = "{\"title\":\"New\"}";
    assertThat(server.call("PATCH", "/v1/sites/edited", publisher, patch).status()).isEqualTo(428);
    Answer changed =
        server.call("PATCH", "/v1/sites/edited", publisher, patch, "If-Match", "\"1\"");
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.json().path("title").asText()).isEqualTo("New");
    assertThat(
            server
                .call("PATCH", "/v1/sites/edited", publisher, patch, "If-Match", "\"1\"")
                .status())
        .isEqualTo(412);
  }

  /** Settings were once changed here; a request that still does must not seem to succeed. */
  @Test
  void aPatchOfWhatThereIsNotIsRefused() {
    create("misspelt", publisher);
    for (String field : List.of("settings", "titel")) {
      Answer refused =
          server.call(
              "PATCH",
              "/v1/sites/misspelt",
              publisher,
              "{\"title\":\"New\",\"" + field + "\":{}}",
              "If-Match",
              "*");
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
      assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
    }
    assertThat(server.call("GET", "/v1/sites/misspelt", publisher, null).header("ETag"))
        .isEqualTo("\"1\"");
  }

  @Test
  void deletesAndRestores() {
    create("phoenix", publisher);
    assertThat(server.call("DELETE", "/v1/sites/phoenix", publisher, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", "/v1/sites/phoenix", publisher, null).status()).isEqualTo(204);
    Answer deleted = server.call("GET", "/v1/sites/phoenix", publisher, null);
    assertThat(deleted.json().path("state").asText()).isEqualTo("deleted");
    assertThat(deleted.json().path("restorableUntil").asText()).isNotEmpty();
    assertThat(create("phoenix", publisher).status()).isEqualTo(409);
    assertThat(
            server
                .call("PATCH", "/v1/sites/phoenix", publisher, "{\"title\":\"x\"}", "If-Match", "*")
                .status())
        .isEqualTo(409);
    Answer restored = server.call("POST", "/v1/sites/phoenix/restore", publisher, null);
    assertThat(restored.status()).as(restored.text()).isEqualTo(200);
    assertThat(restored.json().path("state").asText()).isEqualTo("active");
    assertThat(restored.json().has("restorableUntil")).isFalse();
  }

  @Test
  void listsPageByPageWhatTheCallerMaySee() {
    String person = server.person("publishers");
    for (int i = 0; i < 5; i++) {
      create("paged-" + i, person);
    }
    var seen = new ArrayList<String>();
    String cursor = "";
    do {
      Answer page = server.call("GET", "/v1/sites?limit=2" + cursor, person, null);
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      page.json().path("items").forEach(site -> seen.add(site.path("name").asText()));
      cursor =
          page.json().path("next").isNull() ? "" : "&cursor=" + page.json().path("next").asText();
    } while (!cursor.isEmpty());
    assertThat(seen).containsExactly("paged-0", "paged-1", "paged-2", "paged-3", "paged-4");
    Answer all = server.call("GET", "/v1/sites?limit=1000", server.person("admins"), null);
    var names = new HashSet<String>();
    all.json().path("items").forEach(site -> names.add(site.path("name").asText()));
    assertThat(names).containsAll(seen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "%21%21", "U0lURVMAzz", ""})
  void refusesUnknownCursors(String cursor) {
    Answer answer = server.call("GET", "/v1/sites?cursor=" + cursor, publisher, null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @Test
  void refusesACursorOfAnotherList() {
    String one = server.person("publishers");
    create("foreign-1", one);
    create("foreign-2", one);
    String cursor = server.call("GET", "/v1/sites?limit=1", one, null).json().path("next").asText();
    Answer answer = server.call("GET", "/v1/sites?cursor=" + cursor, publisher, null);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("invalid-cursor");
  }

  @Test
  void whatCannotBeSeenIsLikeWhatIsNot() {
    create("secret", publisher);
    String stranger = server.person("publishers");
    Answer unseen = server.call("GET", "/v1/sites/secret", stranger, null);
    Answer unknown = server.call("GET", "/v1/sites/nowhere", stranger, null);
    assertThat(unseen.status()).isEqualTo(404);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unseen.json().path("detail").asText().replace("secret", "nowhere"))
        .isEqualTo(unknown.json().path("detail").asText());
  }

  @Test
  void problemsAreProblemDetails() {
    Answer malformed = server.call("POST", "/v1/sites", publisher, "{\"name\":");
    assertThat(malformed.status()).isEqualTo(400);
    assertThat(malformed.header("Content-Type")).startsWith("application/problem+json");
    assertThat(malformed.problem()).isEqualTo("malformed-json");
    Answer missing = server.call("POST", "/v1/sites", publisher, "{}");
    assertThat(missing.status()).as(missing.text()).isEqualTo(400);
    Answer method = server.call("PUT", "/v1/sites", publisher, "{}");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).contains("POST");
    Answer type =
        server.call("GET", "/v1/nowhere", publisher, null, "X-Request-Id", "my-request-1");
    assertThat(type.status()).isEqualTo(404);
    assertThat(type.json().path("instance").asText()).isEqualTo("my-request-1");
    assertThat(type.header("X-Request-Id")).isEqualTo("my-request-1");
    Answer limit = server.call("GET", "/v1/sites?limit=0", publisher, null);
    assertThat(limit.status()).isEqualTo(400);
    assertThat(server.call("GET", "/v1/sites?limit=many", publisher, null).status()).isEqualTo(400);
  }
}
