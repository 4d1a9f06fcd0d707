package dev.portico.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.UserPool;
import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the service, as a process, says when it starts and when it cannot. */
class StartIT {
  private static final String AUTH_SECRET = "secret-of-content-towards-auth-service-x";

  @TempDir private Path folder;

  private Process start(UserPool pool, Map<String, String> more) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            ContentService.class.getName());
    var environment = builder.environment();
    // A JVM says what it has picked up of these.
    environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    environment.putAll(TestEnvironment.shared().contentServiceEnvironment());
    for (String port : List.of("API", "INTERNAL", "MANAGEMENT")) {
      environment.put("PORTICO_" + port + "_PORT", Integer.toString(Ports.free()));
    }
    environment.put("PORTICO_COGNITO_ISSUER", UserPool.ISSUER);
    environment.put("PORTICO_COGNITO_JWKS_URL", pool.jwksUrl().toString());
    environment.put("PORTICO_COGNITO_CLIENT_IDS", UserPool.CLIENT);
    environment.put("PORTICO_INTERNAL_SECRETS", ContentServer.SECRET);
    environment.putAll(more);
    return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
  }

  private Path log() {
    return folder.resolve("log");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORTICO_GATEWAY_LEASE | 20 | PORTICO_GATEWAY_LEASE must be a duration as 10s, and is"
            + " \"20\"",
        "PORTICO_LOG_FORMAT | xml | PORTICO_LOG_FORMAT must be text or json, and is \"xml\"",
        "PORTICO_LOG_LEVEL | loud | PORTICO_LOG_LEVEL must be TRACE, DEBUG, INFO, WARN, ERROR or"
            + " OFF, and is \"loud\""
      })
  void whatIsWrongIsOneLineAndStatusOne(String name, String value, String said) throws Exception {
    try (var pool = new UserPool()) {
      Process process = start(pool, Map.of(name, value));
      try {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(log())).isEqualTo(said + System.lineSeparator());
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void noSecretIsLoggedAtAnyLevel() throws Exception {
    int api = Ports.free();
    int internal = Ports.free();
    int management = Ports.free();
    try (var pool = new UserPool()) {
      Process process =
          start(
              pool,
              Map.of(
                  "PORTICO_LOG_LEVEL",
                  "TRACE",
                  "PORTICO_API_PORT",
                  Integer.toString(api),
                  "PORTICO_INTERNAL_PORT",
                  Integer.toString(internal),
                  "PORTICO_MANAGEMENT_PORT",
                  Integer.toString(management),
                  "PORTICO_AUTH_INTERNAL",
                  "http://127.0.0.1:" + Ports.free(),
                  "PORTICO_AUTH_SECRET",
                  AUTH_SECRET));
      try {
        URI ready = URI.create("http://localhost:" + management + "/health/readiness");
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .until(() -> ContentServer.send("GET", ready, null, null).status() == 200);
        String token = pool.accessToken("11111111-2222-4333-8444-555555555555", "admins");
        ContentServer.send("GET", URI.create("http://localhost:" + api + "/v1/sites"), token, null);
        assertThat(
                ContentServer.send(
                        "GET",
                        URI.create("http://localhost:" + internal + "/internal/snapshots"),
                        ContentServer.SECRET,
                        null)
                    .status())
            .isEqualTo(200);
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(log()))
            .contains("content-service listens", " TRACE ")
            .doesNotContain(
                ContentServer.SECRET, AUTH_SECRET, LocalCredentials.DEFAULT.secret(), token);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
