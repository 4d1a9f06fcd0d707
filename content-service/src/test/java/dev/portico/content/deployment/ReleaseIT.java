package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deployments that a share of the viewers gets before all do. */
class ReleaseIT {
  private static ContentServer server;
  private static Publisher publisher;
  private String site;
  private String live;
  private String next;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    publisher = new Publisher(server, server.person("publishers"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void publish() {
    site = publisher.newSite();
    live = publish("live");
    next = publish("next");
    activate(live);
  }

  private String publish(String text) {
    Answer published =
        publisher.publishByDigests(site, TestSite.of("/index.html", text + " " + site), "");
    assertThat(published.status()).as(published.text()).isEqualTo(200);
    return published.json().path("id").asText();
  }

  private Answer activate(String id) {
    return publisher.post("/v1/sites/" + site + "/deployments/" + id + "/activate");
  }

  private Answer release(String id, int percent, String... headers) {
    return publisher.call(
        "PUT",
        "/v1/sites/" + site + "/release",
        "{\"deployment\":\"" + id + "\",\"percent\":" + percent + "}",
        headers);
  }

  private Answer end() {
    return publisher.delete("/v1/sites/" + site + "/release");
  }

  private JsonNode site() {
    return publisher.get("/v1/sites/" + site).json();
  }

  private JsonNode snapshot() {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json();
  }

  private List<String> earlier() {
    return snapshot().path("earlier").findValuesAsText("deployment");
  }

  @Test
  void aShareIsSetRaisedAndSeen() {
    assertThat(snapshot().path("release").isNull()).isTrue();
    Answer begun = release(next, 5);
    assertThat(begun.status()).as(begun.text()).isEqualTo(200);
    assertThat(begun.json().at("/release/deployment").asText()).isEqualTo(next);
    assertThat(begun.json().path("deployment").asText()).isEqualTo(live);
    Answer raised = release(next, 50, "If-Match", begun.header("ETag"));
    assertThat(raised.json().at("/release/percent").asInt()).isEqualTo(50);
    assertThat(site().at("/release/by").asText()).isEqualTo(site().path("createdBy").asText());
    assertThat(snapshot().path("release").toString())
        .isEqualTo("{\"deployment\":\"" + next + "\",\"percent\":50}");
    assertThat(release(next, 60, "If-Match", begun.header("ETag")).status()).isEqualTo(412);
    assertThat(publisher.get("/v1/sites/" + site + "/audit").text()).contains("site.release");
  }

  @Test
  void anActivationEndsIt() {
    release(next, 50);
    assertThat(activate(next).status()).isEqualTo(200);
    assertThat(site().has("release")).isFalse();
    assertThat(site().path("deployment").asText()).isEqualTo(next);
    assertThat(earlier()).containsExactly(live);
  }

  @Test
  void activatingWhatIsLiveEndsItToo() {
    release(next, 50);
    assertThat(activate(live).status()).isEqualTo(200);
    assertThat(site().has("release")).isFalse();
    assertThat(earlier()).as("pages of it are open").containsExactly(next);
  }

  @Test
  void itsEndGivesAllViewersTheLiveOne() {
    release(next, 50);
    Answer ended = end();
    assertThat(ended.status()).as(ended.text()).isEqualTo(200);
    assertThat(ended.json().has("release")).isFalse();
    assertThat(ended.json().path("deployment").asText()).isEqualTo(live);
    assertThat(snapshot().path("release").isNull()).isTrue();
    assertThat(earlier()).containsExactly(next);
    long version = ended.json().path("version").asLong();
    assertThat(end().json().path("version").asLong()).as("once").isEqualTo(version);
  }

  /** Whoever rolls back wants what was before the release, and not what was before that. */
  @Test
  void aRollbackEndsItFirst() {
    String before = live;
    String newer = publish("newer");
    activate(newer);
    release(next, 50);
    Answer back = publisher.post("/v1/sites/" + site + "/rollback");
    assertThat(back.json().path("id").asText()).isEqualTo(newer);
    assertThat(site().has("release")).isFalse();
    back = publisher.post("/v1/sites/" + site + "/rollback");
    assertThat(back.json().path("id").asText()).isEqualTo(before);
  }

  @Test
  void aLockedSiteKeepsIt() {
    release(next, 50);
    publisher.call("PUT", "/v1/sites/" + site + "/lock", "{}");
    Answer refused = end();
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("site-locked");
    assertThat(site().at("/release/deployment").asText()).isEqualTo(next);
    publisher.delete("/v1/sites/" + site + "/lock");
    assertThat(end().status()).isEqualTo(200);
    publisher.call("PUT", "/v1/sites/" + site + "/lock", "{}");
    assertThat(end().status()).as("nothing is under way").isEqualTo(200);
  }

  @Test
  void anotherDeploymentTakesItsPlace() {
    String third = publish("third");
    release(next, 50);
    release(third, 10);
    assertThat(site().at("/release/deployment").asText()).isEqualTo(third);
    assertThat(earlier()).containsExactly(next);
  }

  @Test
  void whatViewersHaveIsNotDeleted() {
    release(next, 1);
    Answer refused = publisher.delete("/v1/sites/" + site + "/deployments/" + next);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("active");
    end();
    assertThat(publisher.delete("/v1/sites/" + site + "/deployments/" + next).status())
        .isEqualTo(204);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(release(live, 50).problem()).isEqualTo("active");
    assertThat(release("a".repeat(20), 50).status()).isEqualTo(404);
    for (int percent : List.of(0, 100, -1)) {
      Answer refused = release(next, percent);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).contains("percent");
    }
    Answer begun = publisher.begin(site, TestSite.of("/index.html", "unsealed " + site));
    assertThat(release(begun.json().path("id").asText(), 5).problem()).isEqualTo("not-sealed");
    publisher.call("PUT", "/v1/sites/" + site + "/lock", "{}");
    assertThat(release(next, 50).problem()).isEqualTo("site-locked");
    site = publisher.newSite();
    assertThat(release(publish("first"), 50).problem()).isEqualTo("nothing-live");
  }
}
