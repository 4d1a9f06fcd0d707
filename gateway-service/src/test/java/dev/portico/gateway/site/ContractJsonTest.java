package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.routing.SiteFile;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of the contract test against the files in deploy/contracts. */
class ContractJsonTest {
  private static InputStream golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.newInputStream(root.resolve("deploy/contracts").resolve(name));
  }

  private static InputStream text(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesTheRequestForChanges() throws IOException {
    byte[] written =
        ContractJson.changesRequest("gw-7f3a9c2e51d04b86", 1005, "1005-b7c2a90f5e6d4138", 5000);
    JsonMapper json = JsonMapper.createDefault();
    Argument<JsonNode> tree = Argument.of(JsonNode.class);
    try (InputStream expected = golden("changes-request.json")) {
      assertThat(json.readValue(written, tree)).isEqualTo(json.readValue(expected, tree));
    }
  }

  /** To and from a content-service without marks. */
  @Test
  void aMarkMayBeAbsent() throws IOException {
    byte[] written = ContractJson.changesRequest("gw", 5, null, 1);
    assertThat(new String(written, StandardCharsets.UTF_8)).doesNotContain("mark");
    Changes changes = new Changes(7, null, List.of());
    assertThat(ContractJson.changes(text("{\"position\":7,\"mark\":null}"))).isEqualTo(changes);
    assertThat(ContractJson.page(text("{\"position\":7}")).mark()).isNull();
  }

  @Test
  void readsChanges() throws IOException {
    try (InputStream in = golden("changes-response.json")) {
      assertThat(ContractJson.changes(in))
          .isEqualTo(new Changes(1007, "1007-0c9e4f21a6b85d73", List.of("docs", "shop")));
    }
  }

  @Test
  void readsASnapshot() throws IOException {
    try (InputStream in = golden("snapshot.json")) {
      assertThat(ContractJson.snapshot(in)).isEqualTo(docs());
    }
  }

  private static SiteSnapshot docs() {
    return new SiteSnapshot(
        "docs",
        42,
        true,
        List.of("docs.example.com"),
        "mfrggzdfmztwq2lknnwg",
        Map.of("next", "nbswy3dpo5xxe3denbsw"),
        settings());
  }

  private static SiteSettings settings() {
    Duration second = Duration.ofSeconds(1);
    HttpOrigin api =
        new HttpOrigin(
            "api",
            true,
            "api.example.com",
            443,
            "/v2",
            true,
            second.multipliedBy(5),
            second.multipliedBy(30),
            second.multipliedBy(60),
            Duration.ZERO,
            2,
            List.of(new HttpOrigin.Field("X-Key", "opaque-7f3a")),
            true,
            new HttpOrigin.Breaker(5, second.multipliedBy(10)),
            new HttpOrigin.Probe("/health", second.multipliedBy(15)),
            new HttpOrigin.Failover("backup", Set.of(500, 502, 503, 504)));
    HttpOrigin backup =
        new HttpOrigin(
            "backup",
            false,
            "203.0.114.7",
            8080,
            "",
            false,
            second.multipliedBy(2),
            second.multipliedBy(20),
            second.multipliedBy(30),
            second.multipliedBy(90),
            1,
            List.of(),
            true,
            new HttpOrigin.Breaker(3, second.multipliedBy(20)),
            null,
            null);
    CachePolicy own =
        new CachePolicy(
            "short",
            second.multipliedBy(5),
            second.multipliedBy(60),
            second.multipliedBy(3600),
            true,
            new KeySelection(KeySelection.Mode.ONLY, Set.of("accept-language")),
            new KeySelection(KeySelection.Mode.ALL_EXCEPT, Set.of("session")),
            new KeySelection(KeySelection.Mode.ONLY, Set.of("page", "sort")),
            true,
            true,
            false,
            Map.of(404, second.multipliedBy(10), 503, second.multipliedBy(2)),
            true);
    CachePolicy disabled = disabled();
    Behaviours behaviours =
        Behaviours.of(
            List.of(
                behaviour("/api/public/*", "api", "short", "GET", "HEAD", "OPTIONS"),
                behaviour(
                    "/api/*",
                    "api",
                    disabled.id(),
                    "GET",
                    "HEAD",
                    "OPTIONS",
                    "PUT",
                    "POST",
                    "PATCH",
                    "DELETE"),
                behaviour("*.jpg", null, null, "GET", "HEAD")),
            behaviour("*", null, null, "GET", "HEAD"));
    return new SiteSettings(
        true,
        behaviours,
        Map.of("api", api, "backup", backup),
        Map.of("short", own, disabled.id(), disabled));
  }

  private static CachePolicy disabled() {
    return new CachePolicy(
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        false,
        KeySelection.NONE,
        KeySelection.NONE,
        KeySelection.NONE,
        false,
        false,
        false,
        Map.of(),
        false);
  }

  private static Behaviour behaviour(
      String pattern, @Nullable String origin, @Nullable String policy, String... methods) {
    return new Behaviour(PathPattern.of(pattern), origin, policy, Set.of(methods));
  }

  private static SiteSettings defaults(boolean immutableAssets) {
    return new SiteSettings(immutableAssets, SiteSettings.DEFAULT.behaviours(), Map.of(), Map.of());
  }

  /** Of a content-service that knows less, and of one that knows more. */
  @Test
  void settingsMayLackFieldsAndHaveOthers() throws IOException {
    String site = "{\"site\": \"a\", \"version\": 1, \"state\": \"active\"%s}";
    assertThat(ContractJson.snapshot(text(site.formatted(""))).settings())
        .isEqualTo(SiteSettings.DEFAULT);
    assertThat(
            ContractJson.snapshot(
                    text(site.formatted(", \"settings\": {\"immutableAssets\": false}")))
                .settings())
        .isEqualTo(defaults(false));
    SiteSettings sparse =
        ContractJson.snapshot(
                text(
                    site.formatted(
                        """
                        , "settings": {
                          "later": [{}],
                          "origins": [{"id": "o", "host": "h.example", "later": {"a": [1]},
                                       "breaker": {"later": 1}, "probe": null}],
                          "cachePolicies": [{"id": "p", "later": 1, "query": {"later": []}}],
                          "behaviours": [{"pattern": "/a", "origin": "o", "cachePolicy": "p",
                                          "later": {}, "allowedMethods": ["GET"]}],
                          "defaultBehaviour": null}\
                        """)))
            .settings();
    Behaviour first = sparse.behaviours().of("/a");
    HttpOrigin origin = requireNonNull(sparse.origin(first));
    assertThat(origin.tls()).isTrue();
    assertThat(origin.port()).isEqualTo(443);
    assertThat(requireNonNull(sparse.cachePolicy(first)).query()).isEqualTo(KeySelection.NONE);
    Behaviour otherwise = sparse.behaviours().of("/b");
    assertThat(otherwise.methods()).containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(sparse.origin(otherwise)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"behaviours\": [{\"pattern\": \"/a\", \"origin\": \"o\"}]}",
        "{\"behaviours\": [{\"origin\": null}]}",
        "{\"defaultBehaviour\": {\"cachePolicy\": \"p\"}}",
        "{\"origins\": [{\"id\": \"o\"}]}",
        "{\"origins\": [{\"id\": \"o\", \"host\": \"h\", \"failover\": {\"origin\": \"p\"}}]}",
        "{\"origins\": [{\"id\": \"o\", \"host\": \"h\", \"headers\": [{\"name\": \"n\"}]}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"minTtlSeconds\": 2, \"maxTtlSeconds\": 1}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"query\": {\"mode\": \"some\"}}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"errorTtlSeconds\": {\"x\": 1}}]}",
      })
  void refusesSettingsThatCannotBeFollowed(String settings) {
    String json = "{\"site\": \"a\", \"version\": 1, \"settings\": " + settings + "}";
    assertThatThrownBy(() -> ContractJson.snapshot(text(json))).isInstanceOf(IOException.class);
  }

  @Test
  void readsAPageOfSnapshots() throws IOException {
    try (InputStream in = golden("snapshots-page.json")) {
      SiteSnapshot shop =
          new SiteSnapshot("shop", 3, false, List.of(), null, Map.of(), defaults(true));
      assertThat(ContractJson.page(in))
          .isEqualTo(new SnapshotsPage(1007, "1007-0c9e4f21a6b85d73", List.of(docs(), shop), null));
    }
  }

  @Test
  void readsAManifest() throws IOException {
    try (InputStream in = golden("manifest.json")) {
      DeploymentFiles files = ContractJson.manifest(in);
      assertThat(files.deployment()).isEqualTo("mfrggzdfmztwq2lknnwg");
      assertThat(files.sealedAt()).isEqualTo(Instant.parse("2026-11-01T10:15:30Z"));
      assertThat(files.count()).isEqualTo(2);
      SiteFile script = requireNonNull(files.find("/assets/index-BfT3x9aQ.js"));
      assertThat(script.size()).isEqualTo(48211);
      assertThat(script.type()).isEqualTo("text/javascript; charset=utf-8");
      assertThat(script.digest().hex())
          .isEqualTo("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    }
  }

  @Test
  void skipsFieldsItDoesNotKnow() throws IOException {
    assertThat(
            ContractJson.changes(
                text(
                    """
                    {"later": {"a": [1, {"b": 2}]}, "position": 7, "changes": [
                      {"number": 6, "type": "invalidation", "site": "docs", "paths": ["/*"]},
                      {"number": 7, "type": "site", "site": "shop", "x": null}]}\
                    """)))
        .isEqualTo(new Changes(7, null, List.of("shop")));
    assertThat(
            ContractJson.snapshot(
                text(
                    """
                    {"site": "a", "version": 1, "state": "active", "rules": [[{}]],
                     "settings": {"new": {}, "immutableAssets": false}}\
                    """)))
        .isEqualTo(new SiteSnapshot("a", 1, true, List.of(), null, Map.of(), defaults(false)));
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"version\": 1, \"deployment\": \"a\", \"files\": []}",
        "{\"version\": 2, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\"}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"today\", \"files\": []}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [{\"path\": \"/a\", \"sha256\": \"zz\", \"size\": 1, \"type\": \"t\"}]}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [{\"path\": \"/a\"}]}"
      })
  void refusesAManifestThatIsNotWhole(String json) {
    assertThatThrownBy(() -> ContractJson.manifest(text(json))).isInstanceOf(IOException.class);
  }
}
