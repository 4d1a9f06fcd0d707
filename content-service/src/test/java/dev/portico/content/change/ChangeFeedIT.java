package dev.portico.content.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChangeFeedIT {
  private static ContentServer server;
  private static ContentServer copy;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    copy = server.copy(Map.of());
  }

  @AfterAll
  static void stop() {
    copy.close();
    server.close();
  }

  private static Answer poll(ContentServer at, long after, long wait) {
    return poll(at, ContentServer.SECRET, "gw-test", after, wait);
  }

  private static Answer poll(
      ContentServer at, @Nullable String secret, String gateway, long after, long wait) {
    String body =
        "{\"gateway\":\"%s\",\"after\":%d,\"waitMillis\":%d,\"counters\":{\"hits\":3},\"new\":1}"
            .formatted(gateway, after, wait);
    return ContentServer.send("POST", at.at("internal", "/internal/changes"), secret, body);
  }

  private static long position(ContentServer at) {
    return at.bean(FeedHead.class).read().number();
  }

  @Test
  void concurrentCommitsOfTwoCopiesGetNumbersWithoutGaps() {
    long before = position(server);
    Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var done = new ArrayList<Future<Outcome>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        ChangeFeed feed = (i % 2 == 0 ? server : copy).bean(ChangeFeed.class);
        Write write = Write.put(Item.at("TEST#" + UUID.randomUUID(), "TEST"));
        done.add(executor.submit(() -> feed.commit("race", List.of(write))));
      }
    }
    assertThat(done).allMatch(each -> each.resultNow().written());
    JsonNode answer = poll(server, before, 0).json();
    assertThat(answer.path("position").asLong()).isEqualTo(before + 40);
    var numbers = new ArrayList<Long>();
    answer.path("changes").forEach(change -> numbers.add(change.path("number").asLong()));
    assertThat(numbers)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(before + 1, before + 40).boxed().toList());
    assertThat(answer.path("changes"))
        .allSatisfy(
            change ->
                assertThat(Instant.parse(change.path("committedAt").asText()))
                    .isBetween(start, Instant.now()));
  }

  @Test
  void aRefusedWriteLeavesNoRecord() {
    long before = position(server);
    Key missing = new Key("TEST#" + UUID.randomUUID(), "TEST");
    Outcome outcome =
        server
            .bean(ChangeFeed.class)
            .commit("none", List.of(Write.update(missing).add("n", 1).when(Condition.exists())));
    assertThat(outcome.failure(missing)).isPresent();
    assertThat(poll(server, before, 0).json().path("changes"))
        .noneMatch(change -> change.path("site").asText().equals("none"));
  }

  @Test
  void aChangeWakesWhoWaitsHereAndAtAnotherCopy() throws Exception {
    long before = position(server);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Instant start = Instant.now();
      Future<Answer> here =
          executor.submit(() -> poll(server, ContentServer.SECRET, "gw-here", before, 8000));
      Future<Answer> there =
          executor.submit(() -> poll(copy, ContentServer.SECRET, "gw-there", before, 8000));
      await()
          .until(
              () ->
                  server.bean(GatewayRegistry.class).alive().stream()
                      .map(GatewayRegistry.Gateway::id)
                      .toList()
                      .containsAll(List.of("gw-here", "gw-there")));
      server
          .bean(ChangeFeed.class)
          .commit("woken", List.of(Write.put(Item.at("TEST#" + UUID.randomUUID(), "TEST"))));
      assertThat(there.get().json().at("/changes/0/site").asText()).isEqualTo("woken");
      assertThat(here.get().json().at("/changes/0/site").asText()).isEqualTo("woken");
      assertThat(Duration.between(start, Instant.now()))
          .as("before those who are not woken answer")
          .isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void nobodyWaitsAtACopyThatStops() {
    try (ContentServer stopping = server.copy(Map.of())) {
      stopping.bean(FeedHead.class).shutdownGracefully();
      long position = position(stopping);
      Answer sentAway = poll(stopping, position, 5_000);
      assertThat(sentAway.status()).isEqualTo(503);
      assertThat(sentAway.problem()).isEqualTo("unavailable");
      assertThat(sentAway.header("Retry-After")).isEqualTo("5");
      assertThat(sentAway.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(poll(stopping, position, 0).status()).as("who does not wait").isEqualTo(200);
      change(server, "stopping");
      Answer told = poll(stopping, position, 5_000);
      assertThat(told.status()).as("what there is it tells still").isEqualTo(200);
      assertThat(told.json().path("changes").findValuesAsText("site")).contains("stopping");
    }
  }

  @Test
  void anUnknownPositionIsGone() {
    assertThat(poll(server, position(server) + 1, 0).status()).isEqualTo(410);
  }

  @Test
  void positionsOlderThanTheRecordsAreGone() {
    ContentServer old = ContentServer.start(Map.of("portico.change.retention", "0s"));
    try (old) {
      for (int i = 0; i < 3; i++) {
        old.bean(ChangeFeed.class).commit("old", List.of(Write.put(Item.at("TEST#" + i, "TEST"))));
      }
      assertThat(poll(old, 0, 0).status()).isEqualTo(410);
      Answer head = poll(old, 3, 0);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.json().path("position").asLong()).isEqualTo(3);
    }
  }

  @Test
  void crossesPartitions() {
    try (ContentServer fresh = ContentServer.start(Map.of())) {
      fresh.bean(Table.class).write(Write.put(Item.at("FEED", "HEAD").with("number", 997)));
      ChangeFeed feed = fresh.bean(ChangeFeed.class);
      for (int i = 0; i < 5; i++) {
        feed.commit("s" + i, List.of(Write.put(Item.at("TEST#" + i, "TEST"))));
      }
      JsonNode answer = poll(fresh, 997, 0).json();
      assertThat(answer.path("position").asLong()).isEqualTo(1002);
      assertThat(answer.path("changes")).hasSize(5);
      assertThat(poll(fresh, 996, 0).status()).isEqualTo(410);
    }
  }

  private static Answer poll(ContentServer at, JsonNode position) {
    String body =
        "{\"gateway\":\"gw-marks\",\"after\":%s,\"mark\":%s,\"waitMillis\":0}"
            .formatted(position.path("position"), position.path("mark"));
    return ContentServer.send(
        "POST", at.at("internal", "/internal/changes"), ContentServer.SECRET, body);
  }

  private static JsonNode page(ContentServer at) {
    return ContentServer.send(
            "GET", at.at("internal", "/internal/snapshots"), ContentServer.SECRET, null)
        .json();
  }

  private static void change(ContentServer at, String site) {
    at.bean(ChangeFeed.class)
        .commit(site, List.of(Write.put(Item.at("TEST#" + UUID.randomUUID(), "TEST"))));
  }

  /** All items of the feed, as a restored table has them. */
  private static List<Item> feed(ContentServer at) {
    Table table = at.bean(Table.class);
    var items = new ArrayList<Item>();
    items.add(table.get(new Key("FEED", "HEAD")).orElseThrow());
    items.addAll(table.stream(Query.of("FEED#0")).toList());
    return items;
  }

  /**
   * A table restored to an earlier time gives its new changes the numbers of those that were lost.
   * Who knows one of the lost ones is told so; who stopped before them may go on.
   */
  @Test
  void aPositionOfAHistoryThatWasLostIsGoneThoughItsNumberIsReachedAgain() {
    try (ContentServer lost = ContentServer.start(Map.of());
        ContentServer restored = ContentServer.start(Map.of())) {
      change(lost, "a");
      JsonNode early = poll(lost, page(lost)).json();
      change(lost, "b");
      List<Item> backup = feed(lost);
      change(lost, "c");
      JsonNode late = poll(lost, early).json();
      assertThat(late.path("position").asLong()).isEqualTo(3);

      backup.forEach(item -> restored.bean(Table.class).write(Write.put(item)));
      assertThat(poll(restored, late).status()).as("beyond the end").isEqualTo(410);
      change(restored, "x");
      assertThat(poll(restored, late).status()).as("at the end").isEqualTo(410);
      assertThat(poll(restored, page(lost)).status()).as("as all sites were read").isEqualTo(410);
      change(restored, "y");
      assertThat(poll(restored, late).status()).as("before the end").isEqualTo(410);

      Answer shared = poll(restored, early);
      assertThat(shared.status()).isEqualTo(200);
      assertThat(shared.json().at("/changes/0/site").asText()).isEqualTo("b");
      assertThat(shared.json().at("/changes/1/site").asText()).isEqualTo("x");
      assertThat(poll(restored, shared.json()).status()).isEqualTo(200);
      assertThat(poll(restored, page(restored)).status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsWrittenByAReleaseWithoutMarksIsReadByNumberAlone() {
    try (ContentServer mixed = ContentServer.start(Map.of())) {
      change(mixed, "a");
      JsonNode marked = page(mixed);
      Table table = mixed.bean(Table.class);
      // As such a release would: the head's mark stays, the record has none.
      Key head = new Key("FEED", "HEAD");
      table.write(Write.update(head).set("number", 2).when(Condition.exists()));
      table.write(
          Write.put(
              Item.at("FEED#0", "%015d".formatted(2))
                  .with("number", 2)
                  .with("type", "site")
                  .with("site", "b")
                  .expiringAt(Instant.now().plus(Duration.ofDays(1)))));
      Answer unmarked = poll(mixed, marked);
      assertThat(unmarked.status()).isEqualTo(200);
      assertThat(unmarked.json().path("mark").isNull()).isTrue();
      change(mixed, "c");
      Answer next = poll(mixed, unmarked.json());
      assertThat(next.status()).isEqualTo(200);
      assertThat(next.json().path("mark").asText()).startsWith("3-");
      assertThat(poll(mixed, marked).json().path("changes")).hasSize(2);
    }
  }

  @Test
  void theInternalRoutesAreAtTheInternalPortAndWantASecret() {
    assertThat(poll(server, null, "gw", 0, 0).status()).isEqualTo(401);
    assertThat(poll(server, "wrong", "gw", 0, 0).status()).isEqualTo(401);
    assertThat(poll(server, "another-" + ContentServer.SECRET, "gw", position(server), 0).status())
        .isEqualTo(200);
    Answer atApi =
        ContentServer.send("GET", server.api("/internal/snapshots"), ContentServer.SECRET, null);
    assertThat(atApi.status()).isEqualTo(404);
    Answer atManagement =
        ContentServer.send(
            "GET", server.at("management", "/internal/snapshots"), ContentServer.SECRET, null);
    assertThat(atManagement.status()).isEqualTo(404);
    String admin = server.person("admins");
    assertThat(ContentServer.send("GET", server.at("internal", "/v1/sites"), admin, null).status())
        .isEqualTo(404);
    assertThat(
            ContentServer.send("GET", server.at("management", "/v1/sites"), admin, null).status())
        .isEqualTo(404);
    assertThat(ContentServer.send("GET", server.api("/health/readiness"), null, null).status())
        .isEqualTo(404);
  }

  @Test
  void refusesBadPolls() {
    assertThat(poll(server, ContentServer.SECRET, "no spaces", 0, 0).status()).isEqualTo(400);
    assertThat(poll(server, -1, 0).status()).isEqualTo(400);
  }

  @Test
  void aSnapshotHasAllOfASite() {
    String owner = server.person("publishers");
    server.call("POST", "/v1/sites", owner, "{\"name\":\"snapped\"}");
    Table table = server.bean(Table.class);
    table.write(
        Write.put(
            Item.at("SITE#snapped", "ALIAS#next").with("deployment", "nbswy3dpo5xxe3denbsw")));
    table.write(Write.put(Item.at("SITE#snapped", "HOST#a.example").with("state", "pending")));
    table.write(Write.put(Item.at("SITE#snapped", "HOST#b.example").with("state", "active")));
    Answer answer =
        ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/snapped/snapshot"),
            ContentServer.SECRET,
            null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"site\":\"snapped\",\"version\":1,\"state\":\"active\",\"hosts\":[\"b.example\"],"
                + "\"deployment\":null,\"release\":null,\"earlier\":[],"
                + "\"aliases\":{\"next\":\"nbswy3dpo5xxe3denbsw\"},\"requires\":[],"
                + "\"settings\":{\"immutableAssets\":true,\"earlierAssetsSeconds\":86400,"
                + "\"files\":{\"pretty\":false,\"notFound\":\"page\",\"conventions\":\"portico\"},"
                + "\"defaultRootObject\":null,"
                + "\"origins\":[],\"cachePolicies\":[],\"originRequestPolicies\":[],"
                + "\"responseHeadersPolicies\":[],\"behaviours\":[],"
                + "\"defaultBehaviour\":{\"origin\":null,\"viewerProtocol\":\"allow-all\","
                + "\"cachePolicy\":null,\"originRequestPolicy\":null,"
                + "\"responseHeadersPolicy\":null,\"accessPolicy\":null,\"allowedMethods\":[\"GET\",\"HEAD\"],"
                + "\"cachedMethods\":[\"GET\",\"HEAD\"],"
                + "\"compress\":false,\"errorResponses\":[]},"
                + "\"api\":{\"mounted\":false,\"corsOrigins\":[]},"
                + "\"accessPolicies\":[],\"previewAccess\":null,\"publicKeys\":[],"
                + "\"keyGroups\":[],"
                + "\"signIn\":{\"title\":null,\"accent\":null,\"logo\":null},"
                + "\"deploymentSettings\":{\"mode\":\"all\",\"names\":[]}},"
                + "\"settingsFile\":null}");
    JsonNode all =
        ContentServer.send(
                "GET", server.at("internal", "/internal/snapshots"), ContentServer.SECRET, null)
            .json();
    assertThat(all.path("position").asLong()).isPositive();
    assertThat(all.path("sites")).anyMatch(site -> site.path("site").asText().equals("snapped"));
    assertThat(all.has("next")).isTrue();
    assertThat(
            ContentServer.send(
                    "GET",
                    server.at("internal", "/internal/sites/nowhere/snapshot"),
                    ContentServer.SECRET,
                    null)
                .status())
        .isEqualTo(404);
  }

  @Test
  void aLeaseHasOneHolderAndAFencingNumberThatGrows() {
    Leases one = server.bean(Leases.class);
    Leases two = copy.bean(Leases.class);
    String name = "work-" + UUID.randomUUID();
    Lease first = one.acquire(name, Duration.ofMinutes(1)).orElseThrow();
    assertThat(two.acquire(name, Duration.ofMinutes(1))).isEmpty();
    Lease renewed = one.renew(first, Duration.ofMinutes(2)).orElseThrow();
    assertThat(renewed.fence()).isEqualTo(first.fence());
    one.release(renewed);
    assertThat(two.acquire(name, Duration.ofMinutes(1)).orElseThrow().fence())
        .isGreaterThan(first.fence());
  }

  @Test
  void aDeadHoldersLeaseEndsAndItsLateWritesFail() {
    Leases one = server.bean(Leases.class);
    Leases two = copy.bean(Leases.class);
    String name = "work-" + UUID.randomUUID();
    Lease dead = one.acquire(name, Duration.ofMillis(50)).orElseThrow();
    var taken = new ArrayList<Lease>();
    await().until(() -> two.acquire(name, Duration.ofMinutes(1)).map(taken::add).isPresent());
    assertThat(one.renew(dead, Duration.ofMinutes(1))).isEmpty();
    Write late = Write.put(Item.at("TEST#" + name, "TEST"));
    Table table = server.bean(Table.class);
    assertThat(table.transact(List.of(dead.check(), late)).written()).isFalse();
    assertThat(table.transact(List.of(taken.getFirst().check(), late)).written()).isTrue();
  }

  @Test
  void manyWhoWantALeaseAtOnceFindOneHolder() {
    String name = "work-" + UUID.randomUUID();
    var got = new ArrayList<Future<Boolean>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        Leases leases = (i % 2 == 0 ? server : copy).bean(Leases.class);
        got.add(executor.submit(() -> leases.acquire(name, Duration.ofMinutes(1)).isPresent()));
      }
    }
    assertThat(got.stream().map(Future::resultNow)).containsOnlyOnce(true);
  }
}
