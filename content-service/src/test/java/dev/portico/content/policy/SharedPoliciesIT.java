package dev.portico.content.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.member.SiteAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Policies that sites share: written by admins, named by sites, told to gateways. */
class SharedPoliciesIT {
  private static final String POLICIES = "/v1/policies/";
  private static final String CACHE = "{\"cache\":{\"maxTtlSeconds\":%d}}";

  private static ContentServer server;
  private static String admin;
  private static String publisher;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    admin = server.person("admins");
    publisher = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer put(String id, String json, String... headers) {
    return server.call("PUT", POLICIES + id, admin, json, headers);
  }

  private static Answer given(String id, String json) {
    Answer put = put(id, json);
    assertThat(put.status()).as(put.text()).isIn(200, 201);
    return put;
  }

  private static JsonNode get(String path) {
    Answer shown = server.call("GET", path, admin, null);
    assertThat(shown.status()).as(shown.text()).isEqualTo(200);
    return shown.json();
  }

  private static Answer internal(String path) {
    return ContentServer.send(
        "GET", server.at("internal", "/internal/" + path), ContentServer.SECRET, null);
  }

  private static String site(String name) {
    assertThat(server.call("POST", "/v1/sites", publisher, "{\"name\":\"" + name + "\"}").status())
        .isEqualTo(201);
    return "/v1/sites/" + name;
  }

  private static Answer settings(String site, String json) {
    return server.call("PUT", site + "/settings", publisher, json, "If-Match", "*");
  }

  private static void named(String site, String policy) {
    Answer put = settings(site, "{\"defaultBehaviour\":{\"cachePolicy\":\"" + policy + "\"}}");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
  }

  private static JsonNode feed(long after) {
    return ContentServer.send(
            "POST",
            server.at("internal", "/internal/changes"),
            ContentServer.SECRET,
            "{\"gateway\":\"gw-policies\",\"after\":"
                + after
                + ",\"waitMillis\":0,\"counters\":{}}")
        .json();
  }

