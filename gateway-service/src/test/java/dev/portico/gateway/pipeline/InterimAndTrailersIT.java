package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What comes before and behind a message, through the gateway over HTTP/1: interim responses (RFC
 * 9110, section 15.2), Expect (section 10.1.1) and trailers (section 6.5).
 */
class InterimAndTrailersIT {
  private static final String HINTS =
      lines(
          "HTTP/1.1 103 Early Hints",
          "Link: </a.css>; rel=preload",
          "Connection: x-hop",
          "X-Hop: 1",
          "");
  private static EdgeFixture edge;

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

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

  private static String body(OriginServer.Request request, String end) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (!body.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
      int octet = request.in().read();
      if (octet < 0) {
        throw new IOException("body cut after " + body);
      }
      body.write(octet);
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** All that comes until the connection is closed. */
  private static String all(String request) throws IOException {
    try (RawClient viewer = edge.viewer()) {
      viewer.send(request);
      return new String(viewer.in().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Nested
  class Interim {
    private void hints() {
      edge.origin.behave(
          request -> {
            request.drain();
            request.send(
                HINTS
                    + "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nbody");
          });
    }

    @Test
    void earlyHintsReachTheViewer() throws IOException {
      hints();
      for (String method : new String[] {"GET", "POST"}) {
        try (RawClient viewer = edge.viewer()) {
          viewer.send(RawClient.head(method, "demo.localhost", "/hints", "Content-Length: 0"));
          RawClient.Response hint = viewer.read();
          assertThat(hint.statusLine()).isEqualTo("HTTP/1.1 103 Early Hints");
          assertThat(hint.header("link")).isEqualTo("</a.css>; rel=preload");
          assertThat(hint.header("x-hop")).isEmpty();
          assertThat(hint.header("content-length")).isEmpty();
          RawClient.Response answer = viewer.read();
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.header("link")).as("never merged").isEmpty();
          assertThat(answer.text()).isEqualTo("body");
        }
      }
    }

    @Test
    void theyComeBeforeTheOriginHasAnswered() throws IOException {
      CountDownLatch seen = new CountDownLatch(1);
      edge.origin.behave(
          request -> {
            request.send(HINTS + HINTS + "HTTP/1.1 102 Processing\r\n\r\n");
            await(seen);
            request.ok("late");
          });
      try (RawClient viewer = edge.viewer()) {
        viewer.get("demo.localhost", "/early");
        assertThat(viewer.read().status()).isEqualTo(103);
        assertThat(viewer.read().status()).isEqualTo(103);
        assertThat(viewer.read().status()).isEqualTo(102);
        seen.countDown();
        assertThat(viewer.read().text()).isEqualTo("late");
      }
    }

    /** RFC 9110, section 15.2. */
    @Test
    void neverToHttp10() throws IOException {
      hints();
      String answer = all("GET /old HTTP/1.0\r\nHost: demo.localhost\r\n\r\n");
      // Not "103" alone, which the request's random id may hold.
      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("body")
          .doesNotContain("HTTP/1.1 103");
    }

    /** RFC 9111, section 3: they are not final. */
    @Test
    void neverStored() throws IOException {
      hints();
      try (RawClient viewer = edge.viewer()) {
        assertThat(viewer.get("demo.localhost", "/kept").read().status()).isEqualTo(103);
        assertThat(viewer.read().status()).isEqualTo(200);
        RawClient.Response hit = viewer.get("demo.localhost", "/kept").read();
        assertThat(hit.status()).isEqualTo(200);
        assertThat(hit.header("x-cache")).isEqualTo("Hit from portico");
        assertThat(hit.header("link")).isEmpty();
      }
    }

    /** Nobody knows yet whether the answer is theirs. */
    @Test
    void notToThoseWhoWaitForAnothersAnswer() throws IOException {
      CountDownLatch waiting = new CountDownLatch(1);
      edge.origin.behave(
          request -> {
            await(waiting);
            request.send(
                HINTS
                    + "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\n1");
          });
      try (RawClient first = edge.viewer();
          RawClient second = edge.viewer()) {
        first.get("demo.localhost", "/shared");
        Awaitility.await().until(() -> edge.asked("/shared") == 1);
        second.get("demo.localhost", "/shared");
        waiting.countDown();
        assertThat(first.read().status()).isEqualTo(103);
        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.read().status()).isEqualTo(200);
      }
      assertThat(edge.asked("/shared")).isEqualTo(1);
    }

    @Test
    void anInvalidOneIsLeftOut() throws IOException {
      edge.origin.behave(
          request -> {
            request.send("HTTP/1.1 103 Early Hints\r\nLink: \u0001\r\n\r\n");
            request.ok("body");
          });
      RawClient.Response answer = edge.get("/bad-hints");
      assertThat(answer.status()).isIn(200, 502);
    }
  }

  @Nested
  class Continue {
    /** RFC 9110, section 10.1.1: the origin is asked first. */
    @Test
    void theOriginSaysWhetherTheBodyMayCome() throws IOException {
      CountDownLatch seen = new CountDownLatch(1);
      edge.origin.behave(
          request -> {
            assertThat(request.header("expect")).isEqualTo("100-continue");
            await(seen);
            request.send("HTTP/1.1 100 Continue\r\n\r\n");
            String got = "got " + body(request, "abc");
            request.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + got);
          });
      try (RawClient viewer = edge.viewer()) {
        viewer.send(
            RawClient.head(
                "PUT", "demo.localhost", "/big", "Content-Length: 3", "Expect: 100-continue"));
        seen.countDown();
        assertThat(viewer.read().status()).isEqualTo(100);
        viewer.send("abc");
        assertThat(viewer.read().text()).isEqualTo("got abc");
      }
    }

    /** RFC 9110, section 10.1.1: a client must not wait for ever, nor must it through a proxy. */
    @Test
    void anOriginThatSaysNothingGetsTheBody() throws IOException {
      edge.origin.behave(
          request -> {
            String got = "got " + body(request, "abc");
            request.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + got);
          });
      try (RawClient viewer = edge.viewer()) {
        viewer.send(
            RawClient.head(
                "PUT", "demo.localhost", "/big", "Content-Length: 3", "Expect: 100-continue"));
        assertThat(viewer.read().status()).isEqualTo(100);
        viewer.send("abc");
        assertThat(viewer.read().text()).isEqualTo("got abc");
      }
    }

    /** Who does not wait is not told. */
    @Test
    void whoSendsTheBodyUnaskedGetsTheAnswerAlone() throws IOException {
      edge.origin.behave(
          request -> {
            String got = "got " + body(request, "abc");
            request.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + got);
          });
      try (RawClient viewer = edge.viewer()) {
        viewer.send(
            RawClient.head(
                    "PUT", "demo.localhost", "/big", "Content-Length: 3", "Expect: 100-continue")
                + "abc");
        assertThat(viewer.read().text()).isEqualTo("got abc");
      }
    }

