package dev.portico.content.violation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What this service reads is what deploy/contracts says. */
class ViolationContractTest {
  private static final ObjectMapper SERDE =
      ObjectMapper.create(
          Map.of(
              // The service's settings are checked at every start, even of a mapper alone.
              "portico.cognito.issuer", "https://example.com/pool",
              "portico.cognito.jwks-url", "https://example.com/pool/jwks.json",
              "portico.cognito.client-ids", "client",
              "portico.change.secrets", "a-secret-of-at-least-thirty-two-characters"),
          "dev.portico");

  @Test
  void readsTheGatewaysBatch() throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    String golden = Files.readString(root.resolve("deploy/contracts/csp-reports.json"));
    ViolationBatch batch = SERDE.readValue(golden, ViolationBatch.class);
    assertThat(batch)
        .isEqualTo(
            new ViolationBatch(
                "gw-7f3a9c2e51d04b86",
                17,
                List.of(
                    new ViolationBatch.Count(
                        "docs", "report", "script-src-elem", "inline", "/guide/", 12),
                    new ViolationBatch.Count(
                        "docs", "enforce", "img-src", "https://images.example:8443", "", 1),
                    new ViolationBatch.Count("shop", null, null, null, null, 340))));
    assertThat(batch.counts().getLast().violation()).isNull();
  }
}
