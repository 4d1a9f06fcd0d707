package dev.portico.gateway.site;

import static dev.portico.gateway.site.Contracts.golden;
import static dev.portico.gateway.site.Contracts.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.site.Changes.Invalidated;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The change feed, with the examples in deploy/contracts that both sides test against. */
class ChangesJsonTest {
  @Test
  void writesTheRequestForChanges() throws IOException {
    byte[] written =
        ContractJson.changesRequest(
            new ChangesQuestion(
                "gw-7f3a9c2e51d04b86",
                "0.1.0",
                1005,
                "1005-b7c2a90f5e6d4138",
                Duration.ofSeconds(3),
                Map.of(
                    "sites", 2L,
                    "release/docs/1764370000123/requests", 480L,
                    "release/docs/1764370000123/errors", 31L,
                    "release/docs/1764370000123/live-requests", 1510L,
                    "release/docs/1764370000123/live-errors", 2L)));
    JsonMapper json = JsonMapper.createDefault();
    Argument<JsonNode> tree = Argument.of(JsonNode.class);
    try (InputStream expected = golden("changes-request.json")) {
      assertThat(json.readValue(written, tree)).isEqualTo(json.readValue(expected, tree));
    }
  }

  /** To and from a content-service without marks. */
  @Test
  void aMarkMayBeAbsent() throws IOException {
    byte[] written =
        ContractJson.changesRequest(
            new ChangesQuestion("gw", null, 5, null, Duration.ofMillis(1), Map.of()));
    assertThat(new String(written, StandardCharsets.UTF_8)).doesNotContain("mark", "version");
    Changes changes =
        new Changes(
            7, null, Changes.DEFAULT_LEASE, false, false, List.of(), Map.of(), List.of(), false);
    assertThat(ContractJson.changes(text("{\"position\":7,\"mark\":null}"))).isEqualTo(changes);
    assertThat(ContractJson.page(text("{\"position\":7}")).mark()).isNull();
  }

  @Test
  void readsChanges() throws IOException {
    try (InputStream in = golden("changes-response.json")) {
      assertThat(ContractJson.changes(in))
          .isEqualTo(
              new Changes(
                  1009,
                  "1009-5d1f0b7a93c2e864",
                  Duration.ofSeconds(9),
                  false,
                  true,
                  List.of("docs", "shop"),
                  Map.of(
                      "docs",
                      Instant.parse("2026-11-30T02:00:00.250Z"),
                      "shop",
                      Instant.parse("2026-11-30T02:00:01Z")),
                  List.of(
                      new Invalidated("shop", new Purge.Path("/api/products/7")),
                      new Invalidated("shop", new Purge.Prefix("/images/")),
                      new Invalidated("shop", new Purge.Tag("product-7"))),
                  false));
    }
  }

  @Test
  void readsChangesOfThePlatform() throws IOException {
    try (InputStream in = golden("changes-platform.json")) {
      Changes changes = ContractJson.changes(in);
      assertThat(changes.position()).isEqualTo(1010);
      assertThat(changes.controls()).isTrue();
      assertThat(changes.sites()).isEmpty();
      assertThat(changes.invalidations()).singleElement().matches(Invalidated::everything);
    }
  }

  @Test
  void namesASiteOnceHoweverOftenItChanged() throws IOException {
    String change = "{\"number\": 1, \"type\": \"site\", \"site\": \"%s\"}";
    String json =
        "{\"position\": 3, \"changes\": ["
            + change.formatted("a")
            + ","
            + change.formatted("b")
            + ","
            + change.formatted("a")
            + "]}";
    assertThat(ContractJson.changes(text(json)).sites()).containsExactly("b", "a");
  }

  /** The delay is that of the change that waits longest; what is no time is passed over. */
  @Test
  void ofSeveralChangesOfASiteTheOldestTimeCounts() throws IOException {
    String change = "{\"type\": \"site\", \"site\": \"%s\", \"committedAt\": \"%s\"}";
    String json =
        "{\"position\": 3, \"changes\": ["
            + change.formatted("a", "2026-11-30T02:00:05Z")
            + ","
            + change.formatted("b", "lately")
            + ","
            + change.formatted("a", "2026-11-30T02:00:04Z")
            + "]}";
    Changes changes = ContractJson.changes(text(json));
    assertThat(changes.sites()).containsExactly("b", "a");
    assertThat(changes.committed()).isEqualTo(Map.of("a", Instant.parse("2026-11-30T02:00:04Z")));
  }

  /** What cannot be understood must not leave anything behind that should be gone. */
  @Test
  void anInvalidationThatSaysNothingOfUseMeansTheWholeSite() throws IOException {
    for (String what :
        List.of(
            "\"x\": 1",
            "\"paths\": []",
            "\"paths\": [\"/a\", \"/b*c\"]",
            "\"paths\": [\"/a\"], \"tags\": [\"no tag\"]")) {
      String json =
          "{\"position\": 1, \"more\": true, \"changes\": ["
              + "{\"number\": 1, \"type\": \"invalidation\", \"site\": \"docs\", "
              + what
              + "}]}";
      Changes changes = ContractJson.changes(text(json));
      assertThat(changes.invalidations())
          .as(what)
          .containsExactly(new Invalidated("docs", new Purge.All()));
      assertThat(changes.more()).isTrue();
    }
  }

  /** As the release before sends it to the gateways of this one. */
  @Test
  void aChangeOfAPolicyNeedNotSayWhich() throws IOException {
    Changes changes =
        ContractJson.changes(
            text(
                "{\"position\":7,\"changes\":[{\"number\":7,\"type\":\"policy\",\"site\":\"\"}]}"));
    assertThat(changes.policies()).isTrue();
    assertThat(changes.sites()).isEmpty();
  }

  @Test
  void skipsFieldsItDoesNotKnow() throws IOException {
    assertThat(
            ContractJson.changes(
                text(
                    """
                    {"later": {"a": [1, {"b": 2}]}, "position": 7, "changes": [
                      {"number": 6, "type": "later", "site": "docs", "paths": ["/*"]},
                      {"number": 7, "type": "site", "site": "shop", "x": null}]}\
                    """)))
        .isEqualTo(
            new Changes(
                7,
                null,
                Changes.DEFAULT_LEASE,
                false,
                false,
                List.of("shop"),
                Map.of(),
                List.of(),
                false));
  }
}
