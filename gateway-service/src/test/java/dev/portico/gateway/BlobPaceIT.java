package dev.portico.gateway;

import static dev.portico.gateway.fixture.DemoGateway.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.DemoGateway;
import dev.portico.gateway.fixture.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Blobs that come a byte at a time, and a viewer that reads as slowly. */
class BlobPaceIT {
  private static final byte[] HELD = new byte[100_000];
  private static final byte[] STREAMED = new byte[3 << 20];
  private static DemoGateway demo;

  @BeforeAll
  static void start() throws IOException {
    demo =
        new DemoGateway(
            files ->
                files
                    .file("/held.bin", "application/octet-stream", HELD)
                    .file("/streamed.bin", "application/octet-stream", STREAMED),
            "portico.origin.idle-timeout",
            "1s",
            "portico.blob-cache.largest-blob",
            "1MB");
  }

  @AfterAll
  static void stop() throws IOException {
    demo.close();
  }

  private static void trickled(AtomicInteger gone) {
    demo.content()
        .blobs(
            request -> {
              int length = lengthOf(request.requestLine());
              request.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
              try {
                request.trickle("x");
              } finally {
                gone.incrementAndGet();
              }
            });
  }

  private static int lengthOf(String requestLine) {
    return requestLine.contains(ContentServer.digest(HELD)) ? HELD.length : STREAMED.length;
  }

  @Test
  void aLoadForTheCacheThatTricklesIsGivenUp() throws IOException {
    AtomicInteger gone = new AtomicInteger();
    trickled(gone);
    try (RawClient client = demo.client()) {
      client.get(HOST, "/held.bin");
      assertThat(client.read().status()).isEqualTo(504);
    }
    await().until(() -> gone.get() == 1);
    demo.content().blobs(null);
    try (RawClient client = demo.client()) {
      client.get(HOST, "/held.bin");
      assertThat(client.read().bytes()).isEqualTo(HELD);
    }
  }

  @Test
  void aStreamThatTricklesIsCut() throws IOException {
    AtomicInteger gone = new AtomicInteger();
    trickled(gone);
    try (RawClient client = demo.client()) {
      client.get(HOST, "/streamed.bin");
      assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
    }
    await().until(() -> gone.get() == 1);
  }

  /** It is the viewer who is slow: many times the period pass, and the file comes whole. */
  @Test
  void aSlowViewerIsNotTakenForASlowContentService() throws Exception {
    demo.content().blobs(null);
    try (RawClient client = demo.client()) {
      client.socket().setReceiveBufferSize(16 << 10);
      client.get(HOST, "/streamed.bin", "Connection: close");
      long begun = System.nanoTime();
      byte[] part = new byte[STREAMED.length / 16];
      int total = 0;
      for (int read; (read = client.in().readNBytes(part, 0, part.length)) > 0; total += read) {
        long next = begun + (long) (total / (double) STREAMED.length * 6e9);
        await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= next);
      }
      assertThat(total).isGreaterThan(STREAMED.length);
    }
  }
}
