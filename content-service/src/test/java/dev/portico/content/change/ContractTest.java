package dev.portico.content.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.settings.OriginsSettings;
import dev.portico.content.settings.SettingsDocument;
import dev.portico.content.settings.StoredSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What this service writes and reads is what deploy/contracts says. */
class ContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final io.micronaut.serde.ObjectMapper SERDE =
      io.micronaut.serde.ObjectMapper.create(
          Map.of(
              "micronaut.serde.serialization.inclusion", "ALWAYS",
              // The service's settings are checked at every start, even of a mapper alone.
              "portico.cognito.issuer", "https://example.com/pool",
              "portico.cognito.jwks-url", "https://example.com/pool/jwks.json",
              "portico.cognito.client-ids", "client",
              "portico.change.secrets", "a-secret-of-at-least-thirty-two-characters"),
          "dev.portico");

  /** What a team may have asked for, of which the snapshot carries the compiled form. */
  private static final SettingsDocument SETTINGS =
      StoredSettings.none(true)
          .replacedBy(
              """
              {"origins": [
                 {"id": "api", "host": "api.example.com", "pathPrefix": "/v2", "httpVersion": "2",
                  "headers": [{"name": "X-Key", "value": "opaque-7f3a"}],
                  "probe": {"path": "/health", "intervalSeconds": 15},
                  "failover": {"origin": "backup"}},
                 {"id": "backup", "protocol": "http", "host": "203.0.114.7", "port": 8080,
                  "connectTimeoutSeconds": 2, "firstByteTimeoutSeconds": 20,
                  "idleTimeoutSeconds": 30, "requestTimeoutSeconds": 90, "attempts": 1,
                  "breaker": {"failures": 3, "openSeconds": 20}},
                 {"id": "unused", "host": "unused.example.com"}],
               "cachePolicies": [
                 {"id": "short", "minTtlSeconds": 5, "defaultTtlSeconds": 60,
                  "maxTtlSeconds": 3600, "unsafeMinTtl": true,
                  "headers": {"mode": "only", "names": ["Accept-Language"]},
                  "cookies": {"mode": "all-except", "names": ["session"]},
                  "query": {"mode": "only", "names": ["page", "sort"]}, "sortQuery": true,
                  "brotli": false, "errorTtlSeconds": {"503": 2, "404": 10},
                  "viewerDirectives": true}],
               "behaviours": [
                 {"pattern": "/api/public/*", "origin": "api", "cachePolicy": "short",
                  "allowedMethods": ["GET", "HEAD", "OPTIONS"]},
                 {"pattern": "/api/*", "origin": "api", "cachePolicy": "CachingDisabled",
                  "allowedMethods":
                    ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
                 {"pattern": "*.jpg"}]}\
              """
                  .getBytes(StandardCharsets.UTF_8),
              new OriginsSettings(List.of()))
          .compiled();

  private static final Snapshot DOCS =
      new Snapshot(
          "docs",
          42,
          "active",
          List.of("docs.example.com"),
          "mfrggzdfmztwq2lknnwg",
          Map.of("next", "nbswy3dpo5xxe3denbsw"),
          SETTINGS);

  private static String golden(String name) throws IOException {
    return Files.readString(
        Path.of(System.getProperty("portico.root", ".."))
            .resolve("deploy/contracts")
            .resolve(name));
  }

  private static void assertWritten(Object value, String name) throws IOException {
    assertThat(JSON.readTree(SERDE.writeValueAsString(value)))
        .isEqualTo(JSON.readTree(golden(name)));
  }

  @Test
  void readsTheGatewaysPoll() throws IOException {
    assertThat(SERDE.readValue(golden("changes-request.json"), ChangesRequest.class))
        .isEqualTo(
            new ChangesRequest(
                "gw-7f3a9c2e51d04b86", 1005, "1005-b7c2a90f5e6d4138", 5000, Map.of()));
  }

  @Test
  void writesChanges() throws IOException {
    assertWritten(
        new ChangesResponse(
            1007,
            "1007-0c9e4f21a6b85d73",
            List.of(new Change(1006, "site", "docs"), new Change(1007, "site", "shop"))),
        "changes-response.json");
  }

  @Test
  void writesSnapshots() throws IOException {
    assertWritten(DOCS, "snapshot.json");
    Snapshot shop =
        new Snapshot(
            "shop", 3, "deleted", List.of(), null, Map.of(), SettingsDocument.defaults(true));
    assertWritten(
        new SnapshotsResponse(1007, "1007-0c9e4f21a6b85d73", List.of(DOCS, shop), null),
        "snapshots-page.json");
  }
}
