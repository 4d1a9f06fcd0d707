package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSocket through a behaviour with an HTTP origin (RFC 6455; RFC 9110, section 7.8). */
class WebSocketIT {
  private static final String[] UPGRADE = {
    "Connection: keep-alive, Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
  };
  private static final String SWITCHED =
      String.join(
          "\r\n",
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
          "Sec-WebSocket-Protocol: chat",
          "\r\n");
  private static EdgeFixture edge;

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture();
  }

  @AfterAll
  static void stop() throws IOException {
    edge.close();
  }

  @BeforeEach
  void forget() {
    edge.reset(null, EdgeFixture.METHODS, 1_000);
  }

  /** What the viewer sends comes back. */
  private static void echoes() {
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          InputStream in = request.in();
          OutputStream out = request.socket().getOutputStream();
          byte[] buffer = new byte[8_192];
          for (int read; (read = in.read(buffer)) > 0; ) {
            out.write(buffer, 0, read);
            out.flush();
          }
          request.socket().shutdownOutput();
        });
  }

  private static RawClient opened() throws IOException {
    RawClient viewer = edge.viewer();
    RawClient.Response switched = viewer.get("demo.localhost", "/ws", UPGRADE).read();
    assertThat(switched.status()).isEqualTo(101);
    return viewer;
  }

  private static String exactly(RawClient viewer, int length) throws IOException {
    return new String(viewer.in().readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void theOriginsFieldsOf101ReachTheViewer() throws IOException {
    echoes();
    try (RawClient viewer = edge.viewer()) {
      RawClient.Response switched = viewer.get("demo.localhost", "/ws?a=1", UPGRADE).read();
      assertThat(switched.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(switched.header("upgrade")).isEqualTo("websocket");
      assertThat(switched.header("connection")).isEqualTo("Upgrade");
      assertThat(switched.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(switched.header("sec-websocket-protocol")).isEqualTo("chat");
      assertThat(switched.header("content-length")).isEmpty();
      assertThat(switched.header("transfer-encoding")).isEmpty();
      OriginServer.Request asked = edge.last();
      assertThat(asked.requestLine()).isEqualTo("GET /ws?a=1 HTTP/1.1");
      assertThat(asked.header("upgrade")).isEqualTo("websocket");
      assertThat(asked.header("connection")).isEqualTo("Upgrade");
      assertThat(asked.header("sec-websocket-key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
      assertThat(asked.header("sec-websocket-version")).isEqualTo("13");
    }
  }

  @Test
  void bytesGoBothWays() throws IOException {
    echoes();
    try (RawClient viewer = opened()) {
      for (int i = 0; i < 20; i++) {
        viewer.send("\u0081\u0005hello" + i % 10);
        assertThat(exactly(viewer, 8)).isEqualTo("\u0081\u0005hello" + i % 10);
      }
      viewer.send("GET /secret HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(exactly(viewer, 33)).startsWith("GET /secret HTTP/1.1");
    }
    assertThat(edge.asked("/secret")).as("bytes of a tunnel are no requests").isZero();
  }

  @Test
  void manyBytesGoBothWaysWhole() throws Exception {
    echoes();
    byte[] sent = new byte[6 << 20];
    long seed = 42;
    new Random(seed).nextBytes(sent);
    try (RawClient viewer = opened()) {
      CompletableFuture<byte[]> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return viewer.in().readAllBytes();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      viewer.socket().getOutputStream().write(sent);
      viewer.socket().shutdownOutput();
      assertThat(reading.get(30, TimeUnit.SECONDS)).as("seed %d", seed).isEqualTo(sent);
    }
    await().until(() -> edge.outcomes.contains("pass"));
  }

  @Test
  void anOriginThatDoesNotReadHoldsTheViewerBack() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    AtomicLong got = new AtomicLong();
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          try {
            assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          got.set(request.in().transferTo(OutputStream.nullOutputStream()));
          request.socket().close();
        });
    try (RawClient viewer = opened()) {
      AtomicLong written = new AtomicLong();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      byte[] block = new byte[65_536];
                      for (int i = 0; i < 1_024; i++) {
                        viewer.socket().getOutputStream().write(block);
                        written.addAndGet(block.length);
                      }
                      viewer.socket().shutdownOutput();
                    } catch (IOException e) {
                      // The test has ended.
                    }
                  });
      // It stops long before 64 MiB: what is on its way fits into buffers of the system.
      AtomicLong before = new AtomicLong(-1);
      await()
          .pollInterval(java.time.Duration.ofMillis(300))
          .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
      assertThat(written.get()).isLessThan(48L << 20);
      read.countDown();
      writer.join();
      await().untilAsserted(() -> assertThat(got.get()).isEqualTo(64L << 20));
    }
  }

  @Test
  void aViewerThatDoesNotReadHoldsTheOriginBack() throws Exception {
    AtomicLong written = new AtomicLong();
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          byte[] block = new byte[65_536];
          for (int i = 0; i < 1_024; i++) {
            request.socket().getOutputStream().write(block);
            written.addAndGet(block.length);
          }
          request.socket().shutdownOutput();
          request.in().transferTo(OutputStream.nullOutputStream());
        });
    try (RawClient viewer = opened()) {
      AtomicLong before = new AtomicLong(-1);
      await()
          .pollInterval(java.time.Duration.ofMillis(300))
          .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
      assertThat(written.get()).isLessThan(48L << 20);
      assertThat(viewer.in().transferTo(OutputStream.nullOutputStream())).isEqualTo(64L << 20);
    }
  }

  @Test
  void anOriginThatEndsFirstStillHearsTheViewer() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    edge.origin.behave(
        request -> {
          request.send(SWITCHED + "bye");
          request.socket().shutdownOutput();
          heard.complete(new String(request.in().readAllBytes(), StandardCharsets.ISO_8859_1));
        });
    try (RawClient viewer = opened()) {
      assertThat(new String(viewer.in().readAllBytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo("bye");
      viewer.send("last words");
      viewer.socket().shutdownOutput();
      assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
    }
  }

  @Test
  void aViewerThatEndsFirstStillHearsTheOrigin() throws Exception {
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          String all = new String(request.in().readAllBytes(), StandardCharsets.ISO_8859_1);
          request.send("heard " + all);
          request.socket().close();
        });
    try (RawClient viewer = opened()) {
      viewer.send("enough");
      viewer.socket().shutdownOutput();
      assertThat(new String(viewer.in().readAllBytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo("heard enough");
    }
  }

  @Test
  void aViewerThatGoesTakesTheTunnelWithIt() throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          try {
            request.hang();
          } finally {
            over.countDown();
          }
        });
    try (RawClient viewer = opened()) {
      viewer.socket().setSoLinger(true, 0);
    }
    await().until(() -> over.getCount() == 0);
  }

  @Test
  void anOriginThatGoesTakesTheTunnelWithIt() throws IOException {
    edge.origin.behave(
        request -> {
          request.send(SWITCHED);
          request.in().read();
          request.reset();
        });
    try (RawClient viewer = opened()) {
      viewer.send("x");
      assertThat(viewer.closed()).isTrue();
    }
  }

  /** RFC 9110, section 7.8: a server may ignore Upgrade; its answer is one as any other. */
  @Test
  void anOriginMayAnswerOtherwise() throws IOException {
    edge.origin.behave(request -> request.ok("no socket here"));
    try (RawClient viewer = edge.viewer()) {
      RawClient.Response answer = viewer.get("demo.localhost", "/ws", UPGRADE).read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("no socket here");
      assertThat(answer.header("cache-status")).contains("fwd=bypass");
      assertThat(viewer.get("demo.localhost", "/other").read().text()).isEqualTo("no socket here");
      // What follows before the answer is a request as any other, too.
      viewer.send(
          RawClient.head("GET", "demo.localhost", "/ws2", UPGRADE)
              + RawClient.head("GET", "demo.localhost", "/behind"));
      assertThat(viewer.read().text()).isEqualTo("no socket here");
      assertThat(viewer.read().text()).isEqualTo("no socket here");
      assertThat(edge.asked("/behind")).isEqualTo(1);
    }
  }

  /** The origin may not change to what nobody asked for. */
  @Test
  void anotherProtocolThanAskedForIsAnError() throws IOException {
    edge.origin.behave(
        request -> request.send(SWITCHED.replace("Upgrade: websocket", "Upgrade: h2c")));
    assertThat(edge.get("/ws", UPGRADE).status()).isEqualTo(502);
  }

  /**
   * RFC 6455, section 4.1: a client waits for 101; what came before it is not lost all the same.
   */
  @Test
  void bytesThatCameTooEarlyAreOfTheTunnel() throws IOException {
    CountDownLatch sent = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          try {
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.send(SWITCHED);
          request.send("got " + new String(request.in().readNBytes(9), StandardCharsets.UTF_8));
          request.socket().close();
        });
    try (RawClient viewer = edge.viewer()) {
      viewer.send(RawClient.head("GET", "demo.localhost", "/ws", UPGRADE) + "\r\n12");
      await().until(() -> edge.asked("/ws") == 1 || !edge.origin.requests().isEmpty());
      viewer.send("34567");
      sent.countDown();
      assertThat(viewer.read().status()).isEqualTo(101);
      assertThat(exactly(viewer, 13)).isEqualTo("got \r\n1234567");
    }
  }

  /** Something behind a request that was sent ahead may have been read as HTTP already. */
  @Test
  void noUpgradeOfARequestThatWasSentAhead() throws Exception {
    CountDownLatch ahead = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          if (request.requestLine().contains("/first")) {
            try {
              assertThat(ahead.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            request.ok("first");
          } else {
            request.send(SWITCHED);
            request.hang();
          }
        });
    try (RawClient viewer = edge.viewer()) {
      viewer.send(
          RawClient.head("POST", "demo.localhost", "/first", "Content-Length: 0")
              + RawClient.head("GET", "demo.localhost", "/ws", UPGRADE)
              + RawClient.head("GET", "demo.localhost", "/smuggled"));
      await().until(() -> edge.asked("/first") == 1);
      ahead.countDown();
      assertThat(viewer.read().text()).isEqualTo("first");
      assertThat(viewer.closed()).isTrue();
    }
    assertThat(edge.asked("/smuggled")).isZero();
  }

  /** A body before the other protocol would make its bytes ambiguous. */
  @Test
  void noUpgradeWithABody() throws IOException {
    echoes();
    try (RawClient viewer = edge.viewer()) {
      String[] more = java.util.Arrays.copyOf(UPGRADE, 5);
      more[4] = "Content-Length: 3";
      viewer.send(RawClient.head("GET", "demo.localhost", "/ws-body", more) + "abc");
      assertThat(viewer.read().status()).isEqualTo(400);
    }
    assertThat(edge.asked("/ws-body")).isZero();
  }

  @Test
  void otherProtocolsAreNotAskedFor() throws IOException {
    edge.origin.behave(request -> request.ok("plain"));
    RawClient.Response answer =
        edge.get(
            "/h2c", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA");
    assertThat(answer.text()).isEqualTo("plain");
    assertThat(edge.last().headers()).doesNotContainKeys("upgrade", "http2-settings", "connection");
  }

  /** What was held back for another protocol is a request after all. */
  @Test
  void whatIsBehindARefusedUpgradeIsAnswered() throws IOException {
    edge.origin.behave(request -> request.ok(request.requestLine().split(" ", -1)[1]));
    try (RawClient viewer = edge.viewer()) {
      viewer.send(
          RawClient.head("GET", "demo.localhost", "/other", "Upgrade: h2c")
              + RawClient.head("GET", "demo.localhost", "/other2", UPGRADE)
              + RawClient.head("GET", "demo.localhost", "/after"));
      assertThat(viewer.read().text()).isEqualTo("/other");
      assertThat(viewer.read().text()).isEqualTo("/other2");
      assertThat(viewer.read().text()).isEqualTo("/after");
      viewer.send(
          RawClient.head("GET", "demo.localhost", "/answered", UPGRADE)
              + RawClient.head("GET", "demo.localhost", "/last"));
      assertThat(viewer.read().text()).isEqualTo("/answered");
      assertThat(viewer.read().text()).isEqualTo("/last");
    }
  }

  @Test
  void anOriginThatCannotBeReachedIsAnError() throws IOException {
    edge.origin.behave(OriginServer.Request::reset);
    assertThat(edge.get("/ws", UPGRADE).status()).isEqualTo(502);
  }
}
