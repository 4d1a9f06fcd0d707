package dev.portico.content.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.content.ContentService;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.UserPool;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, stopped by SIGTERM. */
class StopIT {
  @TempDir private Path folder;

  @Test
  void aStopAnswersWhoWaitsAndThenExits() throws Exception {
    int api = Ports.free();
    int internal = Ports.free();
    int management = Ports.free();
    try (var pool = new UserPool();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Process process = start(pool, api, internal, management);
      try {
        URI readiness = URI.create("http://localhost:" + management + "/health/readiness");
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .until(() -> ContentServer.send("GET", readiness, null, null).status() == 200);
        URI changes = URI.create("http://localhost:" + internal + "/internal/changes");
        URI head = URI.create("http://localhost:" + internal + "/internal/snapshots");
        long position =
            ContentServer.send("GET", head, ContentServer.SECRET, null)
                .json()
                .path("position")
                .asLong();
        String body = "{\"gateway\":\"stopping\",\"after\":" + position + ",\"waitMillis\":8000}";
        Future<ContentServer.Answer> waiting =
            executor.submit(() -> ContentServer.send("POST", changes, ContentServer.SECRET, body));
        await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());
        Instant start = Instant.now();
        process.toHandle().destroy();
        assertThat(waiting.get(8, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(12));
        assertThat(Files.readString(folder.resolve("log"))).contains("on port " + api);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private Process start(UserPool pool, int api, int internal, int management) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ContentService.class.getName());
    builder.environment().putAll(TestEnvironment.shared().contentServiceEnvironment());
    builder.environment().put("PORTICO_API_PORT", Integer.toString(api));
    builder.environment().put("PORTICO_INTERNAL_PORT", Integer.toString(internal));
    builder.environment().put("PORTICO_MANAGEMENT_PORT", Integer.toString(management));
    builder.environment().put("PORTICO_COGNITO_ISSUER", UserPool.ISSUER);
    builder.environment().put("PORTICO_COGNITO_JWKS_URL", pool.jwksUrl().toString());
    builder.environment().put("PORTICO_COGNITO_CLIENT_IDS", UserPool.CLIENT);
    builder.environment().put("PORTICO_INTERNAL_SECRETS", ContentServer.SECRET);
    return builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
  }
}
