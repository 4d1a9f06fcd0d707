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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of requests that are larger than sites' origins are sent. */
class BodyLimitIT {
  private static final String HOST = "demo.localhost";
  private static final int MOST = 1_000;
  private static final String SWITCHED =
      String.join(
          "\r\n",
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "\r\n");

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static OriginServer api;
  private static RunningGateway gateway;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger whole = new AtomicInteger();
  private int goneBefore;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("ok"));
    api = new OriginServer(request -> request.ok("taken"));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings("demo", EdgeGatewayIT.settings(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.content-api",
            api.url(),
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.max-body-size",
            String.valueOf(MOST));
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
    api.close();
  }

  @BeforeEach
  void served() {
    await().until(() -> home().equals("home"));
    goneBefore = origin.gone();
    origin.behave(
        request -> {
          begun.incrementAndGet();
          request.ok("ok");
          whole.incrementAndGet();
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

  private static void refused(RawClient.Response response) {
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.header("content-type")).isEqualTo("application/problem+json");
    assertThat(response.text()).contains("https://portico.dev/problems/content-too-large");
    assertThat(response.header("cache-control")).isEqualTo("no-store");
    assertThat(response.header("cache-status"))
        .startsWith("portico; fwd=")
        .endsWith("detail=content-too-large");
  }

  private void nothingWasAsked() {
    assertThat(begun).hasValue(0);
  }

  private void theOriginSawItCut() {
    await().until(() -> origin.gone() > goneBefore);
    assertThat(begun).hasValue(1);
    assertThat(whole).hasValue(0);
  }

  @Test
  void aBodyThatSaysHowLargeItIsIsRefusedBeforeAnythingIsAsked() throws IOException {
    try (RawClient viewer = posting("Content-Length: " + (MOST + 1), "Accept: application/json")) {
      refused(viewer.read());
      nothingWasAsked();
    }
  }

  /** RFC 9110, section 10.1.1: who asks first is spared sending it. */
  @Test
  void aBodyThatIsHeldBackIsNotAskedFor() throws IOException {
    String length = "Content-Length: " + (MOST + 1);
    try (RawClient viewer = posting(length, "Expect: 100-continue", "Accept: application/json")) {
      refused(viewer.read());
      assertThat(viewer.closed()).as("the next request could be taken for the body").isTrue();
      nothingWasAsked();
    }
  }

  @Test
  void theLargestBodyPasses() throws IOException {
    try (RawClient viewer = posting("Content-Length: " + MOST)) {
      assertThat(viewer.send("x".repeat(MOST)).read().text()).isEqualTo("ok");
    }
    try (RawClient viewer = posting("Transfer-Encoding: chunked")) {
      viewer.send("1f4\r\n" + "x".repeat(500) + "\r\n1f4\r\n" + "x".repeat(500) + "\r\n0\r\n\r\n");
      assertThat(viewer.read().text()).isEqualTo("ok");
    }
    await().until(() -> whole.get() == 2);
  }

  @Test
  void aChunkedBodyIsCutWhereItBecomesTooLarge() throws IOException {
    try (RawClient viewer = posting("Transfer-Encoding: chunked", "Accept: application/json")) {
      viewer.send("258\r\n" + "x".repeat(600) + "\r\n");
      await().until(() -> begun.get() == 1);
      viewer.send("258\r\n" + "x".repeat(600) + "\r\n0\r\n\r\n");
      refused(viewer.read());
      assertThat(viewer.closed()).isTrue();
      theOriginSawItCut();
    }
  }

  /** Once the answer has begun the viewer can be told nothing but that it is not whole. */
  @Test
  void anAnswerThatHasBegunIsCut() throws IOException {
    origin.behave(
        request -> {
          begun.incrementAndGet();
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
          request.drain();
          whole.incrementAndGet();
        });
    try (RawClient viewer = posting("Transfer-Encoding: chunked")) {
      viewer.send("258\r\n" + "x".repeat(600) + "\r\n");
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\nhalf")) {
        int octet = viewer.in().read();
        assertThat(octet).as("after %s", answer).isNotNegative();
        answer.append((char) octet);
      }
      viewer.send("258\r\n" + "x".repeat(600) + "\r\n0\r\n\r\n");
      assertThat(viewer.closed()).isTrue();
      theOriginSawItCut();
    }
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

  @Test
  void http2RefusesWhatSaysThatItIsTooLarge() throws IOException {
    try (RawHttp2Client viewer = viewer()) {
      byte[] head = head("content-length", String.valueOf(MOST + 1));
      viewer.send(HEADERS, END_HEADERS, 1, head);
      assertThat(status(viewer, 1)).isEqualTo("413");
      nothingWasAsked();
    }
  }

  @Test
  void http2CutsAStreamWhereItBecomesTooLarge() throws IOException {
    try (RawHttp2Client viewer = viewer()) {
      viewer.send(HEADERS, END_HEADERS, 1, head());
      viewer.send(DATA, 0, 1, new byte[600]);
      await().until(() -> begun.get() == 1);
      viewer.send(DATA, END_STREAM, 1, new byte[600]);
      assertThat(status(viewer, 1)).isEqualTo("413");
      theOriginSawItCut();
      viewer.send(HEADERS, END_HEADERS, 3, head());
      viewer.send(DATA, END_STREAM, 3, new byte[MOST]);
      assertThat(status(viewer, 3)).isEqualTo("200");
    }
  }

  /** What is too large for it, each service says itself. */
  @Test
  void theServicesAreSentAll() throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.send(
          RawClient.head("POST", "api.localhost", "/v1/sites", "Content-Length: " + 10 * MOST));
      assertThat(viewer.send("x".repeat(10 * MOST)).read().text()).isEqualTo("taken");
    }
  }

  /** What follows a change of protocol is no body. */
  @Test
  void aTunnelTakesAnyNumberOfBytes() throws IOException {
    origin.behave(
        request -> {
          request.send(SWITCHED);
          request.in().transferTo(request.socket().getOutputStream());
        });
    try (RawClient viewer = new RawClient(gateway.port())) {
      String[] upgrade = {"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"};
      assertThat(viewer.get(HOST, "/api/ws", upgrade).read().status()).isEqualTo(101);
      viewer.send("x".repeat(3 * MOST));
      assertThat(viewer.in().readNBytes(3 * MOST)).hasSize(3 * MOST);
    }
  }
}
