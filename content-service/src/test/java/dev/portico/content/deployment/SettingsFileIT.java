package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.SettingsFiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code portico.yml}: published, activated and rolled back with the files. */
class SettingsFileIT {
  private static final String OWNED = "Portico-Settings-File";
  private static final String API =
      """
      {"files": {"notFound": "plain"},
       "origins": [{"id": "api", "host": "api.example.com",
                    "headers": [{"name": "X-Key", "value": "s3cret"}]}],
       "behaviours": [{"pattern": "/api/*", "origin": "api"}]}\
      """;

  private static ContentServer server;
  private static Publisher publisher;
  private String site;

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
  void createSite() {
    site = publisher.newSite();
  }

  private String path() {
    return "/v1/sites/" + site;
  }

  private Answer put(String settings) {
    return publisher.call("PUT", path() + "/settings", settings, "If-Match", "*");
  }

  private void given(String settings) {
    Answer put = put(settings);
    assertThat(put.status()).as(put.text()).isEqualTo(200);
  }

  private Answer publish(String yaml, String query) {
    TestSite files = TestSite.of("/index.html", "settings of " + site, "/portico.yml", yaml);
    return publisher.publishByDigests(site, files, query);
  }

  private String published(String yaml, String query) {
    Answer sealed = publish(yaml, query);
    assertThat(sealed.status()).as(sealed.text()).isEqualTo(200);
    return sealed.json().path("id").asText();
  }

  private JsonNode snapshot() {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json();
  }

  private void assertServed(String deployment, String notFound) {
    JsonNode snapshot = snapshot();
    assertThat(snapshot.path("deployment").asText()).isEqualTo(deployment);
    assertThat(snapshot.at("/settings/files/notFound").asText()).isEqualTo(notFound);
  }

  @Test
  void activationAndRollbackSwitchSettingsWithTheFiles() {
    given(API);
    String plain = published("", "?activate=true");
    assertServed(plain, "plain");
    long version = snapshot().path("version").asLong();
    String spa = published("files: {notFound: spa}", "?activate=true");
    assertServed(spa, "spa");
    assertThat(snapshot().path("version").asLong()).as("one change").isEqualTo(version + 1);
    assertThat(snapshot().at("/settings/behaviours")).as("the others stay").hasSize(1);
    String page = published("files: {pretty: true}", "");
    assertServed(spa, "spa");
    assertThat(publisher.post(path() + "/deployments/" + page + "/activate").status())
        .isEqualTo(200);
    assertServed(page, "page");
    publisher.post(path() + "/rollback");
    assertServed(spa, "spa");
    publisher.post(path() + "/rollback");
    assertServed(plain, "plain");
  }

  /** It would be a file as any other, for everybody to read. */
  @Test
  void anotherSpellingOfTheNameIsRefused() {
    TestSite files =
        TestSite.of(
            "/index.html", "settings of " + site, "/portico.yaml", "files: {notFound: spa}");
    Answer refused = publisher.publishByDigests(site, files, "");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("invalid-rules");
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("portico.yaml");
    assertThat(refused.json().at("/errors/0/reason").asText()).contains("portico.yml");
    TestSite below =
        TestSite.of("/index.html", "settings of " + site, "/docs/portico.yaml", "files: {}");
    assertThat(publisher.publishByDigests(site, below, "").status()).isEqualTo(200);
  }

