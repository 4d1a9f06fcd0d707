package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.change.GatewayRegistry;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.member.SiteAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradual releases that are rolled back because of what gateways counted. */
class ReleaseWatchIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration SHORT_LEASE = Duration.ofSeconds(1);

  private static ContentServer server;
  private static Publisher publisher;
  private String site;
  private String live;
  private String next;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of("portico.change.gateway-lease", LEASE));
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
    publisher.post("/v1/sites/" + site + "/deployments/" + live + "/activate");
  }

  private String publish(String text) {
    return publisher
        .publishByDigests(site, TestSite.of("/index.html", text + " " + site), "")
        .json()
        .path("id")
        .asText();
  }

  private Answer put(String bound) {
    return publisher.call(
        "PUT",
        "/v1/sites/" + site + "/release",
        "{\"deployment\":\"" + next + "\",\"percent\":50" + bound + "}");
  }

  /** At most 5 % more than the others, from 100 requests on. */
  private void release() {
    Answer begun = put(",\"maxErrorRate\":5");
    assertThat(begun.status()).as(begun.text()).isEqualTo(200);
  }

  private JsonNode site() {
    return publisher.get("/v1/sites/" + site).json();
  }

  private JsonNode status() {
    return publisher.get("/v1/sites/" + site + "/release").json();
  }

  private JsonNode snapshot() {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json();
  }

  private String step() {
    return snapshot().at("/release/counted").asText();
  }

  private String counters(String step, long requests, long errors, long others, long failing) {
    String name = "release/" + site + "/" + step + "/";
    return "{\"%srequests\":%d,\"%serrors\":%d,\"%slive-requests\":%d,\"%slive-errors\":%d}"
        .formatted(name, requests, name, errors, name, others, name, failing);
  }

  private void poll(String gateway, String counters) {
    poll(server, gateway, counters);
  }

  private void poll(ContentServer at, String gateway, String counters) {
    Answer polled =
        ContentServer.send(
            "POST",
            at.at("internal", "/internal/changes"),
            ContentServer.SECRET,
            "{\"gateway\":\"%s-%s\",\"after\":0,\"invalidates\":true,\"waitMillis\":0,\"counters\":%s}"
                .formatted(gateway, site, counters));
    assertThat(polled.status()).as(polled.text()).isEqualTo(200);
  }

  /** Judges once, whatever was judged before. */
  private boolean stands() {
    server.bean(ReleaseWatch.class).judge(site);
    return site().has("release");
  }

  private List<JsonNode> rollbacks() {
    var entries = new ArrayList<JsonNode>();
    publisher
        .get("/v1/sites/" + site + "/audit")
        .json()
        .path("items")
        .forEach(
            entry -> {
              if (entry.path("action").asText().equals("site.release.rollback")) {
                entries.add(entry);
              }
            });
    return entries;
  }

  @Test
  void tooManyErrorsAtAllGatewaysTogetherRollItBack() {
    release();
    assertThat(site().at("/release/maxErrorRate").asDouble()).isEqualTo(5);
    assertThat(site().at("/release/minRequests").asInt()).isEqualTo(100);
    poll("gw-a", counters(step(), 60, 5, 900, 1));
    assertThat(stands()).as("too few requests").isTrue();
    String more = counters(step(), 60, 5, 900, 1);
    await()
        .until(
            () -> {
              poll("gw-b", more);
              return !site().has("release");
            });
    JsonNode after = site();
    assertThat(status().path("rolledBack")).isEqualTo(after.path("rolledBack"));
    assertThat(status().path("release").isNull()).isTrue();
    assertThat(after.path("deployment").asText()).isEqualTo(live);
    assertThat(after.at("/rolledBack/deployment").asText()).isEqualTo(next);
    assertThat(after.at("/rolledBack/requests").asLong()).isEqualTo(120);
    assertThat(after.at("/rolledBack/errors").asLong()).isEqualTo(10);
    assertThat(after.at("/rolledBack/reason").asText()).contains("(10 of 120)");
    assertThat(Instant.parse(after.at("/rolledBack/at").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    assertThat(snapshot().path("release").isNull()).isTrue();
    assertThat(snapshot().path("earlier").findValuesAsText("deployment")).containsExactly(next);
    assertThat(rollbacks()).hasSize(1);
    JsonNode entry = rollbacks().getFirst();
    assertThat(entry.path("by").asText()).isEqualTo("portico");
    assertThat(entry.at("/details/deployment").asText()).isEqualTo(next);
    assertThat(entry.at("/details/reason").asText())
        .isEqualTo(after.at("/rolledBack/reason").asText());
  }

  @Test
  void whatFailsForEverybodyIsNotItsFault() {
    release();
    poll("gw", counters(step(), 1000, 500, 1000, 480));
    assertThat(stands()).isTrue();
    assertThat(status().path("counts").toString())
        .isEqualTo("{\"requests\":1000,\"errors\":500,\"liveRequests\":1000,\"liveErrors\":480}");
    assertThat(status().path("release")).isEqualTo(site().path("release"));
    poll("gw", counters(step(), 1000, 500, 1000, 360));
    assertThat(stands()).isFalse();
  }

  @Test
  void withoutABoundNothingIsCountedAndNothingRollsItBack() {
    put("");
    assertThat(snapshot().path("release").has("counted")).isFalse();
    long at = Instant.parse(site().at("/release/at").asText()).toEpochMilli();
    poll("gw", counters(Long.toString(at), 1000, 1000, 0, 0));
    assertThat(stands()).isTrue();
    release();
    assertThat(put("").json().at("/release/maxErrorRate").isMissingNode())
        .as("each share says it anew")
        .isTrue();
  }

  /** What an operator changes is judged by what viewers get from then on. */
  @Test
  void eachStepIsJudgedByItself() {
    release();
    String before = step();
    await().until(() -> Instant.now().toEpochMilli() > Long.parseLong(before));
    release();
    assertThat(step()).isNotEqualTo(before);
    poll("gw", counters(before, 1000, 1000, 0, 0));
    assertThat(stands()).isTrue();
    String last = step();
    publisher.delete("/v1/sites/" + site + "/release");
    poll("gw", counters(last, 1000, 1000, 0, 0));
    assertThat(stands()).isFalse();
    assertThat(site().has("rolledBack")).as("it was ended by hand").isFalse();
  }

  /** It has another id then; what the old one counted goes with its lease. */
  @Test
  void aGatewayThatStartsAgainBeginsAtNothing() {
    release();
    try (ContentServer hasty = server.copy(Map.of("portico.change.gateway-lease", SHORT_LEASE))) {
      poll(hasty, "gw-before", counters(step(), 99, 99, 0, 0));
    }
    GatewayRegistry gateways = server.bean(GatewayRegistry.class);
    await()
        .until(
            () ->
                gateways.alive().stream()
                    .noneMatch(gateway -> gateway.id().equals("gw-before-" + site)));
    poll("gw-after", counters(step(), 3, 1, 0, 0));
    assertThat(stands()).isTrue();
  }

  @Test
  void aGatewayThatCountsNothingChangesNothing() {
    release();
    poll("gw-old", "{}");
    ContentServer.send(
        "POST",
        server.at("internal", "/internal/changes"),
        ContentServer.SECRET,
        "{\"gateway\":\"gw-older-" + site + "\",\"after\":0,\"waitMillis\":0}");
    assertThat(stands()).isTrue();
    poll("gw", counters(step(), 100, 100, 0, 0));
    assertThat(stands()).isFalse();
  }

  @Test
  void ofTwoCopiesOneRollsItBack() throws Exception {
    try (ContentServer other = server.copy(Map.of("portico.change.gateway-lease", LEASE));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 5; round++) {
        release();
        poll("gw", counters(step(), 100, 100, 0, 0));
        CyclicBarrier together = new CyclicBarrier(2);
        var judging = new ArrayList<Future<?>>();
        for (ContentServer each : List.of(server, other)) {
          judging.add(
              executor.submit(
                  () -> {
                    together.await();
                    each.bean(ReleaseWatch.class).judge(site);
                    return null;
                  }));
        }
        for (Future<?> each : judging) {
          each.get();
        }
        assertThat(site().has("release")).isFalse();
        assertThat(rollbacks()).hasSize(round + 1);
      }
    }
  }

  /** A lock keeps everything as it is, whoever would change it. */
  @Test
  void aLockedSiteKeepsItUntilItIsUnlocked() {
    release();
    publisher.call("PUT", "/v1/sites/" + site + "/lock", "{}");
    poll("gw", counters(step(), 100, 100, 0, 0));
    assertThat(stands()).isTrue();
    publisher.delete("/v1/sites/" + site + "/lock");
    assertThat(stands()).isFalse();
  }

  @Test
  void theNextReleaseOrActivationForgetsWhy() {
    release();
    poll("gw", counters(step(), 100, 100, 0, 0));
    assertThat(stands()).isFalse();
    assertThat(site().has("rolledBack")).isTrue();
    put("");
    assertThat(site().has("rolledBack")).isFalse();
    release();
    poll("gw", counters(step(), 100, 100, 0, 0));
    assertThat(stands()).isFalse();
    publisher.post("/v1/sites/" + site + "/deployments/" + next + "/activate");
    assertThat(site().has("rolledBack")).isFalse();
  }

  /** A copy of a release without bounds sets the share and leaves the bound where it is. */
  @Test
  void aBoundOfAnotherStepDoesNotHold() {
    release();
    server
        .bean(Table.class)
        .write(
            Write.update(SiteAccess.siteKey(site)).set("releaseAt", Instant.now().plusSeconds(1)));
    assertThat(snapshot().path("release").has("counted")).isFalse();
    assertThat(site().path("release").has("maxErrorRate")).isFalse();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (String bound :
        List.of(
            ",\"maxErrorRate\":-1",
            ",\"maxErrorRate\":100",
            ",\"minRequests\":10",
            ",\"maxErrorRate\":5,\"minRequests\":0",
            ",\"maxErrorRate\":5,\"minRequests\":5001")) {
      assertThat(put(bound).status()).as(bound).isEqualTo(400);
    }
    assertThat(put(",\"maxErrorRate\":0.5,\"minRequests\":1").status()).isEqualTo(200);
    assertThat(site().at("/release/maxErrorRate").asDouble()).isEqualTo(0.5);
  }
}
