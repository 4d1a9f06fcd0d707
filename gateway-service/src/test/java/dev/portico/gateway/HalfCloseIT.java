package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Viewers that shut down their sending side behind the request, as {@code nc -N} does; over epoll
 * where the machine has it. Files are answered, then the connection is closed.
 */
class HalfCloseIT {
  private static final String HOST = "demo.localhost";
  private static final byte[] HELD = new byte[8 << 20];
  private static final byte[] STREAMED = new byte[10 << 20];
  private static ContentServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    new Random(7).nextBytes(HELD);
    new Random(8).nextBytes(STREAMED);
    content = new ContentServer();
    content.site(
        "demo",
        content
            .deployment("aaaaaaaaaaaaaaaaaaaa")
            .file("/cold.txt", "text/plain", "cold")
            .file("/index.html", "text/html", "home")
            .file("/held.bin", "application/octet-stream", HELD)
            .file("/streamed.bin", "application/octet-stream", STREAMED));
    gateway = new RunningGateway("portico.origin.content-internal", content.url());
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
  }

  @AfterEach
  void noConnectionIsLeft() {
    content.blobs(null);
    await().until(() -> gateway.connections() == 0);
  }

  private static RawClient halfClosed(String... paths) throws IOException {
    RawClient client = new RawClient(gateway.port());
    client.socket().setReceiveBufferSize(32 << 10);
    for (String path : paths) {
      client.get(HOST, path);
    }
    client.socket().shutdownOutput();
    return client;
  }

  @Test
  void whatMustBeFetchedFirstIsAnswered() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    content.blobs(
        request -> {
          try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.ok("cold");
        });
    int before = content.blobRequests();
    try (RawClient client = halfClosed("/cold.txt")) {
      await().until(() -> content.blobRequests() > before);
      // Another connection of the same loops goes all the way: the first one's end has been seen.
      try (RawClient other = new RawClient(gateway.port());
          RawClient another = new RawClient(gateway.port())) {
        assertThat(other.get(HOST, "/none").read().status()).isEqualTo(404);
        assertThat(another.get(HOST, "/none").read().status()).isEqualTo(404);
      }
      gate.countDown();
      assertThat(client.read().text()).isEqualTo("cold");
      assertThat(client.closed()).isTrue();
    }
  }

  /** Many times what the buffers of both sockets hold: the gateway must wait for room to write. */
  @Test
  void aLargeFileFromTheCacheComesWhole() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (RawClient client = halfClosed("/held.bin")) {
        assertThat(client.read().bytes()).isEqualTo(HELD);
        assertThat(client.closed()).isTrue();
      }
    }
  }

  @Test
  void aFileThatIsStreamedComesWhole() throws Exception {
    try (RawClient client = halfClosed("/streamed.bin")) {
      assertThat(client.read().bytes()).isEqualTo(STREAMED);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void aViewerThatReadsSlowlyGetsAllOfIt() throws Exception {
    try (RawClient client = halfClosed("/streamed.bin")) {
      long begun = System.nanoTime();
      byte[] part = new byte[STREAMED.length / 16];
      int total = 0;
      for (int read; (read = client.in().readNBytes(part, 0, part.length)) > 0; total += read) {
        long next = begun + (long) (total / (double) STREAMED.length * 1e9);
        await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= next);
      }
      assertThat(total).isGreaterThan(STREAMED.length);
    }
  }

  @Test
  void whatWasSentAheadIsAnsweredToo() throws Exception {
    try (RawClient client = halfClosed("/", "/held.bin", "/")) {
      assertThat(client.read().text()).isEqualTo("home");
      assertThat(client.read().bytes()).isEqualTo(HELD);
      assertThat(client.read().text()).isEqualTo("home");
      assertThat(client.closed()).isTrue();
    }
  }

  /** An upgrade that is not passed on is an ordinary request (RFC 9110, section 7.8). */
  @Test
  void whatIsBehindAnUnknownUpgradeIsAnsweredToo() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.get(HOST, "/streamed.bin", "Connection: Upgrade", "Upgrade: h2c");
      client.get(HOST, "/");
      client.socket().shutdownOutput();
      assertThat(client.read().bytes()).isEqualTo(STREAMED);
      assertThat(client.read().text()).isEqualTo("home");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void aViewerThatGoesAwayMeanwhileLeavesNothingBehind() throws Exception {
    try (RawClient client = halfClosed("/streamed.bin")) {
      assertThat(client.in().readNBytes(1000)).hasSize(1000);
      client.socket().setSoLinger(true, 0);
    }
  }
}
