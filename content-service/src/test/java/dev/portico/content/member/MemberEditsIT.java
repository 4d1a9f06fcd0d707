package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Members are edited only as they were last read, when the request says so. */
class MemberEditsIT {
  private static ContentServer server;
  private static String owner;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    owner = server.pool().accessToken("the-owner", "publishers");
    server.call("POST", "/v1/sites", owner, "{\"name\":\"team\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer put(String sub, String role, String... headers) {
    String path = "/v1/sites/team/members/" + sub;
    return server.call("PUT", path, owner, "{\"role\":\"" + role + "\"}", headers);
  }

  private static Answer get(String sub) {
    return server.call("GET", "/v1/sites/team/members/" + sub, owner, null);
  }

  @Test
  void aMemberIsShownWithItsTag() {
    Answer given = put("shown", "viewer");
    Answer shown = get("shown");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().path("sub").asText()).isEqualTo("shown");
    assertThat(shown.json().path("role").asText()).isEqualTo("viewer");
    assertThat(shown.header("ETag")).isNotEmpty().isEqualTo(given.header("ETag"));
    assertThat(put("shown", "viewer").header("ETag"))
        .as("nothing has changed")
        .isEqualTo(shown.header("ETag"));
    assertThat(get("nobody").status()).isEqualTo(404);
  }

  @Test
  void anEditOfWhatHasChangedIsRefused() {
    String read = put("edited", "viewer").header("ETag");
    Answer first = put("edited", "publisher", "If-Match", read);
    assertThat(first.status()).as(first.text()).isEqualTo(204);
    assertThat(first.header("ETag")).isNotEmpty().isNotEqualTo(read);
    Answer stale = put("edited", "owner", "If-Match", read);
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.problem()).isEqualTo("precondition-failed");
    assertThat(put("edited", "publisher", "If-Match", read).status())
        .as("also when nothing would change")
        .isEqualTo(412);
    assertThat(get("edited").json().path("role").asText()).isEqualTo("publisher");
    String path = "/v1/sites/team/members/edited";
    assertThat(server.call("DELETE", path, owner, null, "If-Match", read).status()).isEqualTo(412);
    assertThat(server.call("DELETE", path, owner, null, "If-Match", first.header("ETag")).status())
        .isEqualTo(204);
  }

  @Test
  void anEditOfWhatIsNotThereIsRefused() {
    assertThat(put("absent", "viewer", "If-Match", "*").status()).isEqualTo(412);
    assertThat(get("absent").status()).isEqualTo(404);
    put("absent", "viewer");
    assertThat(put("absent", "publisher", "If-Match", "*").status()).isEqualTo(204);
  }

  @Test
  void ofManyWhoEditWhatTheyReadOneDoes() {
    String read = put("raced", "viewer").header("ETag");
    var edits = new ArrayList<Future<Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        String role = i % 2 == 0 ? "publisher" : "owner";
        edits.add(executor.submit(() -> put("raced", role, "If-Match", read)));
      }
    }
    assertThat(edits.stream().map(Future::resultNow).map(Answer::status))
        .containsOnly(204, 412)
        .containsOnlyOnce(204);
  }
}
