package dev.portico.content.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.change.Freeze;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What admins switch on, over the API, into the table, the feed and what gateways are told. */
class ControlsIT {
  private static final String ADDRESSES = "/v1/platform/blocked-addresses";
  private static final String PATHS = "/v1/platform/blocked-paths";
  private static final String MAINTENANCE = "/v1/platform/maintenance/";

  private ContentServer server;
  private String admin;

  @BeforeEach
  void start() {
    server = ContentServer.start(Map.of());
    admin = server.person("admins");
    create("docs");
    create("shop");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void create(String site) {
    assertThat(server.call("POST", "/v1/sites", admin, "{\"name\":\"" + site + "\"}").status())
        .isEqualTo(201);
  }

  private Answer ask(String method, String path, @Nullable String json, String... headers) {
    return server.call(method, path, admin, json, headers);
  }

  private static JsonNode internal(ContentServer at, String path) {
    Answer answer = ContentServer.send("GET", at.at("internal", path), ContentServer.SECRET, null);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode told() {
    return internal(server, "/internal/controls");
  }

  private long position() {
    return internal(server, "/internal/snapshots").path("position").asLong();
  }

  private JsonNode changes(long after) {
    return ContentServer.send(
            "POST",
            server.at("internal", "/internal/changes"),
            ContentServer.SECRET,
            "{\"gateway\":\"gw\",\"after\":%d,\"invalidates\":true,\"waitMillis\":0}"
                .formatted(after))
        .json()
        .path("changes");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<String> actions(Answer audit) {
    return audit.json().path("items").findValuesAsText("action");
  }

  @Test
  void anAddressIsBlockedForGatewaysAndForNobodyElse() {
    assertThat(told().toString())
        .isEqualTo(
            "{\"version\":0,\"blockedAddresses\":[],\"maintenance\":[],\"blockedPaths\":[]}");
    long before = position();
    Instant until = Instant.now().plus(Duration.ofHours(1));
    Answer blocked =
        ask(
            "POST",
            ADDRESSES,
            "{\"block\":\"2001:DB8::/32\",\"reason\":\"flood\",\"until\":\"%s\"}".formatted(until));
    assertThat(blocked.status()).as(blocked.text()).isEqualTo(200);
    JsonNode shown = blocked.json().at("/blockedAddresses/0");
    assertThat(shown.path("block").asText()).isEqualTo("2001:db8:0:0:0:0:0:0/32");
    assertThat(shown.path("reason").asText()).isEqualTo("flood");
    assertThat(shown.path("by").asText()).isNotEmpty();
    assertThat(Instant.parse(shown.path("until").asText()).toEpochMilli())
        .isEqualTo(until.toEpochMilli());
    assertThat(ContentServer.untimed(changes(before)))
        .isEqualTo("[{\"number\":%d,\"type\":\"controls\",\"site\":\"*\"}]".formatted(before + 1));
    assertThat(told().path("version").asLong()).isEqualTo(1);
    assertThat(told().at("/blockedAddresses/0/block").asText())
        .isEqualTo("2001:db8:0:0:0:0:0:0/32");
    assertThat(told().toString()).doesNotContain("flood");

    // The same block again, in another spelling: in its place.
    Answer again = ask("POST", ADDRESSES, "{\"block\":\"2001:db8:0::/32\",\"reason\":\"more\"}");
    assertThat(again.json().path("blockedAddresses")).hasSize(1);
    assertThat(again.json().at("/blockedAddresses/0/until").isNull()).isTrue();
    Answer ended = ask("DELETE", ADDRESSES + "?block=" + encoded("2001:db8::/32"), null);
    assertThat(ended.json().path("blockedAddresses")).isEmpty();
    assertThat(ended.json().path("version").asLong()).isEqualTo(3);
    long position = position();
    assertThat(ask("DELETE", ADDRESSES + "?block=192.0.2.1", null).status()).isEqualTo(200);
    assertThat(position()).as("nothing was there to end").isEqualTo(position);
    assertThat(actions(ask("GET", "/v1/platform/audit", null)))
        .containsExactly("address.unblock", "address.block", "address.block");
  }

  @Test
  void whoBlocksAnAddressKeepsTheirOwn() {
    String block = "{\"block\":\"198.51.100.0/24\",\"reason\":\"flood\"}";
    Answer refused = ask("POST", ADDRESSES, block, "X-Forwarded-For", "198.51.100.7");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("blocks-yourself");
    assertThat(told().path("version").asLong()).isZero();
    assertThat(ask("POST", ADDRESSES, block, "X-Forwarded-For", "198.51.101.7").status())
        .isEqualTo(200);
  }

  @Test
  void aSiteIsMaintainedAndItsPathsAreBlocked() {
    Answer maintained =
        ask(
            "PUT",
            MAINTENANCE + "docs",
            "{\"reason\":\"move\",\"retryAfterSeconds\":60,\"page\":\"/back%20soon.html\","
                + "\"exemptAddresses\":[\"203.0.113.7\",\"203.0.113.7/32\"]}");
    assertThat(maintained.status()).as(maintained.text()).isEqualTo(200);
    JsonNode logged = ask("GET", "/v1/platform/audit?limit=1", null).json().at("/items/0/details");
    assertThat(logged.path("site").asText()).isEqualTo("docs");
    assertThat(logged.path("reason").asText()).isEqualTo("move");
    assertThat(logged.path("page").asText()).isEqualTo("/back%20soon.html");
    assertThat(logged.path("retryAfterSeconds").asText()).isEqualTo("60");
    assertThat(logged.path("exemptAddresses").asText()).isEqualTo("203.0.113.7/32");
    JsonNode ofSite = ask("GET", "/v1/sites/docs/audit?limit=1", null).json().at("/items/0");
    assertThat(ofSite.path("action").asText()).isEqualTo("site.maintenance");
    assertThat(ofSite.path("details")).as("where admins work from is not for members").isEmpty();
    assertThat(told().at("/maintenance/0").toString())
        .isEqualTo(
            "{\"site\":\"docs\",\"until\":null,\"retryAfterSeconds\":60,"
                + "\"page\":\"/back%20soon.html\",\"exemptAddresses\":[\"203.0.113.7/32\"]}");
    ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"move\"}");
    assertThat(told().at("/maintenance/0/retryAfterSeconds").asInt()).isEqualTo(300);
    ask("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"api/*\",\"reason\":\"leak\"}");
    ask("POST", PATHS, "{\"site\":\"shop\",\"pattern\":\"*.env\",\"reason\":\"leak\"}");
    assertThat(told().path("blockedPaths").toString())
        .isEqualTo(
            "[{\"site\":\"docs\",\"pattern\":\"/api/*\",\"until\":null},"
                + "{\"site\":\"shop\",\"pattern\":\"*.env\",\"until\":null}]");
    ask("DELETE", PATHS + "?site=docs&pattern=" + encoded("/api/*"), null);
    ask("DELETE", MAINTENANCE + "docs", null);
    JsonNode left = ask("GET", "/v1/platform/controls", null).json();
    assertThat(left.path("maintenance")).isEmpty();
    assertThat(left.path("blockedPaths").findValuesAsText("site")).containsExactly("shop");
    assertThat(actions(ask("GET", "/v1/sites/docs/audit", null)))
        .containsExactly(
            "site.maintenance.end",
            "path.unblock",
            "path.block",
            "site.maintenance",
            "site.maintenance",
            "site.create");
    JsonNode entry = ask("GET", "/v1/platform/audit?limit=1", null).json().at("/items/0");
    assertThat(entry.at("/details/site").asText()).isEqualTo("docs");
    assertThat(entry.path("by").asText()).isNotEmpty();
  }

  @Test
  void anEntryEndsByItself() {
    // Again where the machine takes longer than the entry is to last.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              ask(
                  "POST",
                  ADDRESSES,
                  "{\"block\":\"192.0.2.1\",\"reason\":\"x\",\"until\":\"%s\"}"
                      .formatted(Instant.now().plusSeconds(2)));
              return told().path("blockedAddresses").size() == 1;
            });
    await().until(() -> told().path("blockedAddresses").isEmpty());
    assertThat(ask("GET", "/v1/platform/controls", null).json().path("blockedAddresses")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|blocked-addresses|{'block':'198.51.100.1/24','reason':'x'}|block",
        "POST|blocked-addresses|{'block':'example.com','reason':'x'}|block",
        "POST|blocked-addresses|{'block':'198.51.100.1'}|reason",
        "POST|blocked-addresses|{'block':'198.51.100.1','reason':' '}|reason",
        "POST|blocked-addresses|{'block':'198.51.100.1','reason':'x','until':'2001-01-01T00:00:00Z'}|until",
        "POST|blocked-addresses|{'block':'198.51.100.1','reason':'x','until':'2999-01-01T00:00:00Z'}|until",
        "POST|blocked-paths|{'site':'docs','pattern':'/a b','reason':'x'}|pattern",
        "POST|blocked-paths|{'site':'docs','pattern':'','reason':'x'}|pattern",
        "PUT|maintenance/docs|{'reason':'x','page':'back.html'}|page",
        "PUT|maintenance/docs|{'reason':'x','page':'/_headers'}|page",
        "PUT|maintenance/docs|{'reason':'x','page':'/a?b'}|page",
        "PUT|maintenance/docs|{'reason':'x','retryAfterSeconds':0}|retryAfterSeconds",
        "PUT|maintenance/docs|{'reason':'x','exemptAddresses':['::1','home']}|exemptAddresses[1]",
        "PUT|maintenance/docs|{'reason':'x','exemptAddresses':[null]}|exemptAddresses[0]",
        "PUT|freeze|{'reason':''}|reason",
      })
  void whatIsWrongIsNamed(String method, String path, String json, String field) {
    Answer refused = ask(method, "/v1/platform/" + path, json.replace('\'', '"'));
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .as(refused.text())
        .anySatisfy(each -> assertThat(each).endsWith(field));
    assertThat(told().path("version").asLong()).isZero();
  }

  @Test
  void aReasonHasALimitAndFieldsAreKnown() {
    String longest = "r".repeat(ControlLimits.REASON);
    assertThat(ask("PUT", "/v1/platform/freeze", "{\"reason\":\"" + longest + "r\"}").status())
        .isEqualTo(400);
    assertThat(ask("PUT", "/v1/platform/freeze", "{\"reason\":\"x\",\"end\":1}").status())
        .isEqualTo(400);
    assertThat(ask("PUT", "/v1/platform/freeze", "{\"reason\":\"" + longest + "\"}").status())
        .isEqualTo(200);
  }

  @Test
  void aSiteThatIsNotThereIsNotMaintained() {
    assertThat(ask("PUT", MAINTENANCE + "none", "{\"reason\":\"x\"}").status()).isEqualTo(404);
    assertThat(
            ask("POST", PATHS, "{\"site\":\"none\",\"pattern\":\"/*\",\"reason\":\"x\"}").status())
        .isEqualTo(404);
    assertThat(ask("DELETE", MAINTENANCE + "none", null).status()).isEqualTo(200);
    // Longer than a key of the table may be.
    String site = "s".repeat(1_100);
    assertThat(ask("PUT", MAINTENANCE + site, "{\"reason\":\"x\"}").status()).isEqualTo(404);
    String json = "{\"site\":\"" + site + "\",\"pattern\":\"/*\",\"reason\":\"x\"}";
    assertThat(ask("POST", PATHS, json).status()).isEqualTo(404);
    assertThat(ask("DELETE", MAINTENANCE + site, null).status()).isEqualTo(200);
    assertThat(told().path("version").asLong()).isZero();
  }

  @Test
  void onlyAdminsMay() {
    String token =
        ask("POST", "/v1/sites/docs/tokens", "{\"title\":\"ci\"}").json().path("token").asText();
    for (String caller : List.of(server.person("publishers"), server.person(), token)) {
      for (List<String> each :
          List.of(
              List.of("GET", "/v1/platform/controls", ""),
              List.of("GET", "/v1/platform/audit", ""),
              List.of("PUT", "/v1/platform/freeze", "{\"reason\":\"x\"}"),
              List.of("DELETE", "/v1/platform/freeze", ""),
              List.of("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}"),
              List.of("DELETE", ADDRESSES + "?block=192.0.2.1", ""),
              List.of("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}"),
              List.of("DELETE", MAINTENANCE + "docs", ""),
              List.of("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"/\",\"reason\":\"x\"}"),
              List.of("DELETE", PATHS + "?site=docs&pattern=/", ""),
              List.of("GET", "/v1/platform/invalidations", ""),
              List.of("GET", "/v1/platform/invalidations/1", ""),
              List.of("POST", "/v1/platform/invalidations", "{\"callerReference\":\"x\"}"))) {
        @Nullable String body = each.get(2).isEmpty() ? null : each.get(2);
        assertThat(server.call(each.get(0), each.get(1), caller, body).status())
            .as(each.toString())
            .isEqualTo(403);
      }
    }
    assertThat(told().path("version").asLong()).isZero();
    assertThat(server.call("GET", "/internal/controls", admin, null).status()).isEqualTo(404);
  }

  /** Each sees the others' entries: the version is a condition of every change. */
  @Test
  void changesAtTheSameTimeAllHold() throws Exception {
    try (ContentServer copy = server.copy(Map.of());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> running =
          IntStream.range(0, 12)
              .mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              (i % 2 == 0 ? server : copy)
                                  .call(
                                      "POST",
                                      ADDRESSES,
                                      admin,
                                      "{\"block\":\"192.0.2." + i + "\",\"reason\":\"x\"}")))
              .toList();
      for (Future<Answer> each : running) {
        assertThat(each.get().status()).isEqualTo(200);
      }
      assertThat(internal(copy, "/internal/controls").path("blockedAddresses")).hasSize(12);
      assertThat(told().path("version").asLong()).isEqualTo(12);
    }
  }

  @Test
  void oneAdminDoesNotOverwriteWhatAnotherHasJustDone() {
    Answer first = ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"move\"}", "If-Match", "\"0\"");
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.header("ETag")).isEqualTo("\"1\"");
    assertThat(ask("GET", "/v1/platform/controls", null).header("ETag")).isEqualTo("\"1\"");
    Answer late = ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}", "If-Match", "\"0\"");
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.problem()).isEqualTo("precondition-failed");
    assertThat(ask("DELETE", MAINTENANCE + "docs", null, "If-Match", "\"0\"").status())
        .isEqualTo(412);
    String until = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS).toString();
    String block = "{\"block\":\"192.0.2.1\",\"reason\":\"x\",\"until\":\"" + until + "\"}";
    assertThat(ask("POST", ADDRESSES, block, "If-Match", "\"1\"").status()).isEqualTo(200);
    assertThat(ask("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"y\"}").status())
        .as("as it is, without If-Match")
        .isEqualTo(200);
    JsonNode logged = ask("GET", "/v1/platform/audit?limit=1", null).json().at("/items/0");
    assertThat(logged.at("/details/previousBy")).isEqualTo(logged.path("by"));
    assertThat(logged.at("/details/previousUntil").asText()).isEqualTo(until);
  }

  /** Under an attack with as many addresses, the other kinds are what is needed. */
  @Test
  void thereIsALimitOfAddressesThatLeavesRoomForAllElse() {
    var writes = new ArrayList<Write>();
    for (int i = 0; i < ControlLimits.ADDRESSES; i++) {
      writes.add(
          Write.put(
              new BlockedAddress(
                      "10.0." + i / 256 + '.' + i % 256 + "/32",
                      Instant.now(),
                      "x",
                      null,
                      "x",
                      null)
                  .item()));
    }
    server.bean(Table.class).writeAll(writes);
    Answer refused = ask("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-controls");
    assertThat(ask("POST", ADDRESSES, "{\"block\":\"10.0.0.1\",\"reason\":\"x\"}").status())
        .as("in the place of one")
        .isEqualTo(200);
    assertThat(ask("PUT", "/v1/platform/freeze", "{\"reason\":\"x\"}").status()).isEqualTo(200);
    assertThat(ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}").status()).isEqualTo(200);
    assertThat(
            ask("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"/x\",\"reason\":\"x\"}").status())
        .isEqualTo(200);
    assertThat(told().path("blockedAddresses")).hasSize(ControlLimits.ADDRESSES);
    assertThat(told().path("maintenance")).hasSize(1);
    assertThat(told().path("blockedPaths")).hasSize(1);
  }

  @Test
  void eachKindHasItsLimit() {
    var writes = new ArrayList<Write>();
    for (int i = 0; i < ControlLimits.MAINTENANCE; i++) {
      writes.add(
          Write.put(
              new Maintenance("s" + i, Instant.now(), "x", null, "x", null, 300, null, List.of())
                  .item()));
      writes.add(
          Write.put(new BlockedPath("s" + i, "/x", Instant.now(), "x", null, "x", null).item()));
    }
    server.bean(Table.class).writeAll(writes);
    Answer maintenance = ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}");
    assertThat(maintenance.problem()).isEqualTo("too-many-controls");
    assertThat(maintenance.json().path("detail").asText())
        .isEqualTo("At most 1,000 sites can show a maintenance page. End some.");
    Answer path = ask("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"/x\",\"reason\":\"x\"}");
    assertThat(path.problem()).isEqualTo("too-many-controls");
    assertThat(ask("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}").status())
        .isEqualTo(200);
    assertThat(ask("PUT", "/v1/platform/freeze", "{\"reason\":\"x\"}").status()).isEqualTo(200);
  }

  @Test
  void whatIsWrongIsSaidInWordsAndAllOfItAtOnce() {
    assertThat(
            ask(
                    "PUT",
                    MAINTENANCE + "docs",
                    "{\"reason\":\"x\",\"exemptAddresses\":[\"home\",\"::1\",\"10.0.0.1/8\"]}")
                .json()
                .path("errors")
                .findValuesAsText("field"))
        .containsExactly("exemptAddresses[0]", "exemptAddresses[2]");
    String freeze = "/v1/platform/freeze";
    assertThat(reason(ask("PUT", freeze, "{\"reason\":\"a\\nb\"}")))
        .isEqualTo("must not have control characters, such as line breaks");
    assertThat(reason(ask("PUT", freeze, "{\"reason\":\"x\",\"until\":\"2001-01-01T00:00:00Z\"}")))
        .startsWith("is in the past: it is 20");
    assertThat(reason(ask("PUT", freeze, "{\"reason\":\"x\",\"until\":\"2999-01-01T00:00:00Z\"}")))
        .isEqualTo("is more than a year ahead");
    String path = "{\"site\":\"docs\",\"pattern\":\"%s\",\"reason\":\"x\"}";
    assertThat(reason(ask("POST", PATHS, path.formatted("/search?q=x"))))
        .startsWith("seems to have a query, which is not looked at");
    for (String dots : List.of("/a/../b", "/./a", "/a/..", "a/../*")) {
      assertThat(reason(ask("POST", PATHS, path.formatted(dots))))
          .as(dots)
          .startsWith("has a dot segment");
    }
    assertThat(ask("POST", PATHS, path.formatted("/a?.b..c/...")).status()).isEqualTo(200);
  }

  private static String reason(Answer refused) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    return refused.json().at("/errors/0/reason").asText();
  }

  /** Each is matched with each request of the site. */
  @Test
  void thereIsALimitOfPathsOfASite() {
    var writes = new ArrayList<Write>();
    for (int i = 0; i < ControlLimits.PATHS_OF_SITE; i++) {
      writes.add(
          Write.put(new BlockedPath("docs", "/" + i, Instant.now(), "x", null, "x", null).item()));
    }
    server.bean(Table.class).writeAll(writes);
    Answer refused = ask("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"/x\",\"reason\":\"x\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-controls");
    for (String free :
        List.of(
            "{\"site\":\"docs\",\"pattern\":\"/1\",\"reason\":\"x\"}",
            "{\"site\":\"shop\",\"pattern\":\"/x\",\"reason\":\"x\"}")) {
      assertThat(ask("POST", PATHS, free).status()).as(free).isEqualTo(200);
    }
    assertThat(ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}").status()).isEqualTo(200);
  }

  /** DynamoDB deletes what has ended days later. */
  @Test
  void whatHasEndedGoesWithTheNextChanges() {
    Instant ended = Instant.now().minusSeconds(5);
    var writes = new ArrayList<Write>();
    for (int i = 0; i < ControlTable.SWEPT + 2; i++) {
      writes.add(
          Write.put(
              new BlockedAddress("10.0.0." + i + "/32", ended, "x", null, "x", ended).item()));
    }
    Table table = server.bean(Table.class);
    table.writeAll(writes);
    // One of them in place of itself, which no transaction can both delete and put.
    assertThat(ask("POST", ADDRESSES, "{\"block\":\"10.0.0.0\",\"reason\":\"x\"}").status())
        .isEqualTo(200);
    assertThat(stored(table)).hasSize(1 + 1);
    assertThat(ask("POST", ADDRESSES, "{\"block\":\"10.0.1.0\",\"reason\":\"x\"}").status())
        .isEqualTo(200);
    assertThat(stored(table)).containsExactly("ADDRESS#10.0.0.0/32", "ADDRESS#10.0.1.0/32");
    assertThat(told().path("blockedAddresses")).hasSize(2);
  }

  private static List<String> stored(Table table) {
    return table.stream(Query.of(Controls.PARTITION).prefix(BlockedAddress.PREFIX))
        .map(item -> item.key().sk())
        .toList();
  }

  @Test
  void aPurgedSiteLeavesNothing() {
    ask("PUT", MAINTENANCE + "docs", "{\"reason\":\"x\"}");
    ask("PUT", MAINTENANCE + "shop", "{\"reason\":\"x\"}");
    for (int i = 0; i < 3; i++) {
      ask("POST", PATHS, "{\"site\":\"docs\",\"pattern\":\"/" + i + "\",\"reason\":\"x\"}");
    }
    long before = position();
    server.bean(ControlTable.class).purge("docs", () -> {});
    assertThat(told().path("blockedPaths")).isEmpty();
    assertThat(told().path("maintenance").findValuesAsText("site")).containsExactly("shop");
    assertThat(changes(before)).hasSize(1);
    JsonNode entry = ask("GET", "/v1/platform/audit?limit=1", null).json().at("/items/0");
    assertThat(entry.path("action").asText()).isEqualTo("site.purge");
    assertThat(entry.path("by").asText()).isEqualTo("portico");
    assertThat(entry.at("/details/site").asText()).isEqualTo("docs");
    assertThat(entry.at("/details/entries").asText()).isEqualTo("4");
  }

  @Test
  void everythingIsInvalidatedAtOnce() {
    long before = position();
    changes(before);
    String list = "/v1/platform/invalidations";
    Answer made = ask("POST", list, "{\"callerReference\":\"INC-4711\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.json().path("status").asText()).isEqualTo("InProgress");
    String one = made.header("Location");
    assertThat(one).isEqualTo(list + "/" + made.json().path("id").asText());
    assertThat(ContentServer.untimed(changes(before)))
        .isEqualTo(
            "[{\"number\":%d,\"type\":\"invalidation\",\"site\":\"*\",\"paths\":[\"/*\"],\"tags\":[]}]"
                .formatted(before + 1));
    assertThat(ask("GET", one, null).json().path("status").asText()).isEqualTo("InProgress");
    assertThat(changes(before + 1)).isEmpty();
    assertThat(ask("GET", one + "?wait=10", null).json().path("status").asText())
        .isEqualTo("Completed");
    Answer again = ask("POST", list, "{\"callerReference\":\"INC-4711\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(ask("GET", list, null).json().path("items").findValuesAsText("callerReference"))
        .containsExactly("INC-4711");
    JsonNode entry = ask("GET", "/v1/platform/audit", null).json().at("/items/0");
    assertThat(entry.path("action").asText()).isEqualTo("invalidation.create");
    assertThat(entry.at("/details/callerReference").asText()).isEqualTo("INC-4711");
    assertThat(ask("POST", list, "{}").status()).isEqualTo(400);
    assertThat(ask("GET", "/v1/sites/*/invalidations", null).status()).isEqualTo(404);
  }

  /** As somebody may leave them who writes into the table by hand. */
  @Test
  void whatCannotBeReadIsToldAndStopsNothing() {
    ask("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}");
    Instant now = Instant.now();
    Item page = new Maintenance("shop", now, "x", null, "x", null, 1, null, List.of("home")).item();
    Table table = server.bean(Table.class);
    for (Item bad :
        List.of(
            Item.at(BlockedAddress.key("192.0.2.0/24")).with("at", now), // no reason
            new BlockedAddress("home", now, "x", null, "x", null).item(),
            // Not in its one form, by which it would be ended.
            new BlockedAddress("2001:db8::/32", now, "x", null, "x", null).item(),
            Item.at(Controls.PARTITION, BlockedPath.PREFIX + "docs"),
            page)) {
      table.write(Write.put(bad));
    }
    Answer ended = ask("DELETE", ADDRESSES + "?block=192.0.2.1", null);
    assertThat(ended.status()).as(ended.text()).isEqualTo(200);
    assertThat(ended.json().path("blockedAddresses")).isEmpty();
    assertThat(ended.json().path("unreadable"))
        .extracting(each -> each.asText())
        .containsExactly(
            "ADDRESS#192.0.2.0/24",
            "ADDRESS#2001:db8::/32",
            "ADDRESS#home",
            "MAINTENANCE#shop",
            "PATH#docs");
    assertThat(told().path("blockedAddresses")).isEmpty();
    assertThat(told().path("maintenance")).isEmpty();
    Answer mended = ask("DELETE", ADDRESSES + "?block=" + encoded("192.0.2.0/24"), null);
    assertThat(mended.json().path("unreadable")).hasSize(4);
    assertThat(ask("PUT", MAINTENANCE + "shop", "{\"reason\":\"x\"}").json().path("unreadable"))
        .hasSize(3);
  }

  @Test
  void aFreezeThatCannotBeReadIsEnded() {
    server.bean(Table.class).write(Write.put(Item.at(Freeze.KEY).with("at", Instant.now())));
    assertThat(ask("GET", "/v1/platform/controls", null).json().path("unreadable")).hasSize(1);
    Answer ended = ask("DELETE", "/v1/platform/freeze", null);
    assertThat(ended.json().path("unreadable")).isEmpty();
  }

  /** Items of which this release knows nothing may be left by a later one. */
  @Test
  void whatIsNotKnownIsPassedOver() {
    server
        .bean(Table.class)
        .write(Write.put(Item.at(Controls.PARTITION, "NEW#thing").with("at", Instant.now())));
    ask("POST", ADDRESSES, "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}");
    assertThat(told().path("blockedAddresses")).hasSize(1);
  }
}
