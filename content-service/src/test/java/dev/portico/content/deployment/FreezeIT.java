package dev.portico.content.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is possible, and what is not, while publishing is frozen on the whole platform. */
class FreezeIT {
  private ContentServer server;
  private Publisher publisher;
  private String admin;
  private String site;
  private String first;
  private String second;
  private String third;

  @BeforeEach
  void publish() {
    server = ContentServer.start(Map.of());
    admin = server.person("admins");
    publisher = new Publisher(server, server.person("publishers"));
    site = publisher.newSite();
    first = publish("first");
    second = publish("second");
    third = publish("third");
    activate(first);
    activate(second);
  }

  @AfterEach
  void stop() {
    server.close();
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

  private void release(String bound) {
    Answer begun =
        ask("PUT", "/release", "{\"deployment\":\"" + third + "\",\"percent\":5" + bound + "}");
    assertThat(begun.status()).as(begun.text()).isEqualTo(200);
  }

  private Answer freeze(String json) {
    return server.call("PUT", "/v1/platform/freeze", admin, json);
  }

  private Answer unfreeze() {
    return server.call("DELETE", "/v1/platform/freeze", admin, null);
  }

  private Answer ask(String method, String path, @Nullable String json, String... headers) {
    return server.call(method, "/v1/sites/" + site + path, publisher.token(), json, headers);
  }

  private String live() {
    return publisher.get("/v1/sites/" + site).json().path("deployment").asText();
  }

  private long feed() {
    return ContentServer.send(
            "GET", server.at("internal", "/internal/snapshots"), ContentServer.SECRET, null)
        .json()
        .path("position")
        .asLong();
  }

  @Test
  void everyChangeThatViewersSeeIsRefusedAndSaysWhoFrozeItWhenAndWhy() {
    TestSite upload = TestSite.of("/index.html", "on its way " + site);
    String begun = publisher.begin(site, upload).json().path("id").asText();
    ask("PUT", "/aliases/old", "{\"deployment\":\"" + first + "\"}");
    ask("PUT", "/hosts/old.example.com", null);
    ask("PUT", "/settings", "{}", "If-Match", "*");
    long settings = publisher.get("/v1/sites/" + site).json().path("version").asLong();
    String gone = publisher.newSite();
    publisher.delete("/v1/sites/" + gone);
    Instant before = Instant.now().minusMillis(1);
    Answer frozen = freeze("{\"reason\":\"incident 4711\"}");
    assertThat(frozen.status()).as(frozen.text()).isEqualTo(200);
    JsonNode freeze = frozen.json().path("freeze");
    assertThat(freeze.path("reason").asText()).isEqualTo("incident 4711");
    assertThat(freeze.path("until").isNull()).isTrue();
    assertThat(Instant.parse(freeze.path("at").asText())).isBetween(before, Instant.now());
    long position = feed();
    Answer refused = activate(third);
    assertThat(refused.status()).isEqualTo(423);
    assertThat(refused.problem()).isEqualTo("publishing-frozen");
    assertThat(refused.json().path("detail").asText())
        .contains(
            freeze.path("username").asText(),
            freeze.path("at").asText(),
            "incident 4711",
            "lifted");
    assertThat(refused.header("Retry-After")).isEmpty();
    String deployments = "/deployments";
    List<Answer> all =
        List.of(
            publisher.begin(site, TestSite.of("/index.html", "new")),
            publisher.seal(site, third, "?activate=true"),
            publisher.publishArchive(site, "no archive at all".getBytes(UTF_8), ""),
            ask("PUT", "/aliases/next", "{\"deployment\":\"" + first + "\"}"),
            ask("PUT", "/release", "{\"deployment\":\"" + third + "\",\"percent\":5}"),
            ask("DELETE", deployments + "/" + third, null),
            ask("PUT", "/settings", "{\"immutableAssets\":false}", "If-Match", "*"),
            ask("PATCH", "", "{\"title\":\"x\"}", "If-Match", "*"),
            ask("PUT", "/hosts/www.example.com", null),
            publisher.sendBlob(site, begun, "0".repeat(64), new byte[0]),
            ask("DELETE", "/aliases/old", null),
            ask("DELETE", "/hosts/old.example.com", null),
            // What admins may, and their own changes are in the next test.
            ask("POST", "/settings/versions/" + settings + "/restore", null),
            publisher.post("/v1/sites/" + gone + "/restore"),
            ask("DELETE", "", null),
            server.call("POST", "/v1/sites", publisher.token(), "{\"name\":\"another\"}"),
            // An admin is stopped, too, and has to lift it.
            server.call(
                "POST",
                "/v1/sites/" + site + deployments + "/" + third + "/activate",
                admin,
                null));
    assertThat(all)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).as(answer.text()).isEqualTo(423);
              assertThat(answer.problem()).isEqualTo("publishing-frozen");
            });
    assertThat(feed()).isEqualTo(position);
    assertThat(live()).isEqualTo(second);
    unfreeze();
    assertThat(activate(third).status()).isEqualTo(200);
  }

  @Test
  void whatTakesAChangeBackAndWhatViewersDoNotSeeGoesOn() {
    release("");
    freeze("{\"reason\":\"incident\"}");
    List<Answer> all =
        List.of(
            ask("DELETE", "/release", null),
            ask("POST", "/rollback", null),
            ask("POST", "/invalidations", "{\"callerReference\":\"r\",\"paths\":[\"/*\"]}"),
            ask("PUT", "/lock", "{\"reason\":\"x\"}"),
            ask("DELETE", "/lock", null),
            ask("POST", "/tokens", "{\"title\":\"ci\"}"),
            ask("GET", "/deployments", null));
    assertThat(all).allSatisfy(answer -> assertThat(answer.status()).isBetween(200, 201));
    assertThat(live()).isEqualTo(first);
  }

  @Test
  void aRollbackGoesOnDuringARelease() {
    release("");
    freeze("{\"reason\":\"incident\"}");
    assertThat(ask("POST", "/rollback", null).status()).isEqualTo(200);
    assertThat(live()).as("what was before is the live one, for all").isEqualTo(second);
    assertThat(publisher.get("/v1/sites/" + site).json().has("release")).isFalse();
  }

  @Test
  void aReleaseIsRolledBackByItself() {
    release(",\"maxErrorRate\":5");
    freeze("{\"reason\":\"incident\"}");
    String counted =
        ContentServer.send(
                "GET",
                server.at("internal", "/internal/sites/" + site + "/snapshot"),
                ContentServer.SECRET,
                null)
            .json()
            .at("/release/counted")
            .asText();
    String name = "release/" + site + "/" + counted + "/";
    ContentServer.send(
        "POST",
        server.at("internal", "/internal/changes"),
        ContentServer.SECRET,
        "{\"gateway\":\"gw\",\"after\":0,\"invalidates\":true,\"waitMillis\":0,\"counters\":{\"%srequests\":100,\"%serrors\":100,\"%slive-requests\":100,\"%slive-errors\":0}}"
            .formatted(name, name, name, name));
    server.bean(ReleaseWatch.class).judge(site);
    assertThat(publisher.get("/v1/sites/" + site).json().has("release")).isFalse();
  }

  /** A purge, which goes on, would make of a deletion what cannot be taken back. */
  @Test
  void adminsRestoreSitesAndSettings() {
    ask("PUT", "/settings", "{\"immutableAssets\":false}", "If-Match", "*");
    long earlier = publisher.get("/v1/sites/" + site).json().path("version").asLong();
    ask("PUT", "/settings", "{\"immutableAssets\":true}", "If-Match", "*");
    String gone = publisher.newSite();
    publisher.delete("/v1/sites/" + gone);
    freeze("{\"reason\":\"incident\"}");
    Answer settings =
        server.call(
            "POST",
            "/v1/sites/" + site + "/settings/versions/" + earlier + "/restore",
            admin,
            null);
    assertThat(settings.status()).as(settings.text()).isEqualTo(200);
    assertThat(settings.json().path("immutableAssets").asBoolean()).isFalse();
    Answer restored = server.call("POST", "/v1/sites/" + gone + "/restore", admin, null);
    assertThat(restored.status()).as(restored.text()).isEqualTo(200);
    assertThat(restored.json().has("restorableUntil")).isFalse();
    // A document of their own is a change like others.
    Answer refused =
        server.call("PUT", "/v1/sites/" + site + "/settings", admin, "{}", "If-Match", "*");
    assertThat(refused.status()).isEqualTo(423);
  }

  /** Every site that uses one would else have to live with a slip until the freeze is over. */
  @Test
  void adminsMakeSharedPoliciesWhatTheyWere() {
    String path = "/v1/policies/house";
    String cache = "{\"cache\":{\"maxTtlSeconds\":%d}}";
    server.call("PUT", path, admin, cache.formatted(1));
    String version =
        server.call("GET", path + "/versions", admin, null).json().at("/items/0/version").asText();
    server.call("PUT", path, admin, cache.formatted(2));
    freeze("{\"reason\":\"incident\"}");
    long position = feed();
    assertThat(server.call("PUT", path, admin, cache.formatted(3)).status()).isEqualTo(423);
    assertThat(server.call("PUT", "/v1/policies/new", admin, cache.formatted(1)).status())
        .isEqualTo(423);
    assertThat(server.call("DELETE", path, admin, null).status()).isEqualTo(423);
    assertThat(feed()).isEqualTo(position);
    // As it is shown, with every default filled in.
    Answer earlier = server.call("GET", path + "/versions/" + version, admin, null);
    Answer back = server.call("PUT", path, admin, earlier.text());
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(back.json().at("/cache/maxTtlSeconds").asLong()).isEqualTo(1);
    assertThat(feed()).isEqualTo(position + 1);
    assertThat(server.call("PUT", path, admin, cache.formatted(2)).status()).isEqualTo(200);
  }

  @Test
  void itEndsByItself() {
    freeze("{\"reason\":\"a moment\",\"until\":\"" + Instant.now().plusSeconds(600) + "\"}");
    Answer refused = activate(third);
    assertThat(refused.status()).isEqualTo(423);
    assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 600L);
    var end = new AtomicReference<Instant>();
    await()
        .until(
            () -> {
              end.set(Instant.now().plusSeconds(2));
              return freeze("{\"reason\":\"a moment\",\"until\":\"" + end + "\"}").status() == 200;
            });
    await().atMost(Duration.ofSeconds(30)).until(() -> activate(third).status() == 200);
    assertThat(Instant.now()).isAfter(end.get());
    assertThat(
            server.call("GET", "/v1/platform/controls", admin, null).json().path("freeze").isNull())
        .isTrue();
  }

  @Test
  void itHoldsAtEveryCopyAndAfterAStart() {
    freeze("{\"reason\":\"incident\"}");
    try (ContentServer copy = server.copy(Map.of())) {
      Answer refused =
          copy.call(
              "POST",
              "/v1/sites/" + site + "/deployments/" + third + "/activate",
              publisher.token(),
              null);
      assertThat(refused.status()).isEqualTo(423);
    }
  }

  /** The check is in the transaction: none that began before it ends after it. */
  @Test
  void nothingIsActivatedBehindTheAnswer() throws Exception {
    Instant end = Instant.now().plusSeconds(60);
    var activated = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> running =
          IntStream.range(0, 4)
              .mapToObj(i -> threads.submit(() -> activateUntil(end, activated)))
              .toList();
      await().until(() -> activated.get() > 0);
      assertThat(freeze("{\"reason\":\"now\"}").status()).isEqualTo(200);
      String then = live();
      for (Future<Integer> each : running) {
        assertThat(each.get()).isEqualTo(423);
      }
      assertThat(live()).isEqualTo(then);
    }
  }

  /**
   * The one and the other in turn, since what is live already is never refused; the status with
   * which it was refused.
   */
  private int activateUntil(Instant end, AtomicInteger activated) {
    int status = 503;
    for (int i = 0; (status == 200 || status == 503) && Instant.now().isBefore(end); i++) {
      status = activate(i % 2 == 0 ? first : third).status();
      activated.addAndGet(status == 200 ? 1 : 0);
    }
    return status;
  }

  @Test
  void whatGoesOnByItselfGoesOn() {
    freeze("{\"reason\":\"incident\"}");
    try (ContentServer forgetful = server.copy(Map.of("portico.deployment.keep-previews", "1ms"))) {
      forgetful.bean(Retention.class).run();
    }
    assertThat(live()).isEqualTo(second);
    Answer old = publisher.get("/v1/sites/" + site + "/deployments/" + third);
    assertThat(old.json().path("state").asText()).as(old.text()).isEqualTo("deleted");
  }
}
