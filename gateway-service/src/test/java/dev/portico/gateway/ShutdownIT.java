package dev.portico.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.GatewayProcess;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Stopping while viewers are there; after SIGTERM, in a process of its own. */
class ShutdownIT {
  private static final Pattern PORTS =
      Pattern.compile("http=(\\d+).*Management on port (\\d+)", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void letsRequestsFinishAndTakesNoMore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (OriginServer origin =
        new OriginServer(
            request -> {
              if (request.requestLine().contains("/internal/snapshots")) {
                request.ok("{\"position\":1,\"sites\":[]}");
                return;
              }
              if (!request.requestLine().contains("/v1/")) {
                request.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
                return;
              }
              asked.countDown();
              try {
                answer.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              request.ok("finished");
            })) {
      Path log = folder.resolve("log");
      Process process =
          GatewayProcess.start(
              log,
              Map.of(
                  "PORTICO_CONTENT_API",
                  origin.url(),
                  "PORTICO_CONTENT_INTERNAL",
                  origin.url(),
                  "PORTICO_SHUTDOWN_DELAY",
                  "100ms",
                  "PORTICO_SHUTDOWN_GRACE",
                  "25s"));
      try {
        Matcher ports =
            await().atMost(Duration.ofSeconds(60)).until(() -> ports(log), m -> m.find());
        int port = Integer.parseInt(ports.group(1));
        String readiness = "http://127.0.0.1:" + ports.group(2) + "/health/readiness";
        await().until(() -> status(readiness) == 200);
        try (RawClient busy = new RawClient(port);
            RawClient idle = new RawClient(port)) {
          busy.get("localhost", "/v1/slow");
          assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
          process.destroy();
          assertThat(idle.closed()).as("idle connections are closed").isTrue();
          await().until(() -> refuses(port));
          assertThat(status(readiness)).as("management answers until the end").isEqualTo(503);
          assertThat(process.isAlive()).isTrue();
          answer.countDown();
          RawClient.Response response = busy.read();
          assertThat(response.text()).isEqualTo("finished");
          assertThat(response.header("connection")).isEqualTo("close");
          assertThat(busy.closed()).isTrue();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(log)).contains("Stopped");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** A container's network goes with its process, and with it what viewers have not taken yet. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void waitsUntilViewersHaveTakenTheEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    String body = "0123456789abcdef".repeat(16_384);
    try (OriginServer origin =
            new OriginServer(
                request -> {
                  asked.countDown();
                  try {
                    answer.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  request.ok(body);
                });
        ContentServer content = new ContentServer();
        GatewayService service =
            GatewayService.start(
                Map.of(
                    "micronaut.server.port", "-1",
                    "portico.listener.http-port", "0",
                    "portico.listener.transport", "epoll",
                    "portico.origin.content-api", origin.url(),
                    "portico.origin.content-internal", content.url()));
        Socket viewer = new Socket()) {
      int port = service.context().getBean(PublicListeners.class).httpPort();
      viewer.setReceiveBufferSize(4_096);
      viewer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      viewer
          .getOutputStream()
          .write("GET /v1/long HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      Thread closing = Thread.ofVirtual().start(service::close);
      await().until(() -> refuses(port));
      answer.countDown();
      // All of it is in the system's buffers soon, and most of it on this side.
      assertThat(closing.join(Duration.ofSeconds(1))).isFalse();
      String taken = new String(viewer.getInputStream().readAllBytes(), US_ASCII);
      assertThat(taken).endsWith(body);
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  /** What a load balancer sends before it has noticed is answered, over new connections too. */
  @Test
  void answersWhileLoadBalancersNotice() throws Exception {
    try (ContentServer content = new ContentServer();
        GatewayService service =
            GatewayService.start(
                Map.of(
                    "micronaut.server.port", "-1",
                    "portico.listener.http-port", "0",
                    "portico.listener.shutdown-delay", "1h",
                    "portico.listener.stop-timeout", "2h",
                    "portico.origin.content-api", content.url(),
                    "portico.origin.content-internal", content.url()))) {
      int port = service.context().getBean(PublicListeners.class).httpPort();
      int management = service.context().getBean(EmbeddedServer.class).getPort();
      String readiness = "http://127.0.0.1:" + management + "/health/readiness";
      try (RawClient kept = new RawClient(port)) {
        await().until(() -> status(readiness) == 200);
        Thread closing = Thread.ofVirtual().start(service::close);
        await().until(() -> status(readiness) == 503);
        kept.get("localhost", "/v1/kept");
        assertThat(kept.read().text()).isEqualTo("slow");
        try (RawClient late = new RawClient(port)) {
          late.get("localhost", "/v1/late");
          assertThat(late.read().text()).isEqualTo("slow");
        }
        service.endDelay();
        await().until(() -> refuses(port));
        assertThat(kept.closed()).isTrue();
        assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
      }
    }
  }

  private static Matcher ports(Path log) throws IOException {
    return PORTS.matcher(Files.readString(log));
  }

  private static boolean refuses(int port) {
    try {
      new RawClient(port).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static int status(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