    @Test
    void anOriginThatRefusesGetsNoBody() throws IOException {
      edge.origin.behave(
          request ->
              request.send(
                  lines(
                      "HTTP/1.1 413 Content Too Large",
                      "Content-Length: 0",
                      "Connection: close",
                      "")));
      try (RawClient viewer = edge.viewer()) {
        viewer.send(
            RawClient.head(
                "PUT", "demo.localhost", "/big", "Content-Length: 3", "Expect: 100-continue"));
        RawClient.Response answer = viewer.read();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("connection")).isEqualTo("close");
      }
    }

    /** RFC 9110, section 10.1.1: what HTTP/1.0 expects does not count. */
    @Test
    void http10HasNoExpectations() throws IOException {
      edge.origin.behave(request -> request.ok("[" + request.header("expect") + "]"));
      String answer =
          all(
              "PUT /old HTTP/1.0\r\nHost: demo.localhost\r\nContent-Length: 3\r\n"
                  + "Expect: 100-continue\r\n\r\nabc");
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("[]");
    }
  }

  @Nested
  class Trailers {
    private static final String ANSWER =
        lines(
            "HTTP/1.1 200 OK",
            "Cache-Control: max-age=60",
            "Transfer-Encoding: chunked",
            "Trailer: X-Sum, Set-Cookie",
            "",
            "4",
            "body",
            "0",
            "X-Sum: 42",
            "Set-Cookie: a=b",
            "Content-Type: text/evil",
            "Content-Length: 9",
            "Authorization: x",
            "Host: evil",
            "");

    private String ask(String method, String path, String... more) throws IOException {
      String[] headers = java.util.Arrays.copyOf(more, more.length + 1);
      headers[more.length] = "Connection: close, TE";
      return all(RawClient.head(method, "demo.localhost", path, headers));
    }

    private void answers() {
      edge.origin.behave(
          request -> {
            request.drain();
            request.send(ANSWER);
          });
    }

    /** RFC 9110, section 6.5. */
    @Test
    void reachAViewerThatTakesThem() throws IOException {
      answers();
      String answer = ask("POST", "/sum", "Content-Length: 0", "TE: trailers, deflate;q=0.5");
      assertThat(answer).contains("\r\nTrailer: X-Sum\r\n");
      assertThat(answer).endsWith("\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n");
      assertThat(edge.last().header("te")).isEqualTo("trailers");
      assertThat(edge.last().header("connection")).isEqualTo("TE");
    }

    /** RFC 9110, section 10.1.4. */
    @Test
    void areDroppedForOthers() throws IOException {
      answers();
      String answer = ask("POST", "/sum", "Content-Length: 0");
      assertThat(answer).doesNotContain("Trailer:").doesNotContain("X-Sum");
      assertThat(answer).endsWith("\r\n4\r\nbody\r\n0\r\n\r\n");
      assertThat(edge.last().headers()).doesNotContainKey("te");
    }

    /** RFC 9111, section 3.1: never combined with what is stored. */
    @Test
    void areNeitherStoredNorMerged() throws IOException {
      answers();
      for (int i = 0; i < 2; i++) {
        String answer = ask("GET", "/sum-kept", "TE: trailers");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("body");
        assertThat(answer).doesNotContain("X-Sum").doesNotContain("Set-Cookie");
      }
      assertThat(edge.asked("/sum-kept")).isEqualTo(1);
    }

    @Test
    void ofARequestReachTheOrigin() throws Exception {
      CompletableFuture<String> got = new CompletableFuture<>();
      edge.origin.behave(
          request -> {
            got.complete(body(request, "\r\n\r\n"));
            request.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          });
      upload(
          "Transfer-Encoding: chunked",
          lines(
              "3",
              "abc",
              "0",
              "X-Sum: 42",
              "Host: evil",
              "X-Forwarded-For: 1.2.3.4",
              "Content-Length: 5",
              "Transfer-Encoding: chunked",
              "Authorization: x",
              "Cookie: a=b",
              ""));
      assertThat(got.get(20, TimeUnit.SECONDS))
          .isEqualToIgnoringCase("3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n");
      assertThat(edge.last().header("trailer")).isEqualTo("x-sum");
      assertThat(edge.last().headers()).doesNotContainKey("x-sum");
    }

    private void upload(String framing, String body) throws IOException {
      try (RawClient viewer = edge.viewer()) {
        viewer.send(
            RawClient.head(
                    "PUT", "demo.localhost", "/sum", framing, "Trailer: x-sum, authorization")
                + body);
        assertThat(viewer.read().status()).isEqualTo(200);
      }
    }
  }
}
