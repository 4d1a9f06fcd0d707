package dev.portico.content.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.content.ContentService;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.UserPool;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, stopped by SIGTERM. */
class StopIT {
  private static final Duration GRACE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void aStopAnswersWhoWaitsFinishesWhatIsUnderWayAndThenExits() throws Exception {
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
        String token = pool.accessToken("stopping", "publishers");
        URI sites = URI.create("http://localhost:" + api + "/v1/sites");
        String site = "stop" + Long.toString(System.nanoTime(), 36);
        assertThat(ContentServer.send("POST", sites, token, "{\"name\":\"" + site + "\"}").status())
            .isEqualTo(201);
        try (var upload = new HalfSent(api, site, token)) {
          Instant start = Instant.now();
          process.toHandle().destroy();
          assertThat(waiting.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
          // Whoever asks is told so as long as something is under way, which goes on to its end.
          await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> ContentServer.send("GET", readiness, null, null).status() == 503);
          assertThat(process.isAlive()).isTrue();
          assertThat(upload.finish()).startsWith("HTTP/1.1 201 ");
          assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
          assertThat(Duration.between(start, Instant.now()))
              .as("the grace is not waited out")
              .isLessThan(GRACE);
        }
        assertThat(Files.readString(folder.resolve("log"))).contains("on port " + api);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** A publication of which the first half has been sent, and been begun to be read. */
  private static final class HalfSent implements AutoCloseable {
    private final Socket socket;
    private final byte[] archive;
    private final int half;

    HalfSent(int port, String site, String token) throws IOException {
      archive = archive();
      half = archive.length / 2;
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      String head =
          """
          PUT /v1/sites/%s/deployments HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Length: %d\r
          Expect: 100-continue\r
          Connection: close\r
          \r
          """
              .formatted(site, token, archive.length);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      // Told to go on, the request is known to have arrived.
      assertThat(line()).startsWith("HTTP/1.1 100");
      assertThat(line()).isEmpty();
      socket.getOutputStream().write(archive, 0, half);
    }

    private static byte[] archive() throws IOException {
      var bytes = new ByteArrayOutputStream();
      try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
        byte[] content = "a line of a page\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry("index.html");
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
      return bytes.toByteArray();
    }

    /** Sends the rest; the first line of the answer. */
    String finish() throws IOException {
      socket.getOutputStream().write(archive, half, archive.length - half);
      return line();
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
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
    builder.environment().put("PORTICO_SHUTDOWN_GRACE", GRACE.toSeconds() + "s");
    return builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
  }
}