  /** A policy as gateways get it. */
  private static JsonNode held(String id) {
    for (JsonNode each : internal("policies").json().path("policies")) {
      if (each.path("id").asText().equals(id)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  private static long position() {
    return internal("snapshots").json().path("position").asLong();
  }

  @Test
  void adminsWriteAndPublishersRead() {
    Answer made = put("rights", CACHE.formatted(60));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    Answer read = server.call("GET", POLICIES + "rights", publisher, null);
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.header("ETag")).isEqualTo(made.header("ETag"));
    assertThat(read.json()).isEqualTo(made.json());
    assertThat(read.json().at("/kind").asText()).isEqualTo("cache");
    assertThat(read.json().at("/cache/defaultTtlSeconds").asLong()).isEqualTo(60);
    assertThat(put("rights", read.text()).status()).as("what was shown").isEqualTo(200);

    String viewer = server.person();
    for (String method : List.of("PUT", "DELETE")) {
      Answer refused =
          server.call(method, POLICIES + "rights", publisher, method.equals("PUT") ? "{}" : null);
      assertThat(refused.status()).as(method).isEqualTo(403);
    }
    assertThat(server.call("GET", POLICIES + "rights", viewer, null).status()).isEqualTo(403);
    assertThat(server.call("GET", "/v1/policies", viewer, null).status()).isEqualTo(403);
    assertThat(server.call("GET", POLICIES + "rights/sites", publisher, null).status())
        .isEqualTo(403);
    assertThat(server.call("GET", "/v1/policies", null, null).status()).isEqualTo(401);
    assertThat(server.call("GET", POLICIES + "none", admin, null).status()).isEqualTo(404);
    assertThat(server.call("GET", POLICIES + "n".repeat(3000), admin, null).status())
        .isEqualTo(404);
    assertThat(server.call("DELETE", POLICIES + "none", admin, null).status()).isEqualTo(404);
  }

  @Test
  void editsDoNotUndoOthers() {
    String first = given("edited", CACHE.formatted(1)).header("ETag");
    String second = put("edited", CACHE.formatted(2), "If-Match", first).header("ETag");
    assertThat(put("edited", CACHE.formatted(3), "If-Match", first).status()).isEqualTo(412);
    assertThat(put("unmade", CACHE.formatted(3), "If-Match", "*").status()).isEqualTo(412);
    assertThat(get(POLICIES + "edited").at("/cache/maxTtlSeconds").asLong()).isEqualTo(2);
    Answer kind = put("edited", "{\"responseHeaders\":{}}");
    assertThat(kind.status()).isEqualTo(409);
    assertThat(kind.problem()).isEqualTo("policy-kind");
    assertThat(server.call("DELETE", POLICIES + "edited", admin, null, "If-Match", first).status())
        .isEqualTo(412);
    assertThat(server.call("DELETE", POLICIES + "edited", admin, null, "If-Match", second).status())
        .isEqualTo(204);
    // Anew, of another kind: the version goes on, which gateways apply in order.
    String third = given("edited", "{\"responseHeaders\":{}}").header("ETag");
    assertThat(number(third)).isGreaterThan(number(second));
  }

  private static long number(String tag) {
    return Long.parseLong(tag.replace("\"", ""));
  }

  @Test
  void allFaultsAreToldAndNothingIsChanged() {
    given("faulty", CACHE.formatted(5));
    Answer refused = put("faulty", "{\"cache\":{\"maxTtlSeconds\":-1,\"ttl\":1}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("cache.maxTtlSeconds", "cache.ttl");
    assertThat(get(POLICIES + "faulty").at("/cache/maxTtlSeconds").asLong()).isEqualTo(5);
    assertThat(put("CachingDisabled", CACHE.formatted(5)).status()).isEqualTo(400);
    assertThat(put("faulty", "{\"cache\":").problem()).isEqualTo("malformed-json");
  }

  @Test
  void whatAPolicyHasBeenIsListedWithItsAuthor() {
    String first = given("history", CACHE.formatted(1)).header("ETag");
    given("history", CACHE.formatted(2));
    server.call("DELETE", POLICIES + "history", admin, null);
    JsonNode items = get(POLICIES + "history/versions").path("items");
    assertThat(items).hasSize(3);
    assertThat(items.get(0).path("removed").asBoolean()).isTrue();
    assertThat(items.get(2).path("version").asLong()).isEqualTo(number(first));
    assertThat(items.findValuesAsText("by"))
        .hasSize(3)
        .doesNotContain("")
        .containsOnly(items.get(0).path("by").asText());
    assertThat(items.findValuesAsText("expiresAt")).hasSize(3);
    assertThat(
            get(POLICIES + "history/versions/" + number(first)).at("/cache/maxTtlSeconds").asLong())
        .isEqualTo(1);
    String removed = POLICIES + "history/versions/" + items.get(0).path("version").asLong();
    assertThat(server.call("GET", removed, admin, null).status()).isEqualTo(404);
    given("history", CACHE.formatted(4));
    JsonNode now = get(POLICIES + "history/versions").path("items").get(0);
    assertThat(now.has("expiresAt")).as("holds").isFalse();
  }

  @Test
  void gatewaysHearOfAPolicyAndNotOfItsSites() {
    given("told", CACHE.formatted(1));
    String site = site("policy-told");
    named(site, "told");
    assertThat(internal("sites/policy-told/snapshot").json().at("/settings/cachePolicies"))
        .isEmpty();
    assertThat(
            internal("sites/policy-told/snapshot")
                .json()
                .at("/settings/defaultBehaviour/cachePolicy")
                .asText())
        .isEqualTo("told");
    long before = position();
    String tag = given("told", CACHE.formatted(2)).header("ETag");
    JsonNode changes = feed(before).path("changes");
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).path("type").asText()).isEqualTo("policy");
    assertThat(changes.get(0).path("policy").asText()).isEqualTo("told");
    assertThat(changes.get(0).has("site")).isFalse();
    assertThat(changes.get(0).path("number").asLong()).isEqualTo(number(tag));
    JsonNode one = held("told");
    assertThat(one.path("version").asLong()).isEqualTo(number(tag));
    assertThat(one.at("/policy/cache/maxTtlSeconds").asLong()).isEqualTo(2);
    assertThat(held("none").isMissingNode()).isTrue();
    assertThat(
            ContentServer.send("GET", server.at("internal", "/internal/policies"), null, null)
                .status())
        .isEqualTo(401);
  }

  @Test
  void aPolicyInUseIsNotDeleted() {
    given("used", CACHE.formatted(1));
    String one = site("policy-user-a");
    String other = site("policy-user-b");
    named(one, "used");
    named(one, "used");
    named(other, "used");
    Answer refused = server.call("DELETE", POLICIES + "used", admin, null);
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("policy-in-use");
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .containsExactly("policy-user-a", "policy-user-b");
    JsonNode page = get(POLICIES + "used/sites?limit=1");
    assertThat(page.path("items").get(0).asText()).isEqualTo("policy-user-a");
    assertThat(
            get(POLICIES + "used/sites?limit=1&cursor=" + page.path("next").asText())
                .path("items")
                .get(0)
                .asText())
        .isEqualTo("policy-user-b");
    assertThat(settings(one, "{}").status()).isEqualTo(200);
    assertThat(sites("used")).isEqualTo(1);
    // What defines it by itself does not use it.
    assertThat(
            settings(
                    other,
                    "{\"cachePolicies\":[{\"id\":\"used\"}],"
                        + "\"defaultBehaviour\":{\"cachePolicy\":\"used\"}}")
                .status())
        .isEqualTo(200);
    assertThat(server.call("DELETE", POLICIES + "used", admin, null).status()).isEqualTo(204);
    Answer gone = settings(one, "{\"defaultBehaviour\":{\"cachePolicy\":\"used\"}}");
    assertThat(gone.status()).isEqualTo(400);
    assertThat(gone.json().at("/errors/0/field").asText())
        .isEqualTo("defaultBehaviour.cachePolicy");
  }

  private static long sites(String id) {
    for (JsonNode each : get("/v1/policies?limit=1000").path("items")) {
      if (each.path("id").asText().equals(id)) {
        return each.path("sites").asLong();
      }
    }
    return -1;
  }

  /** However they race: either the site has the policy, or the policy is gone and the site not. */
  @Test
  void aPolicyIsNotDeletedWhileASiteBeginsToUseIt() throws Exception {
    for (int i = 0; i < 8; i++) {
      String id = "raced" + i;
      given(id, CACHE.formatted(1));
      String path = site("policy-raced-" + i);
      var done = new ArrayList<Future<Answer>>();
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        done.add(
            executor.submit(
                () -> settings(path, "{\"defaultBehaviour\":{\"cachePolicy\":\"" + id + "\"}}")));
        done.add(executor.submit(() -> server.call("DELETE", POLICIES + id, admin, null)));
      }
      int use = done.get(0).get().status();
      int delete = done.get(1).get().status();
      assertThat(List.of(use, delete)).isIn(List.of(200, 409), List.of(400, 204));
      assertThat(held(id).isMissingNode()).isEqualTo(use != 200);
    }
  }

