package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.violation.Violation;
import dev.portico.gateway.violation.ViolationCount;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is handed over is what deploy/contracts says, and no larger than it is taken. */
class ViolationsJsonTest {
  @Test
  void writesABatch() throws IOException {
    byte[] written =
        ViolationsJson.batch(
            "gw-7f3a9c2e51d04b86",
            17,
            List.of(
                new ViolationCount(
                    "docs", new Violation("report", "script-src-elem", "inline", "/guide/"), 12),
                new ViolationCount(
                    "docs",
                    new Violation("enforce", "img-src", "https://images.example:8443", ""),
                    1),
                new ViolationCount("shop", null, 340)));
    Path root = Path.of(System.getProperty("portico.root", ".."));
    byte[] golden = Files.readAllBytes(root.resolve("deploy/contracts/csp-reports.json"));
    JsonMapper json = JsonMapper.createDefault();
    Argument<JsonNode> tree = Argument.of(JsonNode.class);
    assertThat(json.readValue(written, tree)).isEqualTo(json.readValue(golden, tree));
  }

  /** PORTICO_JSON_BODY_LIMIT is 256 KB at content-service. */
  @Test
  void theLargestBatchIsTaken() {
    Violation largest =
        new Violation("enforce", "x".repeat(40), "\"".repeat(128), "\\".repeat(256));
    ViolationCount count = new ViolationCount("x".repeat(30), largest, Long.MAX_VALUE);
    byte[] batch =
        ViolationsJson.batch("gw", 1, Collections.nCopies(ViolationDelivery.BATCH, count));
    assertThat(batch).hasSizeLessThan(64 << 10);
  }
}
