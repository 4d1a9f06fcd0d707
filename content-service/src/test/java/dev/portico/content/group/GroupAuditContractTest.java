package dev.portico.content.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** This service asks what was done to groups, and understands it, as deploy/contracts says. */
class GroupAuditContractTest {
  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static byte[] golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.readAllBytes(root.resolve("deploy/contracts").resolve(name));
  }

  @Test
  void whatItAsks() throws IOException {
    var map = Argument.mapOf(String.class, Object.class);
    Map<String, Object> golden = JSON.readValue(golden("auth-group-audit-query.json"), map);
    var query =
        new GroupAuditQuery(
            "docs",
            new TreeSet<>(List.of("staff", "editors")),
            50,
            String.valueOf(golden.get("cursor")));
    assertThat(JSON.readValue(JSON.writeValueAsBytes(query), map)).isEqualTo(golden);
  }

  @Test
  void whatItUnderstands() throws IOException {
    GroupAuditEntry.Page page =
        JSON.readValue(golden("auth-group-audit.json"), GroupAuditEntry.Page.class);
    assertThat(page.next()).startsWith("Z3JvdXBzOmRvY3MA");
    assertThat(page.items()).hasSize(2);
    assertThat(page.items().getFirst())
        .isEqualTo(
            new GroupAuditEntry(
                Instant.parse("2026-03-01T11:59:00.250Z"),
                "5f0c8a2e-7d34-4b1c-9e6a-2f8b7c1d0e9a",
                "group.add",
                "0b1e5a52-3f7d-4c7e-8a11-6f6a2d9d3c55",
                "203.0.113.9",
                Map.of("group", "editors"),
                "c1d2e3f4a5b60718293a4b5c6d7e8f90"));
    assertThat(page.items().getLast().account()).isNull();
    byte[] none = "{\"items\":[],\"more\":\"of a later release\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(JSON.readValue(none, GroupAuditEntry.Page.class))
        .isEqualTo(GroupAuditEntry.Page.EMPTY);
  }
}