  private static Outcome committed(PolicyUses.Changed changed) {
    var writes = new ArrayList<Write>(changed.others());
    writes.add(changed.change());
    return server.bean(Table.class).transact(writes);
  }

  /** Between the judgement of a change and its transaction. */
  @Test
  void aPolicyThatHasGoneMeanwhileRefusesWhatNamesIt() {
    site("policy-lost");
    Item item = server.bean(Table.class).get(SiteAccess.siteKey("policy-lost")).orElseThrow();
    PolicyUses uses = server.bean(PolicyUses.class);
    Write.Update change = Write.update(item.key()).set("title", "changed");
    PolicyUses.Changed lost =
        uses.changed(change, "policy-lost", item, Set.of("lost"), Set.of("lost"));
    assertThat(committed(lost).failure(Policies.key("lost"))).isPresent();

    given("lost", CACHE.formatted(1));
    PolicyUses.Changed found =
        uses.changed(change, "policy-lost", item, Set.of("lost"), Set.of("lost"));
    server.call("DELETE", POLICIES + "lost", admin, null);
    assertThat(committed(found).failure(Policies.key("lost"))).isPresent();
    given("lost", "{\"responseHeaders\":{}}");
    assertThat(committed(found).failure(Policies.key("lost")))
        .as("of another kind it is another one")
        .isPresent();
    assertThat(sites("lost")).isZero();
  }

  /** After a slip by hand. */
  @Test
  void aPolicyThatCannotBeReadKeepsNobodyFromTheOthers() {
    given("whole", CACHE.formatted(3));
    Table table = server.bean(Table.class);
    try {
      table.write(
          Write.put(
              Item.at(Policies.key("broken"))
                  .with("kind", "cache")
                  .with("document", "{\"cache\":")));
      table.write(Write.put(Item.at(Policies.key("broken-too")).with("document", "{}")));
      assertThat(held("whole").at("/policy/cache/maxTtlSeconds").asLong()).isEqualTo(3);
      assertThat(held("broken").isMissingNode()).isTrue();
      assertThat(sites("whole")).isZero();
    } finally {
      table.write(Write.delete(Policies.key("broken")));
      table.write(Write.delete(Policies.key("broken-too")));
    }
  }

  @Test
  void aDeletedSiteUsesItsPoliciesUntilItIsPurged() {
    try (ContentServer hasty = server.copy(Map.of("portico.site.restorable", "0s"))) {
      given("outlived", CACHE.formatted(1));
      String site = site("policy-purged");
      named(site, "outlived");
      assertThat(hasty.call("DELETE", site, publisher, null).status()).isEqualTo(204);
      assertThat(server.call("DELETE", POLICIES + "outlived", admin, null).status()).isEqualTo(409);
      // Who asks for the name has it purged.
      site("policy-purged");
      assertThat(sites("outlived")).isZero();
      assertThat(server.bean(Table.class).query(PolicyUses.of("outlived")).items()).isEmpty();
      assertThat(server.call("DELETE", POLICIES + "outlived", admin, null).status()).isEqualTo(204);
    }
  }

  @Test
  void thereAreHundredAtMost() {
    try (ContentServer other = ContentServer.start(Map.of())) {
      String caller = other.person("admins");
      for (int i = 0; i < Policies.MOST; i++) {
        assertThat(other.call("PUT", POLICIES + "p" + i, caller, CACHE.formatted(i)).status())
            .isEqualTo(201);
      }
      Answer refused = other.call("PUT", POLICIES + "more", caller, CACHE.formatted(1));
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.problem()).isEqualTo("too-many-policies");
      assertThat(other.call("PUT", POLICIES + "p0", caller, CACHE.formatted(7)).status())
          .isEqualTo(200);
      assertThat(other.bean(Table.class).query(Query.of("POLICIES").limit(1000)).items())
          .hasSize(Policies.MOST);
    }
  }
}
