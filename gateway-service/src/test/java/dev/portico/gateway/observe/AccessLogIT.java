package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.GatewayProcess;
import dev.portico.gateway.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standard output of a gateway that is a process of its own. */
class AccessLogIT {
  private static final Pattern PORT = Pattern.compile("http=(\\d+)");

  @TempDir Path folder;

  @Test
  void aLineNamesTheSiteAndTheBehaviourThatAnswered() throws Exception {
    try (ContentServer content = new ContentServer()) {
      content.site(
          "demo", content.deployment("aaaaaaaaaaaaaaaaaaaa").file("/a.txt", "text/plain", "hello"));
      Path log = folder.resolve("log");
      Process process =
          GatewayProcess.start(
              log,
              Map.of(
                  "PORTICO_CONTENT_API", content.url(),
                  "PORTICO_CONTENT_INTERNAL", content.url()));
      try {
        Matcher port =
            await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> PORT.matcher(Files.readString(log)), Matcher::find);
        await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptions()
            .until(() -> status(Integer.parseInt(port.group(1)), "/a.txt") == 200);
        Map<String, Object> line =
            await().until(() -> line(log, "\"status\":200"), found -> !found.isEmpty());
        assertThat(line)
            .containsEntry("site", "demo")
            .containsEntry("behaviour", "*")
            .containsEntry("path", "/a.txt");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static int status(int port, String path) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.get("demo.localhost", path);
      return client.read().status();
    }
  }

  private static Map<String, Object> line(Path log, String part) throws Exception {
    for (String line : Files.readAllLines(log)) {
      if (line.startsWith("{\"time\"") && line.contains(part)) {
        return JSONObjectUtils.parse(line);
      }
    }
    return Map.of();
  }
}
