package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Settings over the API, into the table, and out to gateways. */
class SettingsIT {
  private static final String DOCUMENT =
      """
      {"immutableAssets": false,
       "origins": [{"id": "api", "host": "api.example.com",
                    "headers": [{"name": "X-Key", "value": "s3cret"}]}],
       "behaviours": [{"pattern": "/api/*", "origin": "api", "cachePolicy": "CachingDisabled"}]}\
      """;

  private static ContentServer server;
  private static String owner;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of("portico.origins.allowed-inner", "10.1.0.0/16"));
    owner = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String site(String name) {
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"" + name + "\"}").status())
        .isEqualTo(201);
    return "/v1/sites/" + name + "/settings";
  }

  private static Answer put(String path, String json, @Nullable String ifMatch) {
    return ifMatch == null
        ? server.call("PUT", path, owner, json)
        : server.call("PUT", path, owner, json, "If-Match", ifMatch);
  }

  private static Answer get(String path) {
    return server.call("GET", path, owner, null);
  }

  private static JsonNode snapshot(String name) {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + name + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json();
  }

  @Test
  void aNewSiteHasTheDefaults() {
    Answer shown = get(site("settings-new"));
    assertThat(shown.status()).as(shown.text()).isEqualTo(200);
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    assertThat(shown.text())
        .isEqualTo(
            "{\"immutableAssets\":true,\"earlierAssetsSeconds\":86400,"
                + "\"files\":{\"pretty\":false,\"notFound\":\"page\",\"conventions\":\"portico\"},"
                + "\"defaultRootObject\":null,"
                + "\"origins\":[],\"cachePolicies\":[],\"originRequestPolicies\":[],"
                + "\"responseHeadersPolicies\":[],\"behaviours\":[],"
                + "\"defaultBehaviour\":{\"origin\":null,\"viewerProtocol\":\"allow-all\","
                + "\"cachePolicy\":null,\"originRequestPolicy\":null,"
                + "\"responseHeadersPolicy\":null,\"accessPolicy\":null,"
                + "\"allowedMethods\":[\"GET\",\"HEAD\"],"
                + "\"cachedMethods\":[\"GET\",\"HEAD\"],"
                + "\"compress\":false,\"errorResponses\":[]},"
                + "\"api\":{\"mounted\":false,\"corsOrigins\":[]},"
                + "\"accessPolicies\":[],\"previewAccess\":null,\"publicKeys\":[],"
                + "\"keyGroups\":[],"
                + "\"signIn\":{\"title\":null,\"accent\":null,\"logo\":null},"
                + "\"deploymentSettings\":{\"mode\":\"all\",\"names\":[]}}");
  }

  @Test
  void theSameAgainIsNoOtherVersion() {
    String path = site("settings-same");
    assertThat(put(path, "{\"immutableAssets\":false}", "*").header("ETag")).isEqualTo("\"2\"");
    Answer again = put(path, "{\"immutableAssets\":false}", "\"2\"");
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.header("ETag")).isEqualTo("\"2\"");
    assertThat(get(path + "/versions").json().path("items")).hasSize(1);
    assertThat(get("/v1/sites/settings-same/audit").json().findValuesAsText("action"))
        .containsOnlyOnce("site.settings");
    assertThat(put(path, "{\"immutableAssets\":false}", "\"1\"").status()).isEqualTo(412);
  }

  @Test
  void whatIsPutIsShownWithDefaultsAndWithoutSecrets() {
    String path = site("settings-put");
    Answer put = put(path, DOCUMENT, "\"1\"");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.header("ETag")).isEqualTo("\"2\"");
    assertThat(put.json().at("/origins/0/port").asInt()).isEqualTo(443);
    assertThat(put.json().at("/origins/0/headers/0/name").asText()).isEqualTo("X-Key");
    assertThat(put.json().at("/origins/0/headers/0/value").isNull()).isTrue();
    assertThat(put.json().at("/behaviours/0/cachePolicy").asText()).isEqualTo("CachingDisabled");
    Answer shown = get(path);
    assertThat(shown.json()).isEqualTo(put.json());
    assertThat(shown.header("ETag")).isEqualTo("\"2\"");
    assertThat(get("/v1/sites/settings-put").header("ETag")).isEqualTo("\"2\"");
    Answer audit = get("/v1/sites/settings-put/audit");
    assertThat(audit.text()).doesNotContain("s3cret");
    assertThat(audit.json().at("/items/0/action").asText()).isEqualTo("site.settings");
    assertThat(audit.json().at("/items/0/details/version").asText()).isEqualTo("2");
    assertThat(audit.json().at("/items/0/details/changed").asText())
        .contains("behaviours", "origins");
  }

  /** What opens a site is told from what is about caching alone, and a secret's change is seen. */
  @Test
  void theAuditLogNamesWhatHasChanged() {
    String path = site("settings-audited");
    String origin =
        "\"origins\":[{\"id\":\"app\",\"host\":\"app.example.com\","
            + "\"headers\":[{\"name\":\"X-Key\",\"value\":\"%s\"}]}]";
    String closed = "\"accessPolicies\":[{\"id\":\"in\",\"signedIn\":true}]";
    put(path, "{" + origin.formatted("s3cret") + "," + closed + "}", "\"1\"");
    put(path, "{" + origin.formatted("s3cret") + "}", "\"2\"");
    put(path, "{" + origin.formatted("other") + "}", "\"3\"");
    JsonNode items = get("/v1/sites/settings-audited/audit").json().get("items");
    assertThat(items.findValuesAsText("changed"))
        .startsWith("origins", "accessPolicies", "accessPolicies,origins");
    String password = "\"accessPolicies\":[{\"id\":\"in\",\"password\":{\"value\":\"%s\"}}]";
    put(path, "{" + password.formatted("correct horse") + "}", "\"4\"");
    // With what has its default spelled out.
    put(path, "{\"behaviours\":[]," + password.formatted("battery staple") + "}", "\"5\"");
    assertThat(
            get("/v1/sites/settings-audited/audit").json().get("items").findValuesAsText("changed"))
        .startsWith("accessPolicies", "accessPolicies,origins");
  }

  @Test
  void passwordsAreToldToGatewaysAloneAndAsHashes() {
    String path = site("settings-password");
    Answer put =
        put(
            path,
            "{\"accessPolicies\":[{\"id\":\"shared\","
                + "\"password\":{\"value\":\"correct horse battery\"}}],"
                + "\"previewAccess\":\"shared\"}",
            "*");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.text()).doesNotContain("correct", "argon2");
    assertThat(get(path + "/versions/2").text()).doesNotContain("correct", "argon2");
    JsonNode told = snapshot("settings-password");
    assertThat(told.at("/requires/0").asText()).isEqualTo("access");
    assertThat(told.at("/settings/accessPolicies/0/password/value").asText())
        .startsWith("$argon2id$");
    assertThat(put(path, get(path).text(), "*").status()).isEqualTo(200);
    assertThat(snapshot("settings-password").at("/settings/accessPolicies"))
        .isEqualTo(told.at("/settings/accessPolicies"));
  }

  @Test
  void gatewaysLearnTheRolesOfMembers() {
    site("settings-members");
    String sub = get("/v1/sites/settings-members/members").json().at("/items/0/sub").asText();
    String at = "/internal/sites/settings-members/members/";
    assertThat(internal(at + sub).json().at("/role").asText()).isEqualTo("owner");
    assertThat(internal(at + "nobody").json().at("/role").isNull()).isTrue();
    assertThat(server.call("GET", at + sub, owner, null).status()).isEqualTo(404);
  }

  private static Answer internal(String path) {
    return ContentServer.send("GET", server.at("internal", path), ContentServer.SECRET, null);
  }

  /** As when a release without files, or a hand, wrote the document in the table. */
  @Test
  void aSiteIsClosedRatherThanOpenedWhenItsSettingsAreNotUnderstood() {
    String path = site("settings-closed");
    put(path, "{\"defaultBehaviour\":{\"viewerProtocol\":\"https-only\"}}", "*");
    Table table = server.bean(Table.class);
    Key key = new Key("SITE#settings-closed", "EDGE#SETTINGS");
    Item stored = table.get(key).orElseThrow();
    table.transact(
        List.of(
            Write.put(
                stored.with(
                    "document",
                    "{\"accessPolicies\":[{\"id\":\"a\",\"signedIn\":true,\"device\":1}],"
                        + "\"defaultBehaviour\":{\"accessPolicy\":\"a\"}}"))));
    assertThat(snapshot("settings-closed").at("/requires/0").asText()).isEqualTo("repair");
  }

  /** What a client shows and sends back changes nothing, secrets included. */
  @Test
  void whatIsShownCanBePutBack() {
    String path = site("settings-back");
    put(path, DOCUMENT, "*");
    Answer shown = get(path);
    Answer back = put(path, shown.text(), shown.header("ETag"));
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(back.json()).isEqualTo(shown.json());
    assertThat(snapshot("settings-back").at("/settings/origins/0/headers/0/value").asText())
        .isEqualTo("s3cret");
  }

  @Test
  void gatewaysGetTheCompiledForm() {
    String path = site("settings-feed");
    long before =
        ContentServer.send(
                "GET", server.at("internal", "/internal/snapshots"), ContentServer.SECRET, null)
            .json()
            .path("position")
            .asLong();
    put(path, DOCUMENT, "*");
    JsonNode changes =
        ContentServer.send(
                "POST",
                server.at("internal", "/internal/changes"),
                ContentServer.SECRET,
                "{\"gateway\":\"gw-set\",\"after\":"
                    + before
                    + ",\"waitMillis\":0,\"counters\":{}}")
            .json();
    assertThat(changes.path("changes").findValuesAsText("site")).contains("settings-feed");
    JsonNode snapshot = snapshot("settings-feed");
    assertThat(snapshot.path("version").asInt()).isEqualTo(2);
    JsonNode settings = snapshot.path("settings");
    assertThat(settings.path("immutableAssets").asBoolean()).isFalse();
    assertThat(settings.at("/origins/0/headers/0/value").asText()).isEqualTo("s3cret");
    assertThat(settings.at("/behaviours/0/cachePolicy").asText())
        .isEqualTo("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        .isEqualTo(settings.at("/cachePolicies/0/id").asText());
  }

  @Test
  void ofADeletedSiteGatewaysLearnNothing() {
    String path = site("settings-gone");
    put(path, DOCUMENT, "*");
    server.call("DELETE", "/v1/sites/settings-gone", owner, null);
    assertThat(snapshot("settings-gone").at("/settings/origins").isEmpty()).isTrue();
    assertThat(get(path).json().path("origins")).hasSize(1);
    Answer refused = put(path, "{}", "*");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("site-deleted");
    server.call("POST", "/v1/sites/settings-gone/restore", owner, null);
    assertThat(snapshot("settings-gone").at("/settings/origins")).hasSize(1);
  }

  @Test
  void theWholeDocumentIsReplaced() {
    String path = site("settings-whole");
    put(path, DOCUMENT, "*");
    Answer emptied = put(path, "{}", "\"2\"");
    assertThat(emptied.json().path("origins")).isEmpty();
    assertThat(emptied.json().path("immutableAssets").asBoolean()).isTrue();
    assertThat(snapshot("settings-whole").at("/settings/behaviours")).isEmpty();
  }

  @Test
  void onlyTheVersionThatWasReadIsReplaced() {
    String path = site("settings-match");
    assertThat(put(path, "{}", null).status()).isEqualTo(428);
    assertThat(put(path, "{}", "\"7\"").status()).isEqualTo(412);
    assertThat(put(path, "{}", "nonsense").status()).isEqualTo(412);
    assertThat(put(path, "{}", "\"1\"").status()).isEqualTo(200);
    assertThat(put(path, "{}", "\"1\"").status()).isEqualTo(412);
    assertThat(get(path).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void aRefusedDocumentChangesNothing() {
    String path = site("settings-refused");
    Answer refused =
        put(
            path,
            "{\"immutableAssets\":false,\"behaviours\":[{\"pattern\":\"/a\",\"origin\":\"x\","
                + "\"cache\":1}]}",
            "*");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("validation");
    var errors =
        new ArrayList<>(
            List.of(
                refused.json().at("/errors/0/field").asText(),
                refused.json().at("/errors/1/field").asText()));
    assertThat(errors).containsExactlyInAnyOrder("behaviours[0].cache", "behaviours[0].origin");
    assertThat(refused.text()).contains("no origin \\\"x\\\"");
    assertThat(get(path).header("ETag")).isEqualTo("\"1\"");
    assertThat(snapshot("settings-refused").at("/settings/immutableAssets").asBoolean()).isTrue();
  }

  @Test
  void malformedAndTooLargeBodiesAreRefused() {
    String path = site("settings-body");
    assertThat(put(path, "{", "*").problem()).isEqualTo("malformed-json");
    assertThat(put(path, "\"\ud800\"", "*").status()).isEqualTo(400);
    String spaces = " ".repeat(300 * 1024);
    assertThat(put(path, "{" + spaces + "}", "*").status()).isEqualTo(413);
    assertThat(server.call("PUT", path, owner, null, "If-Match", "*").status()).isEqualTo(400);
  }

  @Test
  void innerHostsAreThoseThatTheOperatorAllows() {
    String path = site("settings-inner");
    String document = "{\"origins\":[{\"id\":\"a\",\"host\":\"%s\"}]}";
    assertThat(put(path, document.formatted("10.1.2.3"), "*").status()).isEqualTo(200);
    assertThat(put(path, document.formatted("db.internal"), "*").status()).isEqualTo(200);
    for (String host : List.of("10.2.2.3", "127.0.0.1", "localhost", "::1", "169.254.169.254")) {
      Answer refused = put(path, document.formatted(host), "*");
      assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("origins[0].host");
    }
  }

  @Test
  void onlyOwnersReplaceAndMembersRead() {
    String path = site("settings-rights");
    String sub = "11111111-2222-3333-4444-555555555555";
    String viewer = server.pool().accessToken(sub);
    assertThat(server.call("GET", path, viewer, null).status()).isEqualTo(404);
    server.call(
        "PUT", "/v1/sites/settings-rights/members/" + sub, owner, "{\"role\":\"publisher\"}");
    assertThat(server.call("GET", path, viewer, null).status()).isEqualTo(200);
    assertThat(server.call("PUT", path, viewer, "{}", "If-Match", "*").status()).isEqualTo(403);
    assertThat(server.call("GET", path, null, null).status()).isEqualTo(401);
  }

  @Test
  void concurrentReplacementsOfAnyVersionAllSucceed() throws Exception {
    String path = site("settings-race");
    var answers = new ArrayList<Future<Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        String document = DOCUMENT.replace("/api/*", "/api" + i + "/*");
        answers.add(executor.submit(() -> put(path, document, "*")));
      }
    }
    List<String> tags = new ArrayList<>();
    for (Future<Answer> answer : answers) {
      assertThat(answer.get().status()).as(answer.get().text()).isEqualTo(200);
      tags.add(answer.get().header("ETag"));
    }
    assertThat(tags).doesNotHaveDuplicates();
    assertThat(get(path).header("ETag")).isEqualTo("\"9\"");
  }

  /** What the release before this kept at the site's item. */
  @Test
  void theSettingOfASiteWithoutADocumentIsAtTheSite() {
    String path = site("settings-old");
    Key key = new Key("SITE#settings-old", "SITE");
    server.bean(Table.class).write(Write.update(key).set("immutableAssets", false));
    assertThat(get(path).json().path("immutableAssets").asBoolean(true)).isFalse();
    assertThat(snapshot("settings-old").at("/settings/immutableAssets").asBoolean(true)).isFalse();
    put(path, "{}", "*");
    Item site = server.bean(Table.class).get(key).orElseThrow();
    assertThat(site.flag("immutableAssets")).isTrue();
  }

  @Test
  void theLargestDocumentFitsTheTableAndASnapshot() {
    String path = site("settings-large");
    String behaviours =
        IntStream.range(0, 75)
            .mapToObj(i -> "{\"pattern\":\"/" + i + "a".repeat(250) + "*\",\"origin\":\"o0\"}")
            .collect(Collectors.joining(","));
    String value = "v".repeat(1500);
    String origins =
        IntStream.range(0, 25)
            .mapToObj(
                i ->
                    "{\"id\":\"o%d\",\"host\":\"a.example\",\"headers\":[{\"name\":\"k\",\"value\":\"%s\"}]}"
                        .formatted(i, value))
            .collect(Collectors.joining(","));
    String document = "{\"origins\":[" + origins + "],\"behaviours\":[" + behaviours + "]}";
    assertThat(document.length()).isGreaterThan(60_000);
    Answer put = put(path, document, "*");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(snapshot("settings-large").at("/settings/behaviours")).hasSize(75);
  }
}