  @Test
  void theApiSaysWhichKeysItOwnsAndWhatHolds() {
    given(API);
    Answer before = publisher.get(path() + "/settings");
    assertThat(before.headers().firstValue(OWNED)).isEmpty();
    published("files: {notFound: spa}\nbehaviours: []", "?activate=true");
    Answer own = publisher.get(path() + "/settings");
    assertThat(own.header(OWNED)).isEqualTo("behaviours, files");
    assertThat(own.json()).isEqualTo(before.json());
    Answer effective = publisher.get(path() + "/settings?effective=true");
    assertThat(effective.header(OWNED)).isEqualTo("behaviours, files");
    assertThat(effective.header("ETag")).isEqualTo(own.header("ETag"));
    assertThat(effective.json().at("/files/notFound").asText()).isEqualTo("spa");
    assertThat(effective.json().at("/behaviours")).isEmpty();
    assertThat(effective.json().at("/origins")).hasSize(1);
    assertThat(effective.text()).doesNotContain("s3cret");

    Answer put = put(own.text());
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.header(OWNED)).isEqualTo("behaviours, files");
    assertThat(put.json()).as("what is kept").isEqualTo(own.json());
    assertThat(snapshot().at("/settings/files/notFound").asText()).isEqualTo("spa");
  }

  @Test
  void secretsStayWithTheApi() {
    String origin = "origins:\n- {id: api, host: %s, headers: [{name: X-Key}]}\n";
    given(API);
    published(origin.formatted("api.example.com"), "?activate=true");
    assertThat(snapshot().at("/settings/origins/0/headers/0/value").asText()).isEqualTo("s3cret");
    Answer elsewhere = publish(origin.formatted("evil.example.com"), "?activate=true");
    assertConflict(elsewhere, "origins[0].headers[0].value");
    Answer written =
        publish(origin.formatted("a.example").replace("X-Key", "X-Key, value: s3cret"), "");
    assertThat(written.status()).as(written.text()).isEqualTo(422);
    assertThat(written.json().at("/errors/0/field").asText()).isEqualTo("portico.yml:2:54");
    assertThat(written.text()).doesNotContain("s3cret");
  }

  @Test
  void faultsFailTheSealWithThoseOfTheRules() {
    TestSite files =
        TestSite.of("/index.html", site, "/portico.yml", "file: {}\n", "/_redirects", "/a\n");
    Answer refused = publisher.publishByDigests(site, files, "?activate=true");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("invalid-rules");
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("_redirects:1");
    assertThat(refused.json().at("/errors/1/field").asText()).isEqualTo("portico.yml:1:1");
    assertThat(refused.json().at("/errors/1/reason").asText()).startsWith("file: is unknown");
    assertThat(publisher.publishArchive(site, files.tar(), "").status()).isEqualTo(422);
    assertThat(snapshot().path("deployment").isNull()).isTrue();

    Answer tooLong = publish("#".repeat((64 << 10) + 1), "");
    assertThat(tooLong.json().at("/errors/0/field").asText()).isEqualTo("portico.yml:1:1");
  }

  private static void assertConflict(Answer refused, String field) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("settings-conflict");
    assertThat(refused.json().at("/errors")).hasSize(1);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void whatDoesNotGoTogetherIsNotActivated() {
    given("{}");
    long empty = snapshot().path("version").asLong();
    String plain = published("", "?activate=true");
    Answer refused = publish("behaviours: [{pattern: /api/*, origin: api}]", "?activate=true");
    assertConflict(refused, "behaviours[0].origin");
    assertServed(plain, "page");
    given(API);
    String id = published("behaviours: [{pattern: /api/*, origin: api}]", "?activate=true");
    assertServed(id, "plain");

    // Nor is it when settings change, or a roll-back leads to it.
    long version = snapshot().path("version").asLong();
    assertConflict(put("{}"), "behaviours[0].origin");
    assertConflict(
        publisher.post(path() + "/settings/versions/" + empty + "/restore"),
        "behaviours[0].origin");
    assertThat(snapshot().path("version").asLong()).isEqualTo(version);
    published("files: {}", "?activate=true");
    given("{}");
    assertConflict(publisher.post(path() + "/rollback"), "behaviours[0].origin");
    assertThat(snapshot().path("version").asLong()).isEqualTo(version + 2);
  }

  @Test
  void aPurgedSiteLeavesNothing() {
    published("files: {}", "");
    Table table = server.bean(Table.class);
    assertThat(table.query(Query.of(SettingsFiles.partition(site))).items()).hasSize(1);
    server.bean(DeploymentPurge.class).purge(site, () -> {});
    assertThat(table.query(Query.of(SettingsFiles.partition(site))).items()).isEmpty();
  }

  private static final String SCOPED =
      """
      files: {notFound: page}
      context:
        preview: {files: {notFound: spa}}
        aliases:
          next: {files: {pretty: true}, behaviours: [{pattern: /api/*, origin: api}]}
      """;

  private Answer preview(String id, String context) {
    return ContentServer.send(
        "GET",
        server.at(
            "internal",
            "/internal/sites/" + site + "/deployments/" + id + "/settings?context=" + context),
        ContentServer.SECRET,
        null);
  }

  private Answer alias(String name, String id) {
    return publisher.call("PUT", path() + "/aliases/" + name, "{\"deployment\":\"" + id + "\"}");
  }

  @Test
  void previewsAreGivenWhatHoldsForThem() {
    String plain = published("", "?activate=true");
    String id = published(SCOPED, "");
    assertThat(preview(id, "preview").json().at("/settings/files/notFound").asText())
        .isEqualTo("spa");
    assertThat(preview(plain, "preview").json().path("settings"))
        .isEqualTo(snapshot().path("settings"));
    assertThat(snapshot().path("settingsFile").isNull()).isTrue();

    Answer refused = preview(id, "alias:next");
    assertConflict(refused, "behaviours[0].origin");
    assertConflict(alias("next", id), "behaviours[0].origin");
    assertThat(alias("other", id).status()).isEqualTo(201);
    given(API);
    assertThat(alias("next", id).status()).isEqualTo(201);
    JsonNode next = preview(id, "alias:next").json().path("settings");
    assertThat(next.at("/files/pretty").asBoolean()).isTrue();
    assertThat(next.at("/origins/0/headers/0/value").asText()).isEqualTo("s3cret");

    assertThat(preview(id, "nothing").status()).isEqualTo(400);
    assertThat(preview("nothing", "preview").status()).isEqualTo(200);
    publisher.post(path() + "/deployments/" + id + "/activate");
    assertServed(id, "page");
    assertThat(snapshot().path("settingsFile").asText()).isEqualTo(id);
  }

  @Test
  void theApiShowsWhatWouldHold() {
    given(API);
    String id = published(SCOPED, "");
    String asked = path() + "/settings?effective=true&deployment=" + id;
    Answer live = publisher.get(asked);
    assertThat(live.json().at("/files/notFound").asText()).isEqualTo("page");
    assertThat(live.header(OWNED)).isEqualTo("files");
    Answer next = publisher.get(asked + "&context=alias:next");
    assertThat(next.json().at("/files/pretty").asBoolean()).isTrue();
    assertThat(next.header(OWNED)).isEqualTo("behaviours, files");
    assertThat(next.text()).doesNotContain("s3cret");
    assertThat(publisher.get(path() + "/settings").json().at("/files/notFound").asText())
        .isEqualTo("plain");
    given("{}");
    assertConflict(publisher.get(asked + "&context=alias:next"), "behaviours[0].origin");
    assertThat(publisher.get(asked + "&context=other").status()).isEqualTo(400);
  }

  @Test
  void theApiShowsWhatHoldsForDeploymentsThatThereAreAlone() {
    String live = published("", "?activate=true");
    String id = published("files: {notFound: spa}", "");
    assertThat(alias("next", id).status()).isEqualTo(201);
    String asked = path() + "/settings?effective=true&deployment=";
    assertThat(publisher.get(asked + live).json().at("/files/notFound").asText()).isEqualTo("page");
    assertThat(publisher.get(asked + "next").json().at("/files/notFound").asText())
        .isEqualTo("spa");
    for (String unknown : List.of("nonesuch", "aaaaaaaaaaaaaaaaaaaa", "")) {
      assertFault(asked + unknown, "deployment");
    }
    assertFault(path() + "/settings?deployment=" + id, "deployment");
    assertFault(path() + "/settings?context=preview", "context");
    assertFault(path() + "/settings?effective=maybe", "effective");
    String defaults = path() + "/settings?effective=false&context=production";
    assertThat(publisher.get(defaults).status()).isEqualTo(200);
  }

  private void assertFault(String asked, String field) {
    Answer refused = publisher.get(asked);
    assertThat(refused.status()).as(asked).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void theAuditLogNamesTheKeysOfTheFile() {
    published("behaviours: []\nfiles: {}", "?activate=true");
    assertThat(publisher.get(path() + "/audit").text()).contains("\"behaviours, files\"");
  }

  @Test
  void anAliasThatCannotBeKeepsTheDeploymentFromBeingActivated() {
    String plain = published("", "?activate=true");
    assertConflict(publish(SCOPED, "?activate=true&alias=next"), "behaviours[0].origin");
    assertServed(plain, "page");
    assertThat(publisher.get(path() + "/aliases/next").status()).isEqualTo(404);
    given(API);
    String id = published(SCOPED, "?activate=true&alias=next");
    assertServed(id, "page");
  }

  /** As a release without files of settings, or a hand, would leave the site's own. */
  private void written(String settings) {
    Table table = server.bean(Table.class);
    Item item = table.get(new Key("SITE#" + site, "EDGE#SETTINGS")).orElseThrow();
    table.write(Write.put(item.with("document", settings).withMap("secrets", Map.of())));
  }

  /** A gateway that starts must get all the others. */
  @Test
  void aSiteThatCannotBeReadKeepsNoGatewayFromTheOthers() {
    given(API);
    written("{\"origins\":");
    boolean found = false;
    String cursor = "";
    while (!found && !cursor.equals("?cursor=null")) {
      JsonNode page =
          ContentServer.send(
                  "GET",
                  server.at("internal", "/internal/snapshots" + cursor),
                  ContentServer.SECRET,
                  null)
              .json();
      found = page.path("damaged").findValuesAsText("site").contains(site);
      assertThat(page.path("sites").findValuesAsText("site")).doesNotContain(site);
      cursor = "?cursor=" + page.path("next").asText();
    }
    assertThat(found).isTrue();
    written("{}");
    assertThat(snapshot().path("site").asText()).isEqualTo(site);
  }

  @Test
  void whatDoesNotGoTogetherLaterIsNotGivenToGateways() {
    given(API);
    String id = published("files: {notFound: spa}\nbehaviours: [{pattern: /, origin: api}]", "");
    publisher.post(path() + "/deployments/" + id + "/activate");
    assertServed(id, "spa");
    written("{\"files\":{\"notFound\":\"plain\"}}");
    assertServed(id, "plain");
    assertThat(snapshot().at("/settings/behaviours")).isEmpty();
    assertThat(snapshot().path("settingsFile").isNull()).isTrue();
  }

  @Test
  void aFaultOfTheSitesOwnSettingsDoesNotKeepAFileFromBeingActivated() {
    given(API);
    published("", "?activate=true");
    written("{\"origins\":[{\"id\":\"api\",\"host\":\"127.0.0.1\"}]}");
    String id = published("files: {notFound: spa}", "?activate=true");
    assertServed(id, "spa");
    assertConflict(
        publish("behaviours: [{pattern: /, origin: b}]", "?activate=true"), "behaviours[0].origin");
  }

  @Test
  void aReleaseIsJudgedAsAnActivation() {
    published("", "?activate=true");
    String id = published("behaviours: [{pattern: /api/*, origin: api}]", "");
    String release = "{\"deployment\":\"" + id + "\",\"percent\":5}";
    assertConflict(publisher.call("PUT", path() + "/release", release), "behaviours[0].origin");
    given(API);
    assertThat(publisher.call("PUT", path() + "/release", release).status()).isEqualTo(200);
    assertThat(snapshot().at("/settings/files/notFound").asText()).isEqualTo("plain");
  }

  @Test
  void ownersSayWhichKeysAFileMayHave() {
    String only = "{\"deploymentSettings\":{\"mode\":\"only\",\"names\":[\"files\"]}}";
    String behaviours = "files: {}\nbehaviours: []\n";
    String id = published(behaviours, "");
    given(only);
    Answer refused = publish(behaviours + "# again", "?activate=true");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("invalid-rules");
    assertThat(refused.json().at("/errors")).hasSize(1);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("portico.yml:2:1");
    assertThat(refused.json().at("/errors/0/reason").asText()).startsWith("behaviours: cannot");

    // Of before: it is neither made live, nor shown, nor given to a share of the viewers.
    assertConflict(publisher.post(path() + "/deployments/" + id + "/activate"), "behaviours");
    assertConflict(preview(id, "preview"), "behaviours");
    assertConflict(alias("next", id), "behaviours");
    String allowed = published("files: {notFound: spa}", "?activate=true");
    assertServed(allowed, "spa");
    assertConflict(
        publisher.call("PUT", path() + "/release", "{\"deployment\":\"" + id + "\",\"percent\":5}"),
        "behaviours");

    // Nor can owners forbid what is live: they roll back first.
    assertConflict(put("{\"deploymentSettings\":{\"mode\":\"none\"}}"), "files");
    assertThat(publisher.get(path() + "/settings").json().at("/deploymentSettings/mode").asText())
        .isEqualTo("only");
    written("{\"deploymentSettings\":{\"mode\":\"none\"}}");
    assertServed(allowed, "page");
  }

  /** Which rule is for which path is said by behaviours: without them nothing would be guarded. */
  @Test
  void aFileThatCannotHaveRulesOfAccessDoesNotTakeThemFromPaths() {
    String guarded =
        """
        {"accessPolicies": [{"id": "team", "groups": {"any": ["staff"]}}],
         "behaviours": [{"pattern": "/private/*", "accessPolicy": "team"}],
         "deploymentSettings": {"mode": "only",
                                "names": ["files", "behaviours", "responseHeadersPolicies"]}}
        """;
    String id = published("behaviours: []", "");
    given(guarded);
    Answer refused = publish("behaviours: []\n# again", "?activate=true");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().at("/errors/0/reason").asText())
        .startsWith("behaviours: cannot stand")
        .endsWith("needs accessPolicies besides)");
    assertConflict(publisher.post(path() + "/deployments/" + id + "/activate"), "behaviours");
    assertConflict(preview(id, "preview"), "behaviours");
    assertThat(snapshot().path("deployment").isNull()).isTrue();

    // Nor can a rule be given to a path that the live file leaves without.
    given("{}");
    publisher.post(path() + "/deployments/" + id + "/activate");
    assertConflict(put(guarded), "behaviours");
    String allowed = published("files: {notFound: spa}", "?activate=true");
    given(guarded);
    assertServed(allowed, "spa");
    assertThat(snapshot().at("/settings/behaviours/0/accessPolicy").asText()).isEqualTo("team");
  }

  @Test
  void aFileMayNameSharedPolicies() {
    String admin = server.person("admins");
    String policy = "/v1/policies/" + site;
    String yaml = "defaultBehaviour: {responseHeadersPolicy: " + site + "}";
    Answer none = publish(yaml, "?activate=true");
    assertThat(none.status()).as("there is none yet, perhaps in the settings").isEqualTo(409);
    assertThat(none.json().at("/errors/0/field").asText())
        .isEqualTo("defaultBehaviour.responseHeadersPolicy");
    assertThat(publish("responseHeadersPolicies: []\n" + yaml, "").status()).isEqualTo(422);
    assertThat(server.call("PUT", policy, admin, "{\"responseHeaders\":{}}").status())
        .isEqualTo(201);
    published("responseHeadersPolicies: []\n" + yaml, "");
    String id = published(yaml, "?activate=true");
    assertThat(snapshot().path("settingsFile").asText()).isEqualTo(id);
    assertThat(snapshot().at("/settings/defaultBehaviour/responseHeadersPolicy").asText())
        .isEqualTo(site);
    assertThat(server.call("DELETE", policy, admin, null).problem()).isEqualTo("policy-in-use");
    // Its use ends and begins with the deployments that are live.
    published("", "?activate=true");
    assertThat(server.call("GET", policy + "/sites", admin, null).json().path("items")).isEmpty();
    publisher.post(path() + "/rollback");
    assertThat(server.call("DELETE", policy, admin, null).status()).isEqualTo(409);
    published("files: {}", "?activate=true");
    assertThat(server.call("DELETE", policy, admin, null).status()).isEqualTo(204);
    assertConflict(
        publisher.post(path() + "/deployments/" + id + "/activate"),
        "defaultBehaviour.responseHeadersPolicy");
    // Had it gone only after the judgement, the transaction would be refused.
    Table table = server.bean(Table.class);
    Item item = table.get(SiteAccess.siteKey(site)).orElseThrow();
    List<Write> others =
        server
            .bean(SettingsFiles.class)
            .activated(Write.update(item.key()).set("title", "changed"), item, id)
            .others();
    assertThat(table.transact(others).failure(new Key("POLICIES", site))).isPresent();
  }
}
