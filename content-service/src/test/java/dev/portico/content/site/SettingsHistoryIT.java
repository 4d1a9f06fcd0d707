package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Settings that a site has had: listed, shown, restored, and forgotten some day. */
class SettingsHistoryIT {
  private static ContentServer server;
  private static ContentServer forgetful;
  private static String owner;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of("portico.origins.allowed-inner", "10.1.0.0/16"));
    forgetful = server.copy(Map.of("portico.site.settings-history", "0s"));
    owner = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    forgetful.close();
    server.close();
  }

  private static String site(String name) {
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"" + name + "\"}").status())
        .isEqualTo(201);
    return "/v1/sites/" + name + "/settings";
  }

  private static void put(ContentServer by, String path, String json) {
    Answer put = by.call("PUT", path, owner, json, "If-Match", "*");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
  }

  private static JsonNode get(String path) {
    Answer shown = server.call("GET", path, owner, null);
    assertThat(shown.status()).as(shown.text()).isEqualTo(200);
    return shown.json();
  }

  private static Answer restore(String path, long version, String... headers) {
    return server.call("POST", path + "/versions/" + version + "/restore", owner, null, headers);
  }

  private static String origin(String host, String headers) {
    return "{\"origins\":[{\"id\":\"api\",\"host\":\""
        + host
        + "\",\"headers\":["
        + headers
        + "]}],\"behaviours\":[{\"pattern\":\"/api/*\",\"origin\":\"api\"}]}";
  }

  private static String key(String value) {
    return "{\"name\":\"X-Key\",\"value\":\"" + value + "\"}";
  }

  private static String sent(String site) {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json()
        .at("/settings/origins/0/headers/0/value")
        .asText();
  }

  @Test
  void whatASiteHasHadIsListedWithItsAuthor() {
    String path = site("history-list");
    assertThat(get(path + "/versions").path("items")).isEmpty();
    put(server, path, "{\"immutableAssets\":false}");
    put(server, path, "{}");
    put(server, path, origin("api.example.com", key("s3cret")));
    JsonNode items = get(path + "/versions").path("items");
    assertThat(items.findValuesAsText("version")).containsExactly("4", "3", "2");
    String creator = get("/v1/sites/history-list").path("createdBy").asText();
    assertThat(items.findValuesAsText("by")).containsExactly(creator, creator, creator);
    assertThat(items.get(0).has("expiresAt")).as("holds").isFalse();
    Instant end = Instant.parse(items.get(1).path("expiresAt").asText());
    assertThat(end)
        .isBetween(
            Instant.now().plus(Duration.ofDays(364)), Instant.now().plus(Duration.ofDays(366)));
    JsonNode first = get(path + "/versions?limit=2");
    assertThat(first.path("items")).hasSize(2);
    JsonNode second = get(path + "/versions?limit=2&cursor=" + first.path("next").asText());
    assertThat(second.path("items").findValuesAsText("version")).containsExactly("2");
  }

  @Test
  void earlierSettingsAreShownWithoutSecrets() {
    String path = site("history-show");
    put(server, path, origin("api.example.com", key("s3cret")));
    JsonNode before = get(path);
    put(server, path, "{}");
    assertThat(get(path + "/versions/2")).isEqualTo(before);
    assertThat(before.at("/origins/0/headers/0/value").isNull()).isTrue();
    for (String unknown : List.of("1", "4", "77")) {
      assertThat(server.call("GET", path + "/versions/" + unknown, owner, null).status())
          .isEqualTo(404);
    }
  }

  @Test
  void earlierSettingsAreRestoredWithTheirSecrets() {
    String path = site("history-restore");
    put(server, path, origin("api.example.com", key("s3cret")));
    JsonNode before = get(path);
    put(server, path, "{}");
    Answer restored = restore(path, 2);
    assertThat(restored.status()).as(restored.text()).isEqualTo(200);
    assertThat(restored.header("ETag")).isEqualTo("\"4\"");
    assertThat(restored.json()).isEqualTo(before);
    assertThat(sent("history-restore")).isEqualTo("s3cret");
    JsonNode items = get(path + "/versions").path("items");
    assertThat(items.get(0).path("restored").asLong()).isEqualTo(2);
    assertThat(get("/v1/sites/history-restore/audit").at("/items/0/details/restored").asText())
        .isEqualTo("2");
  }

  /** A value that was replaced, since it had leaked perhaps, does not come back. */
  @Test
  void aSecretOfTodayIsNotUndone() {
    String path = site("history-secret");
    put(server, path, origin("api.example.com", key("leaked")));
    put(server, path, origin("api.example.com", key("new")));
    assertThat(restore(path, 2).status()).isEqualTo(200);
    assertThat(sent("history-secret")).isEqualTo("new");
  }

  @Test
  void earlierSettingsAreJudgedByTodaysRules() {
    String path = site("history-rules");
    put(server, path, origin("10.1.2.3", ""));
    put(server, path, "{}");
    Answer refused = forgetful.call("POST", path + "/versions/2/restore", owner, null);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("origins[0].host");
    assertThat(get(path).path("origins")).isEmpty();
  }

  @Test
  void onlyOwnersRestoreAndOnlyTheVersionTheyRead() {
    String path = site("history-rights");
    put(server, path, "{}");
    put(server, path, "{\"immutableAssets\":false}");
    assertThat(restore(path, 2, "If-Match", "\"2\"").status()).isEqualTo(412);
    assertThat(restore(path, 77).status()).isEqualTo(404);
    String sub = "21111111-2222-3333-4444-555555555555";
    server.call(
        "PUT", "/v1/sites/history-rights/members/" + sub, owner, "{\"role\":\"publisher\"}");
    String publisher = server.pool().accessToken(sub);
    assertThat(server.call("POST", path + "/versions/2/restore", publisher, null).status())
        .isEqualTo(403);
    assertThat(server.call("GET", path + "/versions", publisher, null).status()).isEqualTo(200);
    assertThat(restore(path, 2, "If-Match", "\"3\"").status()).isEqualTo(200);
  }

  @Test
  void whatWasReplacedLongAgoIsNotShownAnyMore() {
    String path = site("history-end");
    put(server, path, "{}");
    put(forgetful, path, "{\"immutableAssets\":false}");
    assertThat(get(path + "/versions").path("items").findValuesAsText("version"))
        .containsExactly("3");
    assertThat(restore(path, 2).status()).isEqualTo(404);
  }

  /** As a copy of the release before writes them, or restored from such a time. */
  @Test
  void settingsFromBeforeThereWasAHistoryAreKeptWhenTheyAreReplaced() {
    String path = site("history-before");
    put(server, path, origin("api.example.com", key("s3cret")));
    Table table = server.bean(Table.class);
    table
        .query(Query.of("SITE#history-before#SETTINGS"))
        .items()
        .forEach(item -> table.write(Write.delete(item.key())));
    table.write(Write.update(new Key("SITE#history-before", "EDGE#SETTINGS")).remove("version"));
    put(server, path, "{}");
    JsonNode items = get(path + "/versions").path("items");
    assertThat(items.findValuesAsText("version")).containsExactly("3", "2");
    assertThat(items.get(1).has("by")).as("nobody knows").isFalse();
    assertThat(items.get(1).has("expiresAt")).isTrue();
    assertThat(restore(path, 2).status()).isEqualTo(200);
    assertThat(sent("history-before")).isEqualTo("s3cret");
  }

  /** A copy of the release before takes the place of settings that are noted, and notes nothing. */
  @Test
  void settingsThatACopyWithoutHistoryReplacedEndToo() {
    String path = site("history-mixed");
    put(server, path, origin("api.example.com", key("s3cret")));
    Table table = server.bean(Table.class);
    table.write(Write.update(new Key("SITE#history-mixed", "SITE")).add("version", 1));
    table.write(Write.update(new Key("SITE#history-mixed", "EDGE#SETTINGS")).remove("version"));
    put(server, path, "{}");
    JsonNode items = get(path + "/versions").path("items");
    assertThat(items.findValuesAsText("version")).containsExactly("4", "3", "2");
    assertThat(items.get(0).has("expiresAt")).as("holds").isFalse();
    assertThat(items.get(1).has("expiresAt")).isTrue();
    assertThat(items.get(2).has("expiresAt")).isTrue();
    assertThat(table.query(Query.of("SITE#history-mixed#SETTINGS").prefix("DOCUMENT#")).items())
        .filteredOn(item -> item.expiresAt().isEmpty())
        .singleElement()
        .matches(item -> item.key().sk().endsWith("4"));
    assertThat(restore(path, 2).status()).isEqualTo(200);
  }

  @Test
  void listsReadNoDocuments() {
    String path = site("history-small");
    put(server, path, origin("api.example.com", key("s3cret")));
    put(server, path, "{}");
    Query entries = Query.of("SITE#history-small#SETTINGS").prefix("0");
    assertThat(server.bean(Table.class).query(entries).items())
        .hasSize(2)
        .noneMatch(item -> item.has("document") || item.has("secrets"));
  }

  @Test
  void aPurgedSiteLeavesNoSettings() {
    String path = site("history-purged");
    put(server, path, "{}");
    Table table = server.bean(Table.class);
    assertThat(table.query(Query.of("SITE#history-purged#SETTINGS")).items()).hasSize(2);
    try (ContentServer hasty = server.copy(Map.of("portico.site.restorable", "0s"))) {
      hasty.call("DELETE", "/v1/sites/history-purged", owner, null);
      hasty.bean(SitePurge.class).purgeDue();
    }
    assertThat(table.query(Query.of("SITE#history-purged#SETTINGS")).items()).isEmpty();
  }
}
