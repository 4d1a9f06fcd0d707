package dev.portico.gateway.site;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What content-service says, for tests: the examples in deploy/contracts, and texts. */
final class Contracts {
  private Contracts() {}

  static InputStream golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.newInputStream(root.resolve("deploy/contracts").resolve(name));
  }

  static InputStream text(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }
}
