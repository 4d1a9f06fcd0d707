package dev.portico.gateway;

import static dev.portico.gateway.fixture.DemoGateway.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.DemoGateway;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Viewers that send what nobody asked for, stop half-way, or take their time. */
class PatienceIT {
  private static final byte[] HELD = new byte[8 << 20];
  private static final byte[] SLOW = new byte[120 << 10];
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
                    .file("/slow.bin", "application/octet-stream", SLOW)
                    .file("/held.bin", "application/octet-stream", HELD)
                    .file("/streamed.bin", "application/octet-stream", STREAMED),
            "portico.listener.body-timeout",
            "2s",
            "portico.listener.header-timeout",
            "200ms",
            "portico.listener.idle-timeout",
            "2s",
            "portico.listener.write-timeout",
            "2s");
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
        long next = begun + (long) (total / (double) HELD.length * 5e9);
        await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= next);
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

  /** It opens its window by little at a time, for longer than a viewer may take nothing at all. */
  @Test
  void aSlowViewerOfHttp2GetsTheWholeFile() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), demo.gateway().port());
    try (RawHttp2Client viewer = new RawHttp2Client(socket)) {
      viewer.send(RawHttp2Client.PREFACE);
      viewer.send(RawHttp2Client.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      viewer.send(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          RawHttp2Client.block(
              ":method", "GET", ":scheme", "http", ":authority", HOST, ":path", "/slow.bin"));
      long begun = System.nanoTime();
      int total = 0;
      for (int step = 1; total < SLOW.length; step++) {
        long next = begun + step * 350_000_000L;
        await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= next);
        byte[] window = {0, 0, 32, 0};
        viewer.send(RawHttp2Client.WINDOW_UPDATE, 0, 1, window);
        viewer.send(RawHttp2Client.WINDOW_UPDATE, 0, 0, window);
        for (int given = 0; given < 8_192 && total < SLOW.length; ) {
          RawHttp2Client.Frame frame = viewer.next(1);
          assertThat(frame.type()).isNotEqualTo(RawHttp2Client.RST_STREAM);
          if (frame.type() == RawHttp2Client.DATA) {
            given += frame.latin().length();
            total += frame.latin().length();
          }
        }
      }
      assertThat(total).isEqualTo(SLOW.length);
    }
  }

  /** Complete requests wait for room for their responses: it is not the viewer who keeps them. */
  @Test
  void whatIsSentAheadIsNotTooSlow() throws Exception {
    try (DemoGateway patient =
            new DemoGateway(
                files -> files.file("/slow.bin", "application/octet-stream", SLOW),
                "portico.listener.header-timeout",
                "200ms");
        RawClient client = patient.client()) {
      client.socket().setReceiveBufferSize(16 << 10);
      for (int i = 0; i < 60; i++) {
        client.get(HOST, "/slow.bin");
      }
      long begun = System.nanoTime();
      for (int i = 1; i <= 10; i++) {
        long next = begun + i * 60_000_000L;
        await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= next);
        client.get(HOST, "/slow.bin");
      }
      for (int i = 0; i < 70; i++) {
        assertThat(client.read().status()).as("response %d", i).isEqualTo(200);
      }
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
