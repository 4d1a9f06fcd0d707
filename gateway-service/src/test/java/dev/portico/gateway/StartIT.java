package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.GatewayProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway that is a process of its own says when it starts, or does not. */
class StartIT {
  private static final String SECRET = "c0ffee-secret-of-content";
  private static final String OTHER_SECRET = "c0ffee-secret-of-auth";

  @TempDir Path folder;

  @Test
  void aSettingThatCannotBeUnderstoodIsToldInOneLine() throws Exception {
    String said = refused(Map.of("PORTICO_BLOB_CACHE_SIZE", "64XB"));
    assertThat(said)
        .contains(
            "gateway-service could not start: PORTICO_BLOB_CACHE_SIZE must be a size as 64MB,"
                + " and is \"64XB\"")
        .doesNotContain("\tat ");
  }

  @Test
  void aLogThatCannotBeIsToldInOneLine() throws Exception {
    assertThat(refused(Map.of("PORTICO_LOG_FORMAT", "xml")))
        .isEqualToIgnoringNewLines(
            "gateway-service could not start: PORTICO_LOG_FORMAT must be text or json,"
                + " and is \"xml\"");
  }

  @Test
  void noSecretIsLoggedAtAnyLevel() throws Exception {
    try (ContentServer content = new ContentServer()) {
      Path log = folder.resolve("log");
      Process process =
          GatewayProcess.start(
              log,
              Map.of(
                  "PORTICO_LOG_LEVEL",
                  "TRACE",
                  "PORTICO_CONTENT_INTERNAL",
                  content.url(),
                  "PORTICO_CONTENT_API",
                  content.url(),
                  "PORTICO_AUTH_INTERNAL",
                  content.url(),
                  "PORTICO_CONTENT_SECRET",
                  SECRET,
                  "PORTICO_AUTH_SECRET",
                  OTHER_SECRET));
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> Files.readString(log).contains("Management on port"));
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(Files.readString(log))
          .contains("TRACE")
          .doesNotContain(SECRET)
          .doesNotContain(OTHER_SECRET);
    }
  }

  /** There is nothing that it could serve meanwhile. */
  @Test
  void withoutContentServiceItSaysThatItKnowsNoSite() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        GatewayProcess.start(log, Map.of("PORTICO_CONTENT_INTERNAL", "http://127.0.0.1:1"));
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  Files.readString(log)
                      .contains("content-service does not answer, and no site is known: "));
      assertThat(Files.readString(log)).doesNotContain("serving what is held");
    } finally {
      process.destroyForcibly();
    }
  }

  private String refused(Map<String, String> settings) throws Exception {
    Path log = folder.resolve("log");
    Process process = GatewayProcess.start(log, settings);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log);
  }
}
