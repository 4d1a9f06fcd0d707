package dev.portico.content.violation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of gateways over the internal port, and what members see of them. */
class ViolationsIT {
  private static final AtomicInteger SITES = new AtomicInteger();

  private static ContentServer server;
  private static ContentServer copy;
  private static String owner;
  private String site;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    copy = server.copy(Map.of());
    owner = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    copy.close();
    server.close();
  }

  @BeforeEach
  void createSite() {
    site = "reported" + SITES.incrementAndGet();
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"" + site + "\"}").status())
        .isEqualTo(201);
  }

  private String count(String directive, String blocked, String path, long count) {
    return """
        {"site":"%s","disposition":"report","directive":"%s","blocked":"%s","path":"%s",\
        "count":%d,"new":1}"""
        .formatted(site, directive, blocked, path, count);
  }

  private String others(long count) {
    return "{\"site\":\"%s\",\"count\":%d}".formatted(site, count);
  }

  private static Answer send(ContentServer at, String gateway, long number, List<String> counts) {
    return ContentServer.send(
        "POST",
        at.at("internal", "/internal/csp-reports"),
        ContentServer.SECRET,
        "{\"gateway\":\"%s\",\"number\":%d,\"counts\":[%s]}"
            .formatted(gateway, number, String.join(",", counts)));
  }

  private void counted(String gateway, long number, String... counts) {
    Answer answer = send(server, gateway, number, List.of(counts));
    assertThat(answer.status()).as(answer.text()).isEqualTo(204);
  }

  private Answer list(String query) {
    return server.call("GET", "/v1/sites/" + site + "/csp-reports" + query, owner, null);
  }

  private JsonNode reports() {
    Answer answer = list("?limit=1000");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void countsAreAddedAndTheMostFrequentComeFirst() {
    Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
    counted(
        "gw-a",
        1,
        count("script-src-elem", "inline", "/guide/", 2),
        count("img-src", "https://images.example", "/", 4),
        others(5));
    counted("gw-b", 1, count("script-src-elem", "inline", "/guide/", 3), others(1));
    JsonNode reports = reports();
    assertThat(reports.path("other").asLong()).isEqualTo(6);
    assertThat(reports.path("distinct").asInt()).isEqualTo(2);
    assertThat(reports.path("items")).hasSize(2);
    JsonNode first = reports.at("/items/0");
    assertThat(first.path("directive").asText()).isEqualTo("script-src-elem");
    assertThat(first.path("blocked").asText()).isEqualTo("inline");
    assertThat(first.path("path").asText()).isEqualTo("/guide/");
    assertThat(first.path("disposition").asText()).isEqualTo("report");
    assertThat(first.path("count").asLong()).isEqualTo(5);
    Instant firstSeen = Instant.parse(first.path("firstSeen").asText());
    assertThat(firstSeen).isBetween(before, Instant.now());
    assertThat(Instant.parse(first.path("lastSeen").asText())).isBetween(firstSeen, Instant.now());
    assertThat(reports.at("/items/1/count").asLong()).isEqualTo(4);
    JsonNode limited = list("?limit=1").json();
    assertThat(limited.path("items")).hasSize(1);
    assertThat(limited.path("distinct").asInt()).isEqualTo(2);
  }

  @Test
  void aBatchThatIsSentAgainCountsOnce() {
    for (ContentServer at : List.of(server, copy, server)) {
      assertThat(send(at, "gw-again", 7, List.of(count("img-src", "data", "/", 3))).status())
          .isEqualTo(204);
    }
    counted("gw-again", 6, count("img-src", "data", "/", 100));
    assertThat(reports().at("/items/0/count").asLong()).isEqualTo(3);
    counted("gw-again", 8, count("img-src", "data", "/", 1));
    assertThat(reports().at("/items/0/count").asLong()).isEqualTo(4);
  }

  @Test
  void gatewaysAndCopiesAddAtTheSameTime() throws Exception {
    List<Future<Answer>> sent = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        String gateway = "gw-" + site + "-" + i;
        ContentServer at = i % 2 == 0 ? server : copy;
        List<String> counts =
            List.of(
                count("img-src", "blob", "/", 1),
                count("img-src", "blob", "/own" + i, 1),
                others(1));
        sent.add(executor.submit(() -> send(at, gateway, 1, counts)));
      }
    }
    for (Future<Answer> each : sent) {
      assertThat(each.get().status()).as(each.get().text()).isEqualTo(204);
    }
    JsonNode reports = reports();
    assertThat(reports.path("distinct").asInt()).isEqualTo(9);
    assertThat(reports.at("/items/0/count").asLong()).isEqualTo(8);
    assertThat(reports.path("other").asLong()).isEqualTo(8);
  }

  @Test
  void whatIsTooMuchForADayIsOnlyCounted() {
    int batches = ViolationLimits.DISTINCT_IN_A_DAY / ViolationLimits.BATCH + 1;
    for (int batch = 0; batch < batches; batch++) {
      int from = batch * ViolationLimits.BATCH;
      String[] counts =
          IntStream.range(from, from + ViolationLimits.BATCH)
              .mapToObj(i -> count("img-src", "data", "/" + i, 1))
              .toArray(String[]::new);
      counted("gw-flood-" + site, batch + 1, counts);
    }
    counted("gw-flood-" + site, batches + 1, count("img-src", "data", "/0", 1));
    JsonNode reports = reports();
    assertThat(reports.path("distinct").asInt()).isEqualTo(ViolationLimits.DISTINCT_IN_A_DAY);
    assertThat(reports.path("other").asLong())
        .isEqualTo(batches * ViolationLimits.BATCH - ViolationLimits.DISTINCT_IN_A_DAY);
    assertThat(reports.at("/items/0/path").asText()).isEqualTo("/0");
    assertThat(reports.at("/items/0/count").asLong()).isEqualTo(2);
  }

  @Test
  void daysAreAddedUpAndEnd() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (int ago : List.of(1, 6, 7)) {
      String day = today.minusDays(ago).toString();
      Instant seen = today.minusDays(ago).atStartOfDay(ZoneOffset.UTC).toInstant();
      Item item =
          Item.at(Violations.partition(site), day + " report img-src data /")
              .with("count", 1)
              .with("firstSeen", seen)
              .with("lastSeen", seen);
      server.bean(Table.class).write(Write.put(item));
    }
    counted("gw-days-" + site, 1, count("img-src", "data", "/", 10));
    assertThat(list("").json().at("/items/0/count").asLong()).isEqualTo(12);
    assertThat(list("?days=1").json().at("/items/0/count").asLong()).isEqualTo(10);
    JsonNode month = list("?days=30").json();
    assertThat(month.at("/items/0/count").asLong()).isEqualTo(13);
    assertThat(month.at("/items/0/firstSeen").asText()).startsWith(today.minusDays(7).toString());
    assertThat(month.at("/items/0/lastSeen").asText()).startsWith(today.toString());
  }

  @Test
  void allOfItExpires() {
    counted("gw-end-" + site, 1, count("img-src", "data", "/", 1), others(1));
    Instant now = server.bean(Clock.class).instant();
    List<Item> items = server.bean(Table.class).query(Query.of(Violations.partition(site))).items();
    assertThat(items).hasSize(2);
    assertThat(items)
        .allSatisfy(
            item ->
                assertThat(item.expiresAt().orElseThrow())
                    .isBetween(
                        now.plus(ViolationLimits.KEPT),
                        now.plus(ViolationLimits.KEPT).plus(Duration.ofDays(1))));
  }

  @Test
  void whatIsOfNoSiteIsDroppedAndTheRestCounted() {
    String gone = others(1).replace(site, "no-such-site");
    counted("gw-gone-" + site, 1, gone, others(2));
    assertThat(
            server.bean(Table.class).query(Query.of(Violations.partition("no-such-site"))).items())
        .isEmpty();
    assertThat(reports().path("other").asLong()).isEqualTo(2);
  }

  @Test
  void isForMembers() {
    String stranger = server.person("publishers");
    String path = "/v1/sites/" + site + "/csp-reports";
    assertThat(server.call("GET", path, stranger, null).status()).isEqualTo(404);
    assertThat(server.call("GET", path, null, null).status()).isEqualTo(401);
    assertThat(list("").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?days=0", "?days=31", "?days=x", "?limit=0", "?limit=1001"})
  void limitsOfTheList(String query) {
    assertThat(list(query).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'site':'a b'",
        "'directive':'x y'",
        "'blocked':'a b'",
        "'blocked':''",
        "'path':'/a b'",
        "'disposition':'other'",
        "'count':0"
      })
  void aBatchThatIsNotAsAgreedIsRefused(String wrong) {
    String name = wrong.substring(1, wrong.indexOf('\'', 1));
    String field = count("img-src", "data", "/", 1).replaceAll("\"" + name + "\":[^,]*,", "");
    String counts = field.replace("\"new\":1", wrong.replace('\'', '"'));
    assertThat(send(server, "gw-wrong", 1, List.of(counts)).status()).isEqualTo(400);
  }

  @Test
  void needsTheSecretAndHasABound() {
    assertThat(
            ContentServer.send(
                    "POST",
                    server.at("internal", "/internal/csp-reports"),
                    "wrong",
                    "{\"gateway\":\"gw\",\"number\":1,\"counts\":[" + others(1) + "]}")
                .status())
        .isEqualTo(401);
    List<String> tooMany =
        IntStream.rangeClosed(0, ViolationLimits.BATCH)
            .mapToObj(i -> count("img-src", "data", "/" + i, 1))
            .collect(Collectors.toList());
    assertThat(send(server, "gw-many", 1, tooMany).status()).isEqualTo(400);
    assertThat(send(server, "gw-many", 1, List.of()).status()).isEqualTo(400);
  }

  @Test
  void aPurgedSiteLeavesNothing() {
    try (ContentServer purging = server.copy(Map.of("portico.site.restorable", "0s"))) {
      counted("gw-purged-" + site, 1, count("img-src", "data", "/", 1), others(1));
      assertThat(purging.call("DELETE", "/v1/sites/" + site, owner, null).status()).isEqualTo(204);
      String again = "{\"name\":\"" + site + "\"}";
      assertThat(purging.call("POST", "/v1/sites", server.person("publishers"), again).status())
          .isEqualTo(201);
      assertThat(server.bean(Table.class).query(Query.of(Violations.partition(site))).items())
          .isEmpty();
    }
  }
}
