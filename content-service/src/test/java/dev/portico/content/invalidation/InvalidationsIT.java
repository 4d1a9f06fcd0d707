package dev.portico.content.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.change.ChangeFeed;
import dev.portico.content.change.GatewayRegistry;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invalidations over the API, into the table and the feed, confirmed by polls of gateways. */
class InvalidationsIT {
  /** As long as any test may take, so that no gateway goes unasked. */
  private static final Duration LEASE = Duration.ofMinutes(5);

  private static final Duration SHORT_LEASE = Duration.ofSeconds(3);
  private static final String LIST = "/v1/sites/shop/invalidations";

  private ContentServer server;
  private String owner;

  @BeforeEach
  void start() {
    server = ContentServer.start(Map.of("portico.change.gateway-lease", LEASE));
    owner = server.person("publishers");
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"shop\"}").status())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String body(String reference, String... paths) {
    String list = List.of(paths).stream().collect(Collectors.joining("\",\""));
    return "{\"callerReference\":\"%s\",\"paths\":[\"%s\"]}".formatted(reference, list);
  }

  private Answer post(String body) {
    return server.call("POST", LIST, owner, body);
  }

  private Answer get(String path) {
    return server.call("GET", path, owner, null);
  }

  /** A poll as of a gateway that applies invalidations. */
  private Answer poll(String gateway, long after) {
    return poll(polling(gateway, after));
  }

  private static String polling(String gateway, long after) {
    return "{\"gateway\":\"%s\",\"after\":%d,\"invalidates\":true,\"waitMillis\":0}"
        .formatted(gateway, after);
  }

  private Answer poll(String body) {
    return poll(server, body);
  }

  private static Answer poll(ContentServer at, String body) {
    return ContentServer.send(
        "POST", at.at("internal", "/internal/changes"), ContentServer.SECRET, body);
  }

  private long position() {
    return ContentServer.send(
            "GET", server.at("internal", "/internal/snapshots"), ContentServer.SECRET, null)
        .json()
        .path("position")
        .asLong();
  }

  private static List<String> missing(Answer answer) {
    var names = new ArrayList<String>();
    answer.json().path("missing").forEach(each -> names.add(each.path("gateway").asText()));
    return names;
  }

  @Test
  void itIsCompletedWhenEveryLiveGatewayHasConfirmedIt() {
    long before = position();
    poll("gw-a", before);
    poll("gw-b", before);
    Answer made = post("{\"callerReference\":\"r1\",\"paths\":[\"/b\",\"/a*\"],\"tags\":[\"t1\"]}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.json().path("status").asText()).isEqualTo("InProgress");
    assertThat(made.json().path("completedAt").isNull()).isTrue();
    assertThat(missing(made)).containsExactlyInAnyOrder("gw-a", "gw-b");
    String path = made.header("Location");
    assertThat(path).isEqualTo(LIST + "/" + made.json().path("id").asText());

    JsonNode brought = poll("gw-a", before).json();
    assertThat(ContentServer.untimed(brought.path("changes")))
        .isEqualTo(
            "[{\"number\":%d,\"type\":\"invalidation\",\"site\":\"shop\",\"paths\":[\"/a*\",\"/b\"],\"tags\":[\"t1\"]}]"
                .formatted(before + 1));
    assertThat(brought.path("more").asBoolean()).isFalse();
    assertThat(brought.path("leaseMillis").asLong()).isEqualTo(LEASE.toMillis() * 9 / 10);
    assertThat(missing(get(path))).as("received is not confirmed").contains("gw-a");

    poll("gw-a", before + 1);
    assertThat(missing(get(path))).containsExactly("gw-b");
    poll("gw-b", before + 1);
    Answer completed = get(path);
    assertThat(completed.json().path("status").asText()).isEqualTo("Completed");
    assertThat(completed.json().path("paths").toString()).isEqualTo("[\"/a*\",\"/b\"]");
    assertThat(completed.json().path("tags").toString()).isEqualTo("[\"t1\"]");
    assertThat(missing(completed)).isEmpty();
    String when = completed.json().path("completedAt").asText();

    // Whoever comes up with less takes nothing back.
    poll("gw-late", before);
    assertThat(get(path).json().path("status").asText()).isEqualTo("Completed");
    assertThat(get(path).json().path("completedAt").asText()).isEqualTo(when);
  }

  @Test
  void itIsCompletedWhenTheLeaseOfAGatewayThatIsGoneHasEnded() {
    long before = position();
    poll("gw-here", before);
    try (ContentServer hasty = hasty()) {
      poll(hasty, polling("gw-gone", before));
    }
    Answer made = post(body("r", "/a"));
    poll("gw-here", before + 1);
    Answer completed = server.call("GET", made.header("Location") + "?wait=20", owner, null);
    assertThat(completed.json().path("status").asText()).isEqualTo("Completed");
  }

  @Test
  void aGatewayThatAppliesNoInvalidationsConfirmsNone() {
    long before = position();
    poll("{\"gateway\":\"gw-old\",\"after\":" + before + ",\"waitMillis\":0}");
    Answer made = post(body("r", "/a"));
    poll("{\"gateway\":\"gw-old\",\"after\":" + (before + 1) + ",\"waitMillis\":0}");
    assertThat(missing(get(made.header("Location")))).containsExactly("gw-old");
  }

  @Test
  void aPositionOfAnotherFeedConfirmsNothing() {
    assertThat(poll("gw-lost", position() + 100).status()).isEqualTo(410);
    assertThat(missing(post(body("r", "/a")))).containsExactly("gw-lost");
  }

  /** Of a restored table: the number is there, but means something else. */
  @Test
  void aPositionWithAnotherHistorysMarkConfirmsNothing() {
    String lost =
        "{\"gateway\":\"gw\",\"after\":%d,\"mark\":\"%d-0\",\"invalidates\":true,\"waitMillis\":0}";
    Answer made = post(body("r", "/a"));
    assertThat(made.json().path("status").asText()).isEqualTo("Completed");
    long now = position();
    assertThat(poll(lost.formatted(now, now)).status()).as("at the end").isEqualTo(410);
    assertThat(server.bean(GatewayRegistry.class).alive())
        .singleElement()
        .extracting(GatewayRegistry.Gateway::position)
        .isEqualTo(0L);
    assertThat(missing(post(body("s", "/b")))).containsExactly("gw");
    assertThat(poll(lost.formatted(now, now)).status()).as("before the end").isEqualTo(410);
    assertThat(server.bean(GatewayRegistry.class).alive())
        .singleElement()
        .extracting(GatewayRegistry.Gateway::position)
        .isEqualTo(0L);
  }

  @Test
  void withoutGatewaysItIsCompletedAtOnce() {
    Answer made = post(body("r", "/*"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().path("status").asText()).isEqualTo("Completed");
  }

  @Test
  void anAnswerWaitsAsLongAsItIsAsked() throws Exception {
    long before = position();
    poll("gw", before);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiting =
          executor.submit(() -> server.call("POST", LIST + "?wait=20", owner, body("r", "/a")));
      await().until(() -> position() == before + 1);
      assertThat(waiting.isDone()).isFalse();
      poll("gw", before + 1);
      assertThat(waiting.get().status()).isEqualTo(201);
      assertThat(waiting.get().json().path("status").asText()).isEqualTo("Completed");
    }
    for (String wait : List.of("31", "-1", "x")) {
      assertThat(server.call("POST", LIST + "?wait=" + wait, owner, body("s", "/a")).status())
          .as(wait)
          .isEqualTo(400);
    }
  }

  @Test
  void aReferenceMakesOneInvalidation() {
    Answer first = post(body("build-7", "/a", "/b"));
    Answer again = post(body("build-7", "/b", "/a"));
    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    Answer other = post(body("build-7", "/c"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.problem()).isEqualTo("invalidation-exists");
    assertThat(get(LIST).json().path("items")).hasSize(1);
  }

  @Test
  void requestsAtOnceWithOneReferenceMakeOneAndOthersTheirOwn() {
    try (ContentServer copy = server.copy(Map.of())) {
      var done = new ArrayList<Future<Answer>>();
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 24; i++) {
          ContentServer at = i % 2 == 0 ? server : copy;
          String reference = i % 3 == 0 ? "own-" + i : "shared";
          done.add(executor.submit(() -> at.call("POST", LIST, owner, body(reference, "/a"))));
        }
      }
      List<Answer> answers = done.stream().map(Future::resultNow).toList();
      assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
      assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(8 + 1);
      assertThat(answers.stream().map(answer -> answer.json().path("id").asText()).distinct())
          .hasSize(8 + 1);
      assertThat(get(LIST).json().path("items")).hasSize(8 + 1);
    }
  }

  @Test
  void whatIsInProgressIsBoundedUntilItIsConfirmed() {
    long before = position();
    poll("gw", before);
    String[] wildcards =
        IntStream.range(0, InvalidationLimits.WILDCARDS_IN_PROGRESS)
            .mapToObj(i -> "/" + i + "/*")
            .toArray(String[]::new);
    assertThat(post(body("r1", wildcards)).status()).isEqualTo(201);
    Answer refused = post(body("r2", "/more*"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.problem()).isEqualTo("too-many-invalidations");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(post(body("r1", wildcards)).status()).as("a repeat is none more").isEqualTo(200);
    assertThat(post(body("r3", "/single")).status()).isEqualTo(201);
    String[] paths = IntStream.range(0, 3_000).mapToObj(i -> "/p" + i).toArray(String[]::new);
    assertThat(post(body("r4", paths)).status()).as("with the one before").isEqualTo(429);
    poll("gw", before + 2);
    assertThat(post(body("r2", "/more*")).status()).isEqualTo(201);
    assertThat(post(body("r4", paths)).status()).isEqualTo(201);
  }

  /** All sites share the feed that each invalidation is a step of. */
  @Test
  void aSiteMakesThemNoFasterThanItMay() {
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"other\"}").status())
        .isEqualTo(201);
    try (ContentServer slow =
        server.copy(Map.of("portico.invalidation.rate", 1, "portico.invalidation.burst", 3))) {
      int made = 0;
      Answer last = slow.call("POST", LIST, owner, body("r0", "/a"));
      while (last.status() == 201 && made < 50) {
        made++;
        last = slow.call("POST", LIST, owner, body("r" + made, "/a"));
      }
      assertThat(last.status()).as("after %d", made).isEqualTo(429);
      assertThat(made).isGreaterThanOrEqualTo(3);
      assertThat(last.problem()).isEqualTo("invalidations-too-fast");
      assertThat(last.header("Retry-After")).isEqualTo("1");
      long before = position();
      assertThat(slow.call("POST", LIST, owner, body("r0", "/a")).status())
          .as("a repeat is none more")
          .isEqualTo(200);
      assertThat(position()).isEqualTo(before);
      String others = "/v1/sites/other/invalidations";
      assertThat(slow.call("POST", others, owner, body("r", "/a")).status()).isEqualTo(201);
      String next = body("r" + made, "/a");
      await().until(() -> slow.call("POST", LIST, owner, next).status() == 201);
    }
  }

  @Test
  void manyWaitForOneAtTheSameTime() throws Exception {
    long before = position();
    poll("gw", before);
    String path = post(body("r", "/a")).header("Location");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> waiting =
          IntStream.range(0, 20)
              .mapToObj(i -> executor.submit(() -> get(path + "?wait=20")))
              .toList();
      poll("gw", before + 1);
      for (Future<Answer> each : waiting) {
        assertThat(each.get().json().path("status").asText()).isEqualTo("Completed");
      }
    }
  }

  @Test
  void refusesWhatIsNotValid() {
    Answer refused = post("{\"callerReference\":\"\",\"paths\":[\"a\",\"/b*c\"],\"tags\":[\" \"]}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("errors")).hasSize(4);
    assertThat(post("{\"callerReference\":\"r\",\"path\":[\"/a\"]}").status()).isEqualTo(400);
    assertThat(post("{\"callerReference\":\"r\"}").status()).isEqualTo(400);
    assertThat(get(LIST).json().path("items")).isEmpty();
  }

  @Test
  void listsArePagedNewestFirst() {
    for (int i = 0; i < 5; i++) {
      post(body("r" + i, "/" + i));
    }
    var references = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = get(LIST + "?limit=2" + cursor).json();
      assertThat(page.path("items").size()).isBetween(1, 2);
      page.path("items")
          .forEach(
              item -> {
                references.add(item.path("callerReference").asText());
                assertThat(item.path("status").asText()).isEqualTo("Completed");
                assertThat(item.has("paths")).isFalse();
              });
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asText();
    } while (!cursor.isEmpty());
    assertThat(references).containsExactly("r4", "r3", "r2", "r1", "r0");
  }

  private String token(String actions) {
    return server
        .call(
            "POST",
            "/v1/sites/shop/tokens",
            owner,
            "{\"title\":\"ci\",\"actions\":[" + actions + "]}")
        .json()
        .path("token")
        .asText();
  }

  @Test
  void publishersAndTokensWithTheActionMayDoIt() {
    String viewer = server.person();
    String publisher = server.person();
    member(viewer, "viewer");
    member(publisher, "publisher");
    String path = post(body("r", "/a")).header("Location");
    assertThat(server.call("POST", LIST, publisher, body("p", "/a")).status()).isEqualTo(201);
    assertThat(server.call("POST", LIST, viewer, body("v", "/a")).status()).isEqualTo(403);
    assertThat(server.call("GET", path, viewer, null).status()).isEqualTo(200);
    String stranger = server.person("publishers");
    assertThat(server.call("POST", LIST, stranger, body("s", "/a")).status()).isEqualTo(404);
    assertThat(server.call("GET", path, stranger, null).status()).isEqualTo(404);
    String invalidate = token("\"invalidate\"");
    assertThat(server.call("POST", LIST, invalidate, body("t", "/a")).status()).isEqualTo(201);
    assertThat(server.call("GET", path, invalidate, null).status()).isEqualTo(403);
    String publish = token("\"publish\",\"activate\",\"read\"");
    assertThat(server.call("POST", LIST, publish, body("u", "/a")).status()).isEqualTo(403);
  }

  private void member(String person, String role) {
    String payload =
        new String(
            java.util.Base64.getUrlDecoder().decode(person.split("\\.", -1)[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    String sub = payload.replaceAll("(?s).*\"sub\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    assertThat(
            server
                .call("PUT", "/v1/sites/shop/members/" + sub, owner, "{\"role\":\"" + role + "\"}")
                .status())
        .isLessThan(300);
  }

  @Test
  void theAuditLogSaysWhoDidIt() {
    String id = post(body("r", "/a", "/b")).json().path("id").asText();
    JsonNode entry = get("/v1/sites/shop/audit?limit=1").json().at("/items/0");
    assertThat(entry.path("action").asText()).isEqualTo("invalidation.create");
    assertThat(entry.at("/details/invalidation").asText()).isEqualTo(id);
    assertThat(entry.at("/details/paths").asText()).isEqualTo("2");
  }

  @Test
  void aDeletedSiteHasItsInvalidationsButTakesNone() {
    String path = post(body("r", "/a")).header("Location");
    assertThat(server.call("DELETE", "/v1/sites/shop", owner, null).status()).isEqualTo(204);
    Answer refused = post(body("s", "/a"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("site-deleted");
    assertThat(get(path).status()).isEqualTo(200);
  }

  /** TTL deletes late. */
  @Test
  void whatIsExpiredIsNotThereAnyMore() {
    String path = post(body("r", "/a")).header("Location");
    Table table = server.bean(Table.class);
    List<Key> keys =
        table.stream(Query.of("SITE#shop").prefix("INVALIDATION"))
            .map(item -> item.key())
            .filter(key -> key.sk().contains("#") && !key.sk().contains("NAMED"))
            .toList();
    assertThat(keys).hasSize(2);
    for (Key key : keys) {
      table.write(
          Write.update(key).set("expires", Instant.now().minusSeconds(1)).when(Condition.exists()));
    }
    assertThat(get(path).status()).isEqualTo(404);
    assertThat(get(LIST).json().path("items")).isEmpty();
    assertThat(post(body("r", "/b")).status()).as("the reference is free").isEqualTo(201);
  }

  /** Gateways must not keep what they were to forget because nobody can say what it was. */
  @Test
  void anInvalidationThatIsGoneMeansAllOfItsSite() {
    long before = position();
    String id = post(body("r", "/a")).json().path("id").asText();
    server.bean(Table.class).write(Write.delete(new Key("SITE#shop", "INVALIDATION-NAMED#" + id)));
    assertThat(poll("gw", before).json().at("/changes/0/paths").toString()).isEqualTo("[\"/*\"]");
  }

  /** An answer to a gateway has some megabytes at most, and says that it is not all. */
  @Test
  void largeInvalidationsComeInSeveralAnswers() {
    long before = position();
    String path = "/" + "a".repeat(3_900);
    for (int i = 0; i < 12; i++) {
      String[] paths = new String[60];
      for (int j = 0; j < paths.length; j++) {
        paths[j] = path + i + "-" + j;
      }
      assertThat(post(body("r" + i, paths)).status()).isEqualTo(201);
    }
    JsonNode first = poll("gw", before).json();
    assertThat(first.path("more").asBoolean()).isTrue();
    assertThat(first.path("changes").size()).isBetween(8, 11);
    long reached = first.path("position").asLong();
    assertThat(reached).isEqualTo(before + first.path("changes").size());
    JsonNode rest = poll("gw", reached).json();
    assertThat(rest.path("more").asBoolean()).isFalse();
    assertThat(rest.path("position").asLong()).isEqualTo(before + 12);
  }

  /** Each is a read of the table: a gateway is answered before it gives up. */
  @Test
  void manyInvalidationsComeInSeveralAnswers() {
    long before = position();
    ChangeFeed feed = server.bean(ChangeFeed.class);
    for (int i = 0; i < 101; i++) {
      Write write = Write.put(Item.at("TEST#" + i, "TEST"));
      feed.commitInvalidation("shop", "purged-" + i, number -> List.of(write));
    }
    JsonNode first = poll("gw", before).json();
    assertThat(first.path("changes")).hasSize(100);
    assertThat(first.path("more").asBoolean()).isTrue();
    JsonNode rest = poll("gw", first.path("position").asLong()).json();
    assertThat(rest.path("changes")).hasSize(1);
    assertThat(rest.path("more").asBoolean()).isFalse();
  }

  /** Another copy of the service, whose leases end soon. */
  private ContentServer hasty() {
    return server.copy(Map.of("portico.change.gateway-lease", SHORT_LEASE));
  }

  @Test
  void leasesEnd() {
    try (ContentServer hasty = hasty()) {
      GatewayRegistry gateways = server.bean(GatewayRegistry.class);
      await()
          .until(
              () -> {
                poll(hasty, polling("gw", position()));
                return gateways.alive().size() == 1;
              });
      await().atMost(Duration.ofSeconds(30)).until(() -> gateways.alive().isEmpty());
    }
  }
}
