package dev.portico.gateway.pipeline;

import static dev.portico.gateway.fixture.RawHttp2Client.DATA;
import static dev.portico.gateway.fixture.RawHttp2Client.END_HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.END_STREAM;
import static dev.portico.gateway.fixture.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bodies that viewers send by drips: none of them is silent for long, and together they would use
 * up the connections to an origin. Here the least is 1,000 bytes a second, over 3 s.
 */
class BodyPaceIT {
  private static final String HOST = "demo.localhost";
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

  /** By how much the last drips came too late at most, in nanoseconds. */
  private static final AtomicLong LATE = new AtomicLong();

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();

  /** Sends the next bit. */
  @FunctionalInterface
  private interface Drip {
    void send() throws IOException;
  }

  /** Sends bit after bit until it is stopped, or there is nobody to send to. */
  private static final class Dripping {
    private final Thread thread;
    private volatile boolean stopped;

    Dripping(Drip drip) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!stopped) {
                        each(1, drip);
                      }
                    } catch (IOException e) {
                      // The gateway has closed.
                    }
                  });
    }

    void stop() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("ok"));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings(
        "demo",
        EdgeGatewayIT.settings(origin.port())
            .replace("\"idleTimeoutSeconds\":5", "\"idleTimeoutSeconds\":30"));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.body-timeout",
            "1500ms",
            "portico.listener.body-rate",
            "1000");
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void served() {
    await().until(() -> home().equals("home"));
    origin.behave(
        request -> {
          begun.incrementAndGet();
          try {
            request.ok("ok");
          } catch (IOException e) {
            cut.incrementAndGet();
            throw e;
          }
        });
  }

  private static String home() throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(HOST, "/").read().text();
    }
  }

  private static RawClient posting(String... headers) throws IOException {
    return new RawClient(gateway.port()).send(RawClient.head("POST", HOST, "/api/items", headers));
  }

  /** Does something each tenth of a second, so often. */
  private static void each(int times, Drip drip) throws IOException {
    long begin = System.nanoTime();
    for (int i = 1; i <= times; i++) {
      drip.send();
      long next = begin + i * TICK;
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> System.nanoTime() >= next);
      LATE.accumulateAndGet(System.nanoTime() - next, Math::max);
    }
  }

  /**
   * Once more where the machine stood still for so long that the gateway was right to give up. What
   * fails undisturbed fails.
   */
  private static void undisturbed(Drip trial) throws IOException {
    for (int tries = 1; ; tries++) {
      LATE.set(0);
      try {
        trial.send();
        return;
      } catch (IOException | AssertionError e) {
        if (tries == 5 || LATE.get() < 3 * TICK) {
          throw e;
        }
      }
    }
  }

  private void theOriginSawItCut() {
    await().until(() -> cut.get() == 1);
    assertThat(begun).hasValue(1);
  }

  @Test
  void whoSendsByDripsGets408() throws Exception {
    try (RawClient viewer = posting("Content-Length: 1000", "Accept: application/json")) {
      Dripping dripping = new Dripping(() -> viewer.send("x"));
      RawClient.Response response = viewer.read();
      assertThat(response.status()).isEqualTo(408);
      assertThat(response.text()).contains("https://portico.dev/problems/request-timeout");
      assertThat(response.header("connection")).isEqualTo("close");
      theOriginSawItCut();
      dripping.stop();
    }
  }

  @Test
  void chunksOfAByteAreDripsToo() throws Exception {
    try (RawClient viewer = posting("Transfer-Encoding: chunked")) {
      Dripping dripping = new Dripping(() -> viewer.send("1\r\nx\r\n"));
      assertThat(viewer.read().status()).isEqualTo(408);
      theOriginSawItCut();
      dripping.stop();
    }
  }

  @Test
  void http2StreamsOfDripsGet408AndTheConnectionGoesOn() throws Exception {
    try (RawHttp2Client viewer = viewer()) {
      viewer.send(HEADERS, END_HEADERS, 1, head("content-length", "1000"));
      Dripping dripping = new Dripping(() -> viewer.send(DATA, 0, 1, new byte[1]));
      assertThat(status(viewer, 1)).isEqualTo("408");
      dripping.stop();
      theOriginSawItCut();
      viewer.send(HEADERS, END_HEADERS, 3, head());
      viewer.send(DATA, END_STREAM, 3, new byte[5]);
      assertThat(status(viewer, 3)).isEqualTo("200");
    }
  }

  /** The limit of silence, over HTTP/2: nothing comes at all. */
  @Test
  void http2StreamsThatFallSilentGet408() throws Exception {
    try (RawHttp2Client viewer = viewer()) {
      long begin = System.nanoTime();
      viewer.send(HEADERS, END_HEADERS, 1, head("content-length", "60000"));
      for (int i = 0; i < 3; i++) {
        // Enough for the rate over two periods and more.
        viewer.send(DATA, 0, 1, new byte[10_000]);
      }
      assertThat(status(viewer, 1)).isEqualTo("408");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("by silence, before the rate could be missed")
          .isBetween(Duration.ofMillis(1_500), Duration.ofMillis(5_900));
      theOriginSawItCut();
      RawHttp2Client.Frame rest = viewer.next(1);
      while (rest.type() == DATA) {
        rest = viewer.next(1);
      }
      assertThat(rest.type()).isEqualTo(RawHttp2Client.RST_STREAM);
      viewer.send(HEADERS, END_HEADERS, 3, head("content-length", "5"));
      viewer.send(DATA, END_STREAM, 3, new byte[5]);
      assertThat(status(viewer, 3)).as("on the same connection").isEqualTo("200");
    }
  }

  /** For longer than a period. */
  @Test
  void whoIsSlowButNotTooSlowIsServed() throws IOException {
    undisturbed(
        () -> {
          try (RawClient viewer = posting("Content-Length: 8000")) {
            each(40, () -> viewer.send("x".repeat(200)));
            assertThat(viewer.read().status()).isEqualTo(200);
          }
        });
    undisturbed(
        () -> {
          try (RawHttp2Client viewer = viewer()) {
            viewer.send(HEADERS, END_HEADERS, 1, head());
            each(40, () -> viewer.send(DATA, 0, 1, new byte[200]));
            viewer.send(DATA, END_STREAM, 1, new byte[0]);
            assertThat(status(viewer, 1)).isEqualTo("200");
          }
        });
  }

  /** The origin takes nothing for two periods: the viewer could not send if it wanted to. */
  @Test
  void whatTheOriginDoesNotTakeDoesNotCount() throws Exception {
    int size = 30_000_000;
    CountDownLatch reads = new CountDownLatch(1);
    AtomicLong got = new AtomicLong();
    origin.behave(
        request -> {
          begun.incrementAndGet();
          try {
            reads.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          got.set(request.drain());
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    try (RawClient viewer = posting("Content-Length: " + size)) {
      Thread uploading =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      viewer.send("x".repeat(size));
                    } catch (IOException e) {
                      // The gateway has closed, which the answer tells.
                    }
                  });
      await().until(() -> begun.get() == 1);
      long begin = System.nanoTime();
      await().until(() -> System.nanoTime() - begin > 75 * TICK);
      reads.countDown();
      assertThat(viewer.read().text()).isEqualTo("ok");
      assertThat(got).hasValue(size);
      uploading.join();
    }
  }

  /** A conversation: the origin has begun to answer, and each says something now and then. */
  @Test
  void whatComesBesideAnAnswerMayComeSlowly() throws Exception {
    origin.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          request.send("5\r\nready\r\n");
          request.drain();
          request.send("4\r\ndone\r\n0\r\n\r\n");
        });
    undisturbed(
        () -> {
          try (RawClient viewer = posting("Content-Length: 50")) {
            each(50, () -> viewer.send("x"));
            assertThat(viewer.read().text()).isEqualTo("readydone");
          }
        });
  }

  /**
   * RFC 9110, section 10.1.1: the origin says nothing, so the gateway asks for the body after a
   * second. That second is not the viewer's.
   */
  @Test
  void theTimeOfABodyThatIsHeldBackBeginsWhenItIsAskedFor() throws IOException {
    undisturbed(
        () -> {
          try (RawClient viewer = posting("Content-Length: 4", "Expect: 100-continue")) {
            assertThat(viewer.read().status()).isEqualTo(100);
            each(11, () -> {});
            assertThat(viewer.send("body").read().status()).isEqualTo(200);
          }
        });
  }

  private static RawHttp2Client viewer() throws IOException {
    RawHttp2Client viewer =
        new RawHttp2Client(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
    viewer.send(RawHttp2Client.PREFACE);
    viewer.send(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
    return viewer;
  }

  private static byte[] head(String... more) {
    String[] fields = new String[8 + more.length];
    System.arraycopy(
        new String[] {
          ":method", "POST", ":scheme", "http", ":authority", HOST, ":path", "/api/items"
        },
        0,
        fields,
        0,
        8);
    System.arraycopy(more, 0, fields, 8, more.length);
    return RawHttp2Client.block(fields);
  }

  private static String status(RawHttp2Client viewer, int stream) throws IOException {
    return String.valueOf(viewer.fields(viewer.next(stream)).status());
  }
}
