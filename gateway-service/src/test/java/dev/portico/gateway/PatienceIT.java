package dev.portico.gateway;

import static dev.portico.gateway.fixture.DemoGateway.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.DemoGateway;
import dev.portico.gateway.fixture.RawClient;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Viewers that send what nobody asked for, stop half-way, or take their time. */
class PatienceIT {
  private static final byte[] HELD = new byte[8 << 20];
  private static final byte[] STREAMED = new byte[10 << 20];
  private static DemoGateway demo;

  @BeforeAll
  static void start() throws IOException {
    new Random(7).nextBytes(HELD);
    new Random(8).nextBytes(STREAMED);
    demo =
        new DemoGateway(
            files ->
                files
                    .file("/held.bin", "application/octet-stream", HELD)
                    .file("/streamed.bin", "application/octet-stream", STREAMED),
            "portico.listener.body-timeout",
            "400ms",
            "portico.listener.header-timeout",
            "200ms",
            "portico.listener.idle-timeout",
            "600ms",
            "portico.listener.write-timeout",
            "400ms");
  }

  @AfterAll
  static void stop() throws IOException {
    demo.close();
  }

  /** The leak guard sees whether what was sent along is given back. */
  @Test
  void aBodyThatNobodyReadsIsGivenBack() throws IOException {
    try (RawClient client = demo.client()) {
      for (int i = 0; i < 20; i++) {
        client.get(HOST, "/streamed.bin", "Range: bytes=0-0", "Content-Length: 1000");
        client.send("x".repeat(1000));
        assertThat(client.read().status()).isEqualTo(206);
      }
    }
  }

  /** Each read is slow, but there is progress: only a viewer that takes nothing is cut. */
  @Test
  void aSlowViewerOfAClosingConnectionGetsTheWholeFile() throws Exception {
    try (RawClient client = demo.client()) {
      client.socket().setReceiveBufferSize(64 << 10);
      client.get(HOST, "/held.bin", "Connection: close");
      long begun = System.nanoTime();
      byte[] part = new byte[HELD.length / 16];
      int total = 0;
      for (int read; (read = client.in().readNBytes(part, 0, part.length)) > 0; total += read) {
        long next = begun + (long) (total / (double) HELD.length * 1.6e9);
        await().pollDelay(java.time.Duration.ZERO).until(() -> System.nanoTime() >= next);
      }
      assertThat(total).isGreaterThan(HELD.length);
    }
  }

  @Test
  void aConnectionWhoseRequestNeverEndsIsClosed() throws IOException {
    try (RawClient client = demo.client()) {
      client.send(RawClient.head("POST", HOST, "/", "Content-Length: 10"));
      assertThat(client.read().status()).isEqualTo(405);
      assertThat(client.closed()).isTrue();
    }
    await().until(() -> demo.gateway().connections() == 0);
  }

  /**
   * Browsers open connections ahead; an answer to no request would be taken for that of the next.
   */
  @Test
  void aConnectionOpenedAheadIsClosedWithoutAWord() throws IOException {
    try (RawClient client = demo.client()) {
      assertThat(client.in().read()).isEqualTo(-1);
    }
  }

  @Test
  void aViewerThatTakesNothingIsCut() throws IOException {
    try (RawClient client = demo.client()) {
      client.socket().setReceiveBufferSize(16 << 10);
      client.get(HOST, "/held.bin");
      await().until(() -> demo.gateway().connections() == 0);
    }
  }
}
