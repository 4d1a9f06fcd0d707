package dev.portico.content.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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

  private static final Snapshot DOCS =
      new Snapshot(
          "docs",
          42,
          "active",
          List.of("docs.example.com"),
          "mfrggzdfmztwq2lknnwg",
          Map.of("next", "nbswy3dpo5xxe3denbsw"),
          new Snapshot.Settings(true));

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
        new Snapshot("shop", 3, "deleted", List.of(), null, Map.of(), new Snapshot.Settings(true));
    assertWritten(
        new SnapshotsResponse(1007, "1007-0c9e4f21a6b85d73", List.of(DOCS, shop), null),
        "snapshots-page.json");
  }
}
