package dev.portico.content.violation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ServiceMapper;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this service reads is what deploy/contracts says. */
class ViolationContractTest {
  private static final ObjectMapper SERDE = ServiceMapper.create();

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
