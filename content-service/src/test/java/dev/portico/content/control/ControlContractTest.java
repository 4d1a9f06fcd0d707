package dev.portico.content.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.fixture.ServiceMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gateways are told is what deploy/contracts/controls.json says. */
class ControlContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final io.micronaut.serde.ObjectMapper SERDE = ServiceMapper.create();

  @Test
  void writesControls() throws IOException {
    Instant at = Instant.parse("2026-11-29T22:00:00Z");
    Instant morning = Instant.parse("2026-11-30T06:00:00Z");
    Controls controls =
        new Controls(
            7,
            null,
            List.of(
                new BlockedAddress("198.51.100.0/24", at, "ann", "ann@example.com", "flood", null),
                new BlockedAddress(
                    "2001:db8:0:0:0:0:0:0/32", at, "ann", "ann@example.com", "flood", morning)),
            List.of(
                new Maintenance(
                    "docs",
                    at,
                    "ann",
                    "ann@example.com",
                    "database moves",
                    Instant.parse("2026-11-30T04:30:00.500Z"),
                    600,
                    "/errors/back%20soon.html",
                    List.of("203.0.113.7/32")),
                new Maintenance(
                    "shop", at, "ann", "ann@example.com", "broken", null, 300, null, List.of())),
            List.of(
                new BlockedPath(
                    "docs", "/api/orders/*", at, "ann", "ann@example.com", "leak", null),
                new BlockedPath("docs", "*.env", at, "ann", "ann@example.com", "leak", morning)),
            List.of("ADDRESS#home"));
    Path root = Path.of(System.getProperty("portico.root", ".."));
    assertThat(JSON.readTree(SERDE.writeValueAsString(GatewayControls.of(controls))))
        .isEqualTo(JSON.readTree(Files.readString(root.resolve("deploy/contracts/controls.json"))));
  }
}
