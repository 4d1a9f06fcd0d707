package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.origin.wire.BodyFraming;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One HTTP/1.1 origin that misbehaves on order. */
class OriginHttp1IT {
  private static OriginServer server;
  private static OriginFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    server = new OriginServer(request -> request.ok("ok"));
    fixture = new OriginFixture();
  }

  @AfterAll
  static void stop() throws IOException {
    fixture.close();
    server.close();
  }

  private static OriginFixture.Shape origin() {
    return OriginFixture.at("127.0.0.1", server.port());
  }

  private static Answer answered(String response) {
    server.behave(
        request -> {
          request.send(response);
          request.socket().close();
        });
    return fixture.get(origin().make(), "/").done();
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  // Framing of responses (RFC 9112, section 6.3).

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 2",
        "",
        "HTTP/1.1 103 Early Hints\r\n\r\n"
      })
  void mustNotTakeACutResponseForAWholeOne(String response) {
    Answer answer = answered(response);
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(answer.events()).doesNotContain("end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "\u0016\u0003\u0001 garbage that is no HTTP at all\r\n\r\n"
      })
  void mustRefuseWhatHasTwoReadingsOrNone(String response) {
    Answer answer = answered(response);
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
    assertThat(answer.events()).doesNotContain("end");
  }

  @Test
  void mustRefuseChunkedTwice() {
    String twice =
        lines(
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked",
            "",
            "0",
            "",
            "");
    assertThat(answered(twice).error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
  }

  /** RFC 9112, section 5.1: a proxy MUST remove such space from a response. */
  @Test
  void mustRemoveSpaceBeforeAColon() {
    Answer answer = answered("HTTP/1.1 200 OK\r\nContent-Length : 5\r\nX : 1\r\n\r\nhello");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.length()).isEqualTo(5);
    assertThat(answer.headers().first("x")).isEqualTo("1");
  }

  @Test
  void aHeadWithoutEndIsRefused() {
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 100_000; i++) {
            request.send("X-" + i + ": 0123456789012345678901234567890123456789\r\n");
          }
        });
    assertThat(fixture.get(origin().make(), "/").error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
  }

  @Test
  void interimResponsesWithoutEndAreRefused() {
    server.behave(
        request -> {
          while (true) {
            request.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
          }
        });
    assertThat(fixture.get(origin().make(), "/").error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
  }

  @Test
  void tellsHowTheEndShows() {
    Answer length = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assertThat(length.status()).isEqualTo(200);
    assertThat(length.framing()).isEqualTo(BodyFraming.LENGTH);
    assertThat(length.length()).isEqualTo(5);
    Answer chunked =
        answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    assertThat(chunked.status()).isEqualTo(200);
    assertThat(chunked.framing()).isEqualTo(BodyFraming.CHUNKED);
    assertThat(chunked.length()).isEqualTo(-1);
    assertThat(answered("HTTP/1.1 204 No Content\r\n\r\n").framing()).isEqualTo(BodyFraming.NONE);
    assertThat(answered("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n").length())
        .isZero();
  }

  /** It looks the same when the origin has died: a cache is told not to trust it. */
  @Test
  void aBodyThatEndsWithTheConnectionIsWholeButNotProven() {
    Answer answer = answered("HTTP/1.1 200 OK\r\n\r\nuntil the end");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("until the end");
    assertThat(answer.framing()).isEqualTo(BodyFraming.CLOSE);
    assertThat(BodyFraming.CLOSE.verifiable()).isFalse();
  }

  @Test
  void aResetIsNoEnd() {
    CountDownLatch read = new CountDownLatch(1);
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\n\r\nnot the");
          try {
            read.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.reset();
        });
    Answer answer = fixture.get(origin().make(), "/");
    await().until(() -> answer.text().equals("not the"));
    read.countDown();
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
  }

  /** What follows a response must never be the answer to the next request. */
  @Test
  void aBodyLongerThanItsLengthSpoilsTheConnectionAndNothingElse() {
    server.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"
                    + "Content-Length: 4\r\n\r\nevil"));
    HttpOrigin origin = origin().make();
    int before = server.connections();
    for (int i = 0; i < 5; i++) {
      Answer answer = fixture.get(origin, "/").done();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("ok");
    }
    assertThat(server.connections()).isGreaterThanOrEqualTo(before + 4);
  }

  @Test
  void readsTheHeadOfHead() {
    server.behave(request -> request.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"));
    HttpOrigin origin = origin().make();
    Answer head = fixture.send(OriginFixture.request(origin, "HEAD", "/", 0)).done();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.length()).isEqualTo(99);
    assertThat(head.framing()).isEqualTo(BodyFraming.NONE);
    server.behave(request -> request.ok("next"));
    assertThat(fixture.get(origin, "/").done().text()).isEqualTo("next");
  }

  // What goes out.

  @Test
  void asksUnderItsOwnNameBelowItsPrefixWithItsFields() {
    server.behave(request -> request.ok("ok"));
    HttpOrigin origin = origin().prefix("/base").field("X-Key", "secret").make();
    fixture
        .send(
            OriginFixture.request(origin, "GET", "/a?b=c", 0, "x-key", "viewer's", "Accept", "*/*"))
        .done();
    OriginServer.Request last = server.requests().getLast();
    assertThat(last.requestLine()).isEqualTo("GET /base/a?b=c HTTP/1.1");
    assertThat(last.header("host")).isEqualTo("127.0.0.1:" + server.port());
    assertThat(last.header("x-key")).isEqualTo("secret");
    assertThat(last.header("accept")).isEqualTo("*/*");
    assertThat(last.headers()).doesNotContainKeys("content-length", "transfer-encoding");
  }

  @Test
  void settingsMayNameAnotherHostButNotTheFraming() {
    server.behave(request -> request.ok("ok"));
    fixture.get(origin().field("Host", "www.example.org").make(), "/").done();
    assertThat(server.requests().getLast().header("host")).isEqualTo("www.example.org");
    fixture.get(origin().field("Transfer-Encoding", "chunked").make(), "/").done();
    assertThat(server.requests().getLast().headers()).doesNotContainKey("transfer-encoding");
  }

  @ParameterizedTest
  @CsvSource({"POST, 0, 0, ''", "GET, 0, '', ''", "PUT, 3, 3, ''", "PUT, -1, '', chunked"})
  void framesTheBody(String method, long length, String contentLength, String coding) {
    server.behave(request -> request.ok("ok"));
    Answer answer = fixture.send(OriginFixture.request(origin().make(), method, "/", length));
    if (length != 0) {
      answer.write("abc").finish();
    }
    assertThat(answer.status()).isEqualTo(200);
    OriginServer.Request last = server.requests().getLast();
    assertThat(last.header("content-length")).isEqualTo(contentLength);
    assertThat(last.header("transfer-encoding")).isEqualTo(coding);
  }

  /** Or what is too much would be read as another request. */
  @ParameterizedTest
  @ValueSource(strings = {"abcd", "ab"})
  void aBodyThatIsNotAsLongAsAnnouncedIsNotSent(String body) {
    server.behave(request -> request.ok("got " + request.drain()));
    Answer answer = fixture.send(OriginFixture.request(origin().make(), "PUT", "/", 3));
    answer.write(body).finish();
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
  }

  // Trailers, interim responses, events, upgrades.

  @Test
  void passesTrailersBothWays() {
    AtomicInteger seen = new AtomicInteger();
    server.behave(
        request -> {
          byte[] expected = "3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
          seen.set(Arrays.equals(request.in().readNBytes(expected.length), expected) ? 1 : 2);
          request.send(
              lines(
                  "HTTP/1.1 200 OK",
                  "Transfer-Encoding: chunked",
                  "Trailer: grpc-status",
                  "",
                  "2",
                  "ok",
                  "0",
                  "grpc-status: 0",
                  "Set-Cookie: a=1",
                  "",
                  ""));
        });
    Answer answer =
        fixture.send(OriginFixture.request(origin().make(), "POST", "/", -1, "te", "trailers"));
    answer.write("abc").finish("x-sum", "7");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen).hasValue(1);
    assertThat(answer.trailers().first("grpc-status")).isEqualTo("0");
    assertThat(answer.trailers().contains("set-cookie")).isFalse();
    assertThat(server.requests().getLast().header("connection")).isEqualTo("TE");
  }

  @Test
  void passesEarlyHintsBeforeTheHead() {
    Answer answer =
        answered(
            lines(
                "HTTP/1.1 103 Early Hints",
                "Link: </a.css>",
                "",
                "HTTP/1.1 103 Early Hints",
                "Link: </b.css>",
                "",
                "HTTP/1.1 200 OK",
                "Content-Length: 2",
                "",
                "ok"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.events()).containsExactly("103 </a.css>", "103 </b.css>", "head", "end");
  }

  @Test
  void letsTheOriginAnswerAnExpectation() {
    server.behave(
        request -> {
          request.send("HTTP/1.1 100 Continue\r\n\r\n");
          request.ok(request.header("expect") + " " + request.header("content-length"));
        });
    Answer answer =
        fixture.send(
            OriginFixture.request(origin().make(), "PUT", "/", 3, "Expect", "100-continue"));
    await().until(() -> answer.events().contains("100"));
    answer.write("abc").finish();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("100-continue 3");
  }

  @Test
  void tellsEachEventAsItComes() {
    CountDownLatch[] next = {new CountDownLatch(1), new CountDownLatch(1)};
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
          try {
            for (int i = 0; i < 2; i++) {
              request.send("data: " + i + "\n\n");
              next[i].await();
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.socket().close();
        });
    Answer answer = fixture.get(origin().make(), "/");
    await().until(() -> answer.text().equals("data: 0\n\n"));
    next[0].countDown();
    await().until(() -> answer.text().equals("data: 0\n\ndata: 1\n\n"));
    next[1].countDown();
    assertThat(answer.status()).isEqualTo(200);
  }

  private static OriginRequest upgrade() {
    return OriginFixture.request(origin().make(), "GET", "/", 0, "Sec-WebSocket-Key", "k")
        .upgradingTo("websocket");
  }

  private static final String SWITCHED =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

  @Test
  void anUpgradedConnectionIsATunnelForBytes() {
    server.behave(
        request -> {
          request.send(SWITCHED + "\u0081\u0002hi");
          for (int b; (b = request.in().read()) >= 0; ) {
            request.socket().getOutputStream().write(b + 1);
          }
          request.send("bye");
        });
    Answer answer = fixture.send(upgrade());
    await().until(() -> answer.text().equals("\u0081\u0002hi"));
    assertThat(answer.events()).containsExactly("upgraded");
    assertThat(answer.headers().first("upgrade")).isEqualTo("websocket");
    assertThat(server.requests().getLast().header("connection")).isEqualTo("Upgrade");
    assertThat(server.requests().getLast().header("upgrade")).isEqualTo("websocket");
    answer.write("AB");
    await().until(() -> answer.text().endsWith("hiBC"));
    // Half of it closes: what the origin says after that still comes.
    answer.write("Y").finish();
    answer.done();
    await().until(() -> answer.events().contains("end"));
    assertThat(answer.text()).endsWith("hiBCZbye");
  }

  @Test
  void aTunnelWhoseOriginEndsFirstStillTakesBytes() {
    AtomicInteger got = new AtomicInteger();
    server.behave(
        request -> {
          request.send(SWITCHED + "first");
          request.socket().shutdownOutput();
          got.set(request.in().readAllBytes().length);
        });
    Answer answer = fixture.send(upgrade());
    answer.done();
    assertThat(answer.text()).isEqualTo("first");
    answer.write("12345");
    answer.finish();
    await().until(() -> got.get() == 5);
  }

  @Test
  void anUpgradeMayBeDeclined() {
    server.behave(request -> request.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
    Answer answer = fixture.send(upgrade()).done();
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("no");
  }

  // Pools and tries.

  @Test
  void reusesConnectionsAndKeepsAFewOnly() {
    server.behave(request -> request.ok("ok"));
    HttpOrigin origin = OriginFixture.at("127.0.0.1", server.port()).make();
    fixture.get(origin, "/").done();
    int before = server.connections();
    for (int i = 0; i < 10; i++) {
      assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
    }
    assertThat(server.connections()).isEqualTo(before);
  }

  @Test
  void triesAgainOnAFreshConnectionWhenAPooledOneWasClosed() {
    server.behave(request -> request.ok("ok"));
    HttpOrigin origin = origin().make();
    fixture.get(origin, "/").done();
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        request -> {
          if (asked.incrementAndGet() == 1) {
            request.socket().close();
          } else {
            request.ok("again");
          }
        });
    assertThat(fixture.get(origin, "/").done().text()).isEqualTo("again");
    assertThat(asked).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({"GET, 3", "PUT, 3", "DELETE, 3", "POST, 1", "PATCH, 1"})
  void repeatsIdempotentRequestsOnly(String method, int times) {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        request -> {
          asked.incrementAndGet();
          request.socket().close();
        });
    HttpOrigin origin = origin().attempts(3).prefix("/" + method).make();
    Answer answer = fixture.send(OriginFixture.request(origin, method, "/", 0));
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    // One of them may have met a pooled connection, which costs no try.
    assertThat(asked.get()).isBetween(times, times + (times > 1 ? 1 : 0));
  }

  @Test
  void neverRepeatsWhatHasBegunToSendItsBody() {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        request -> {
          asked.incrementAndGet();
          request.in().readNBytes(3);
          request.socket().close();
        });
    Answer answer =
        fixture.send(OriginFixture.request(origin().attempts(3).make(), "PUT", "/", 10));
    answer.write("abc");
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(asked).hasValue(1);
  }

  @Test
  void neverRepeatsWhatHasBegunToBeAnswered() {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        request -> {
          asked.incrementAndGet();
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
          request.socket().close();
        });
    Answer answer = fixture.get(origin().attempts(3).make(), "/").done();
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(asked).hasValue(1);
  }

  private static OriginServer.Behaviour heldUntil(CountDownLatch release) {
    return request -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      request.ok("ok");
    };
  }

  @Test
  void waitsForAConnectionWhenAllAreInUseAndNoLongerThanToConnect() {
    CountDownLatch release = new CountDownLatch(1);
    server.behave(heldUntil(release));
    try (OriginFixture narrow = new OriginFixture(new ReachSettings(1, 2, "127.0.0.1", "", ""))) {
      HttpOrigin patient = origin().make();
      HttpOrigin hasty = origin().connect(Duration.ofMillis(100)).make();
      Answer first = narrow.get(patient, "/1");
      Answer second = narrow.get(patient, "/2");
      assertThat(narrow.get(hasty, "/3").error()).isEqualTo(EdgeError.ORIGIN_BUSY);
      Answer third = narrow.get(patient, "/4");
      assertThat(narrow.get(patient, "/5").error()).isEqualTo(EdgeError.ORIGIN_BUSY);
      release.countDown();
      assertThat(first.status()).isEqualTo(200);
      assertThat(second.status()).isEqualTo(200);
      assertThat(third.status()).isEqualTo(200);
    }
  }

  /** A connection is being opened for each of them. */
  @Test
  void onlyThoseWaitForWhomNoConnectionCanBeOpened() {
    CountDownLatch release = new CountDownLatch(1);
    server.behave(heldUntil(release));
    try (OriginFixture narrow = new OriginFixture(new ReachSettings(4, 0, "127.0.0.1", "", ""))) {
      HttpOrigin origin = origin().make();
      List<Answer> answers = narrow.getAtOnce(origin, 4);
      assertThat(narrow.get(origin, "/one-more").error()).isEqualTo(EdgeError.ORIGIN_BUSY);
      release.countDown();
      answers.forEach(answer -> assertThat(answer.status()).isEqualTo(200));
      assertThat(narrow.get(origin, "/again").status()).isEqualTo(200);
    }
  }

  /** More at once than may wait, before any of the connections is there. */
  @Test
  void aColdOriginIsNotBusy() {
    CountDownLatch release = new CountDownLatch(1);
    server.behave(heldUntil(release));
    try (OriginFixture cold = new OriginFixture(new ReachSettings(50, 3, "127.0.0.1", "", ""))) {
      List<Answer> answers = cold.getAtOnce(origin().make(), 54);
      assertThat(answers.getLast().error()).isEqualTo(EdgeError.ORIGIN_BUSY);
      release.countDown();
      for (Answer answer : answers.subList(0, 53)) {
        assertThat(answer.status()).isEqualTo(200);
      }
    }
  }

  // Time.

  @Test
  void limitsTheTimeToTheHead() {
    server.behave(OriginServer.Request::hang);
    int gone = server.gone();
    HttpOrigin origin = origin().firstByte(Duration.ofMillis(200)).make();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
    await().until(() -> server.gone() > gone);
  }

  @Test
  void limitsTheSilenceWithinABody() {
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
          request.hang();
        });
    HttpOrigin origin = origin().idle(Duration.ofMillis(200)).make();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
  }

  @Test
  void doesNotCountAgainstTheOriginWhatTheViewerDoesNotRead() throws Exception {
    byte[] block = new byte[1 << 20];
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: " + (block.length * 8) + "\r\n\r\n");
          for (int i = 0; i < 8; i++) {
            request.socket().getOutputStream().write(block);
          }
        });
    Answer answer = fixture.get(origin().idle(Duration.ofSeconds(1)).make(), "/");
    await().until(() -> answer.size() > 0);
    answer.pause();
    long from = System.nanoTime();
    await().until(() -> System.nanoTime() - from > 2_500_000_000L);
    answer.resume();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.size()).isEqualTo(block.length * 8);
  }

  @Test
  void limitsTheWholeHoweverSteadilyItMoves() {
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          request.trickle("x");
        });
    HttpOrigin origin = origin().whole(Duration.ofMillis(300)).make();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
  }

  /** Until a request is complete it is the viewer who takes the time. */
  @Test
  void theWholeCountsFromTheEndOfTheRequest() {
    server.behave(request -> request.ok("ok"));
    HttpOrigin origin = origin().whole(Duration.ofSeconds(2)).make();
    Answer answer = fixture.send(OriginFixture.request(origin, "POST", "/", 6)).write("abc");
    long from = System.nanoTime();
    await().until(() -> System.nanoTime() - from > 2_500_000_000L);
    assertThat(answer.write("def").finish().status()).isEqualTo(200);
    server.behave(OriginServer.Request::hang);
    Answer unanswered = fixture.send(OriginFixture.request(origin, "POST", "/", 3)).write("abc");
    assertThat(unanswered.finish().error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
  }

  /** Or anybody could take a site's server out of use. */
  @Test
  void aBodyThatDoesNotComeSaysNothingOfTheAddress() {
    HttpOrigin origin = origin().breaker(1, Duration.ofMinutes(1)).make();
    server.behave(request -> request.socket().close());
    Answer answer = fixture.send(OriginFixture.request(origin, "POST", "/", 6)).write("abc");
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    server.behave(request -> request.ok("ok"));
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
    server.behave(request -> request.socket().close());
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_DOWN);
  }

  /** As above: by reading slowly. */
  @Test
  void aViewerWhoDoesNotReadSaysNothingOfTheAddress() {
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf");
          request.hang();
        });
    HttpOrigin origin =
        origin().whole(Duration.ofSeconds(3)).breaker(1, Duration.ofMinutes(1)).make();
    Answer answer = fixture.get(origin, "/");
    await().until(() -> answer.size() > 0);
    answer.pause();
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
    server.behave(request -> request.ok("ok"));
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
  }

  // Back-pressure and leaving.

  @Test
  void readsNoFasterThanItIsAsked() {
    AtomicLong written = new AtomicLong();
    server.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          OutputStream out = request.socket().getOutputStream();
          byte[] block = new byte[65_536];
          while (true) {
            out.write(block);
            written.addAndGet(block.length);
          }
        });
    Answer answer = fixture.get(origin().make(), "/");
    await().until(() -> answer.size() > 0);
    answer.pause();
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> before.getAndSet(written.get()) == written.get());
    // What the kernels of both ends hold, and little more.
    assertThat(written.get() - answer.size()).isLessThan(24L << 20);
    answer.cancel();
  }

  @Test
  void sendsNoFasterThanTheOriginReads() {
    CountDownLatch read = new CountDownLatch(1);
    long size = 64L << 20;
    server.behave(
        request -> {
          try {
            read.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.send("HTTP/1.1 200 OK\r\nX-Got: " + request.drain() + "\r\n\r\n");
          request.socket().close();
        });
    Answer answer = fixture.send(OriginFixture.request(origin().make(), "PUT", "/", size));
    Thread uploading = Thread.ofVirtual().start(() -> answer.upload(size));
    await().until(() -> !answer.takesMore());
    read.countDown();
    await().until(() -> !uploading.isAlive());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().first("x-got")).isEqualTo(Long.toString(size));
  }

  @Test
  void cancellingClosesTheConnection() {
    server.behave(OriginServer.Request::hang);
    int gone = server.gone();
    int asked = server.requests().size();
    Answer answer = fixture.get(origin().make(), "/");
    await().until(() -> server.requests().size() > asked);
    answer.cancel();
    await().until(() -> server.gone() > gone);
    assertThat(answer.events()).isEmpty();
  }
}
