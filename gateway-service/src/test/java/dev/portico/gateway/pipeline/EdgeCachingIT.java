package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of an HTTP origin, cached as RFC 9111 says, over real sockets. */
class EdgeCachingIT {
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static EdgeFixture edge;
  private String path = "";

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture();
  }

  @AfterAll
  static void stop() throws IOException {
    edge.close();
  }

  @BeforeEach
  void fresh() {
    edge.reset(null, EdgeFixture.METHODS, 1_000);
    path = "/page" + PATHS.incrementAndGet();
  }

  @Test
  void answersFromTheCacheWhileFresh() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nX-Own: yes\r\nServer: app", "hello");
    RawClient.Response miss = edge.get(path);
    assertThat(miss.text()).isEqualTo("hello");
    assertThat(miss.header("cache-status"))
        .isEqualTo("portico; fwd=uri-miss; fwd-status=200; ttl=60; stored");
    assertThat(miss.header("x-cache")).isEqualTo("Miss from portico");
    edge.pass(Duration.ofSeconds(10));
    RawClient.Response hit = edge.get(path);
    assertThat(hit.text()).isEqualTo("hello");
    assertThat(hit.status()).isEqualTo(200);
    assertThat(hit.header("age")).isEqualTo("10");
    assertThat(hit.header("cache-status")).isEqualTo("portico; hit; ttl=50");
    assertThat(hit.header("x-cache")).isEqualTo("Hit from portico");
    assertThat(hit.header("via")).isEqualTo("1.1 portico");
    assertThat(hit.header("x-own")).isEqualTo("yes");
    assertThat(hit.header("server")).isEqualTo("app");
    assertThat(hit.header("content-length")).isEqualTo("5");
    assertThat(hit.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(hit.header("date")).doesNotContain("|").isNotEmpty();
    assertThat(hit.header("x-request-id")).isNotEmpty().isNotEqualTo(miss.header("x-request-id"));
    assertThat(edge.asked(path)).isEqualTo(1);
    await().until(() -> edge.outcomes.size() == 2);
    assertThat(edge.outcomes).containsExactly("miss", "hit");
  }

  /**
   * Or any viewer could reach the origin by sending one. The second is what curl and Java's client
   * say to servers whose protocols they do not know yet (RFC 9110, section 7.8).
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: x",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
        "Upgrade: websocket",
        "Cache-Control: no-store, no-cache, max-age=0",
        "Pragma: no-cache"
      })
  void noFieldOfAViewerBypassesIt(String fields) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          awaitGate(gate);
          request.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=5, stale-if-error=600\r\n");
          request.send("Content-Length: 3\r\n\r\none");
        });
    List<RawClient> viewers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      viewers.add(edge.viewer().get("demo.localhost", path, fields));
    }
    await().until(() -> edge.asked(path) > 0);
    gate.countDown();
    for (RawClient viewer : viewers) {
      assertThat(viewer.read().text()).isEqualTo("one");
      viewer.close();
    }
    RawClient.Response hit = edge.get(path, fields);
    assertThat(hit.header("cache-status")).isEqualTo("portico; hit; ttl=5");
    assertThat(edge.asked(path)).isEqualTo(1);
    assertThat(edge.last().headers()).doesNotContainKeys("upgrade", "http2-settings");
    edge.pass(Duration.ofSeconds(10));
    edge.origin.behave(OriginServer.Request::reset);
    assertThat(edge.get(path, fields).text()).isEqualTo("one");
  }

  private static void awaitGate(CountDownLatch gate) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void keepsTheOriginsDateAndCountsItsAge() throws IOException {
    String date = "Sat, 01 Aug 2026 00:00:00 GMT";
    edge.answers("200 OK\r\nCache-Control: max-age=999\r\nAge: 100\r\nDate: " + date, "old");
    assertThat(edge.get(path).header("date")).isEqualTo(date);
    edge.pass(Duration.ofSeconds(10));
    assertThat(edge.get(path).header("age")).isEqualTo("110");
  }

  @Test
  void keepsQueriesApart() throws IOException {
    edge.origin.behave(
        request -> {
          String text = request.requestLine();
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                  + text.length()
                  + "\r\n\r\n"
                  + text);
        });
    for (int round = 0; round < 2; round++) {
      for (String query : new String[] {"", "?a=1", "?a=2", "?"}) {
        assertThat(edge.get(path + query).text()).isEqualTo("GET " + path + query + " HTTP/1.1");
      }
    }
    assertThat(edge.origin.requests().stream().filter(r -> r.requestLine().contains(path)))
        .hasSize(4);
  }

  @Test
  void validatesWhatIsStale() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5\r\nETag: \"1\"\r\nX-Version: 1", "body");
    edge.get(path);
    edge.pass(Duration.ofSeconds(6));
    edge.origin.behave(
        request -> {
          request.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n");
          request.send("Cache-Control: max-age=50\r\nX-Version: 2\r\n\r\n");
        });
    RawClient.Response validated = edge.get(path);
    assertThat(edge.last().header("if-none-match")).isEqualTo("\"1\"");
    assertThat(validated.status()).isEqualTo(200);
    assertThat(validated.text()).isEqualTo("body");
    assertThat(validated.header("x-version")).isEqualTo("2");
    assertThat(validated.header("x-cache")).isEqualTo("RefreshHit from portico");
    assertThat(validated.header("cache-status"))
        .isEqualTo("portico; fwd=stale; fwd-status=304; ttl=50; stored");
    edge.pass(Duration.ofSeconds(20));
    assertThat(edge.get(path).header("cache-status")).isEqualTo("portico; hit; ttl=30");
    assertThat(edge.asked(path)).isEqualTo(2);
  }

  /** RFC 9111, section 4.3.2: what the origin says 304 to is the cache's question, not theirs. */
  @Test
  void mustSendTheWholeWhenThe304IsNotAboutTheViewersTag() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5\r\nETag: \"1\"", "body");
    edge.get(path);
    edge.pass(Duration.ofSeconds(6));
    edge.origin.behave(
        request -> {
          if (request.header("if-none-match").equals("\"1\"")) {
            request.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n");
            request.send("Cache-Control: max-age=5\r\n\r\n");
          } else {
            request.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nasked");
          }
        });
    RawClient.Response another = edge.get(path, "If-None-Match: \"0\"");
    assertThat(another.status()).isEqualTo(200);
    assertThat(another.text()).isEqualTo("body");
    assertThat(another.header("cache-status")).contains("fwd-status=304");
    assertThat(edge.last().header("if-none-match")).isEqualTo("\"1\"");
    edge.pass(Duration.ofSeconds(6));
    RawClient.Response same = edge.get(path, "If-None-Match: \"0\", \"1\"");
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("cache-status")).contains("fwd-status=304");
  }

  @Test
  void replacesWhatHasChanged() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5\r\nETag: \"1\"", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(6));
    edge.answers("200 OK\r\nCache-Control: max-age=5\r\nETag: \"2\"", "two");
    assertThat(edge.get(path).text()).isEqualTo("two");
    assertThat(edge.get(path).text()).isEqualTo("two");
    assertThat(edge.asked(path)).isEqualTo(2);
  }

  @Test
  void keepsVariantsByVary() throws IOException {
    edge.origin.behave(
        request -> {
          String text = "for " + request.header("accept-language");
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nVary: Accept-Language\r\n"
                  + "Content-Length: "
                  + text.length()
                  + "\r\n\r\n"
                  + text);
        });
    for (int round = 0; round < 2; round++) {
      for (String language : new String[] {"de", "en", "fr"}) {
        assertThat(edge.get(path, "Accept-Language: " + language).text())
            .isEqualTo("for " + language);
      }
    }
    assertThat(edge.get(path).text()).isEqualTo("for ");
    assertThat(edge.asked(path)).isEqualTo(4);
    assertThat(edge.get(path, "Accept-Language: es").header("cache-status"))
        .contains("fwd=vary-miss");
  }

  @Test
  void answersHeadConditionsAndRangesFromWhatIsStored() throws IOException {
    edge.answers(
        "200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"\r\nContent-Type: text/plain",
        "0123456789".repeat(100));
    RawClient.Response head = edge.ask("HEAD", path);
    assertThat(head.header("content-length")).isEqualTo("1000");
    assertThat(edge.last().requestLine()).startsWith("GET ");
    await().until(() -> edge.store.heldKeys() > 0);
    RawClient.Response again = edge.ask("HEAD", path);
    assertThat(again.header("content-length")).isEqualTo("1000");
    assertThat(again.header("x-cache")).isEqualTo("Hit from portico");
    RawClient.Response unchanged = edge.get(path, "If-None-Match: \"1\"");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("etag")).isEqualTo("\"1\"");
    assertThat(unchanged.header("content-type")).isEmpty();
    assertThat(unchanged.header("age")).isEqualTo("0");
    RawClient.Response part = edge.get(path, "Range: bytes=2-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("content-range")).isEqualTo("bytes 2-4/1000");
    RawClient.Response parts = edge.get(path, "Range: bytes=0-0,5-6");
    assertThat(parts.status()).isEqualTo(206);
    assertThat(parts.header("content-type")).startsWith("multipart/byteranges; boundary=");
    assertThat(parts.text())
        .contains("Content-Type: text/plain\r\nContent-Range: bytes 5-6/1000\r\n\r\n56\r\n--");
    RawClient.Response none = edge.get(path, "Range: bytes=1000-");
    assertThat(none.status()).isEqualTo(416);
    assertThat(none.header("content-range")).isEqualTo("bytes */1000");
    assertThat(edge.get(path, "Range: bytes=2-4", "If-Range: \"0\"").status()).isEqualTo(200);
    assertThat(edge.asked(path)).isEqualTo(1);
  }

  /** RFC 9111, section 4.3.5, is about the response that the same request without a body has. */
  @Test
  void aHeadWithABodySaysNothingOfWhatIsHeld() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"", "one");
    edge.get(path);
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nETag: \"2\"", "longer");
    try (RawClient viewer = edge.viewer()) {
      viewer.send(RawClient.head("HEAD", "demo.localhost", path, "Content-Length: 3") + "abc");
      RawClient.Response own = viewer.read(false);
      assertThat(own.header("etag")).isEqualTo("\"2\"");
      assertThat(own.header("cache-status")).startsWith("portico; fwd=bypass");
    }
    assertThat(edge.last().requestLine()).startsWith("HEAD ");
    RawClient.Response head = edge.ask("HEAD", path);
    assertThat(head.header("etag")).isEqualTo("\"1\"");
    assertThat(head.header("content-length")).isEqualTo("3");
    RawClient.Response held = edge.get(path);
    assertThat(held.text()).isEqualTo("one");
    assertThat(held.header("cache-status")).isEqualTo("portico; hit; ttl=60");
    assertThat(edge.asked(path)).isEqualTo(2);
  }

  @Test
  void judgesTheMissedRequestsOwnConditionsAndRanges() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"", "0123456789");
    RawClient.Response part = edge.get(path, "Range: bytes=7-");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("789");
    assertThat(part.header("cache-status")).contains("stored");
    assertThat(edge.last().headers()).doesNotContainKeys("range");
    await().until(() -> edge.store.heldKeys() > 0);
    assertThat(edge.get(path).text()).isEqualTo("0123456789");
    String other = path + "b";
    assertThat(edge.get(other, "If-None-Match: \"1\"").status()).isEqualTo(304);
    assertThat(edge.last().headers()).doesNotContainKeys("if-none-match");
    await().until(() -> edge.store.heldKeys() > 1);
    assertThat(edge.get(other).header("x-cache")).isEqualTo("Hit from portico");
    assertThat(edge.asked(path) + edge.asked(other)).isEqualTo(2);
  }

  @Test
  void servesStaleAndValidatesInTheBackground() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-while-revalidate=60", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-while-revalidate=60", "two");
    RawClient.Response stale = edge.get(path);
    assertThat(stale.text()).isEqualTo("one");
    assertThat(stale.header("cache-status"))
        .isEqualTo("portico; hit; ttl=-5; detail=stale-while-revalidate");
    await().until(() -> edge.get(path).text().equals("two"));
    assertThat(edge.asked(path)).isEqualTo(2);
    assertThat(edge.outcomes).contains("stale");
  }

  /** RFC 9111, section 4.3.1: or the origin would speak of another variant than the one held. */
  @Test
  void aRenewalHasTheFieldsThatVaryNames() throws IOException {
    String fields = "Cache-Control: max-age=5, stale-while-revalidate=60\r\nETag: \"1\"";
    edge.answers("200 OK\r\nVary: Accept-Language, X-Kind\r\n" + fields, "eins");
    String[] own = {"Accept-Language: de", "X-Kind: a"};
    edge.get(path, own);
    edge.pass(Duration.ofSeconds(10));
    assertThat(edge.get(path, own).header("cache-status")).contains("stale-while-revalidate");
    await().until(() -> edge.asked(path) == 2);
    assertThat(edge.last().header("if-none-match")).isEqualTo("\"1\"");
    assertThat(edge.last().header("accept-language")).isEqualTo("de");
    assertThat(edge.last().header("x-kind")).isEqualTo("a");
  }

  @Test
  void servesStaleInsteadOfAFailure() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=60\r\nETag: \"1\"", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.answers("503 Service Unavailable", "sorry");
    RawClient.Response stale = edge.get(path);
    assertThat(stale.status()).isEqualTo(200);
    assertThat(stale.text()).isEqualTo("one");
    assertThat(stale.header("cache-status"))
        .isEqualTo("portico; fwd=stale; ttl=-5; detail=stale-if-error");
    edge.origin.behave(OriginServer.Request::reset);
    assertThat(edge.get(path).text()).isEqualTo("one");
    edge.pass(Duration.ofSeconds(60));
    edge.answers("503 Service Unavailable", "sorry");
    assertThat(edge.get(path).status()).isEqualTo(503);
  }

  @Test
  void asksAnOriginThatFailsOnceInAWhile() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=60", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.answers("503 Service Unavailable", "sorry");
    long failed = System.nanoTime();
    assertThat(edge.get(path).header("cache-status")).startsWith("portico; fwd=stale");
    for (int i = 0; i < 20; i++) {
      RawClient.Response stale = edge.get(path);
      assertThat(stale.text()).isEqualTo("one");
      assertThat(stale.header("cache-status"))
          .isEqualTo("portico; hit; ttl=-5; detail=stale-if-error");
    }
    long seconds = Duration.ofNanos(System.nanoTime() - failed).toSeconds();
    assertThat(edge.asked(path)).isBetween(2L, 2 + seconds);
    edge.answers("200 OK\r\nCache-Control: max-age=5", "two");
    await().until(() -> edge.get(path).text().equals("two"));
    assertThat(edge.get(path).header("cache-status")).isEqualTo("portico; hit; ttl=5");
  }

  /** Though nothing may stand in for its error, what is stale may be served meanwhile. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void renewsFromAnOriginThatFailsOnceInAWhile(boolean reset) throws IOException {
    String own = path + reset;
    String fields = "Cache-Control: max-age=5, stale-while-revalidate=600, stale-if-error=0";
    edge.answers("200 OK\r\n" + fields, "one");
    edge.get(own);
    edge.pass(Duration.ofSeconds(10));
    if (reset) {
      edge.origin.behave(OriginServer.Request::reset);
    } else {
      edge.answers("503 Service Unavailable", "sorry");
    }
    long failed = System.nanoTime();
    assertThat(edge.get(own).text()).isEqualTo("one");
    await().until(() -> edge.asked(own) >= 2);
    for (int i = 0; i < 30; i++) {
      RawClient.Response stale = edge.get(own);
      assertThat(stale.text()).isEqualTo("one");
      assertThat(stale.header("cache-status")).contains("detail=stale-while-revalidate");
    }
    long seconds = Duration.ofNanos(System.nanoTime() - failed).toSeconds();
    // One more may have asked before the first had heard of the failure; and each may have met a
    // connection that had served before, which is asked once more.
    assertThat(edge.asked(own)).isBetween(2L, 1 + 2 * (2 + seconds));
    edge.answers("200 OK\r\nCache-Control: max-age=5", "two");
    await().until(() -> edge.get(own).text().equals("two"));
  }

  /** Or anybody could keep a page from being renewed for others. */
  @Test
  void whatAnOriginSaysToCredentialsSaysNothingOfOthers() throws IOException {
    edge.answers("200 OK\r\nCache-Control: public, max-age=5, stale-if-error=600", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.answers("503 Service Unavailable", "sorry");
    RawClient.Response mine = edge.get(path, "Authorization: Basic bWU6bWU=");
    assertThat(mine.text()).isEqualTo("one");
    assertThat(mine.header("cache-status"))
        .isEqualTo("portico; fwd=stale; ttl=-5; detail=stale-if-error");
    edge.answers("200 OK\r\nCache-Control: public, max-age=5", "two");
    assertThat(edge.get(path).text()).isEqualTo("two");
  }

  /** The one who asks again, once a second, asks for all. */
  @Test
  void credentialsDoNotTakeTheTurnOfOthers() throws IOException {
    edge.answers("200 OK\r\nCache-Control: public, max-age=5, stale-if-error=600", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.answers("503 Service Unavailable", "sorry");
    long failed = System.nanoTime();
    edge.get(path);
    await()
        .until(
            () -> {
              assertThat(edge.get(path, "Authorization: Basic bWU6bWU=").text()).isEqualTo("one");
              return System.nanoTime() - failed > 1_500_000_000;
            });
    assertThat(edge.asked(path)).isEqualTo(2);
    edge.answers("200 OK\r\nCache-Control: public, max-age=5", "two");
    await().until(() -> edge.get(path).text().equals("two"));
  }

  @Test
  void servesStaleAtOnceWhileTheOriginIsKnownToBeDown() throws IOException {
    edge.reset(null, EdgeFixture.METHODS, 2);
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=600", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.origin.behave(OriginServer.Request::reset);
    await().until(() -> edge.get(path).header("cache-status").contains("origin-down"));
    long asked = edge.asked(path);
    RawClient.Response stale = edge.get(path);
    assertThat(stale.text()).isEqualTo("one");
    assertThat(stale.header("cache-status")).isEqualTo("portico; hit; ttl=-5; detail=origin-down");
    assertThat(edge.asked(path)).isEqualTo(asked);
    RawClient.Response nothing = edge.get(path + "other");
    assertThat(nothing.status()).isEqualTo(503);
    assertThat(nothing.header("x-cache")).isEqualTo("Error from portico");
  }

  /**
   * When an origin that was down may be tried again, what is held goes on answering at once, and
   * nobody finds out by waiting. The viewer's client waits 20 s, the origin's timeout is longer.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodyWaitsForTheTrialOfAnOriginThatWasDown(boolean second) throws Exception {
    String own = path + second;
    Duration longer = Duration.ofMinutes(5);
    HttpOrigin tried = origin("tried").breaker(1, Duration.ofMillis(200)).firstByte(longer).make();
    HttpOrigin down = origin("down").breaker(1, longer).make();
    edge.reset(second ? down : tried, second ? tried : null);
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=600", "one");
    edge.get(own);
    edge.pass(Duration.ofSeconds(10));
    edge.origin.behave(OriginServer.Request::reset);
    // That the origin is down is known by another key.
    assertThat(edge.get(own + "other").status()).isEqualTo(502);
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          awaitGate(gate);
          request.reset();
        });
    await()
        .until(
            () -> {
              RawClient.Response stale = edge.get(own);
              assertThat(stale.text()).isEqualTo("one");
              assertThat(stale.header("cache-status"))
                  .isEqualTo("portico; hit; ttl=-5; detail=origin-down");
              return edge.asked(own) == 2;
            });
    assertThat(edge.last().header("x-origin")).isEqualTo("tried");
    assertThat(edge.get(own).text()).isEqualTo("one");
    edge.answers("200 OK\r\nCache-Control: max-age=5", "two");
    gate.countDown();
    await().until(() -> edge.get(own).text().equals("two"));
    assertThat(edge.get(own).header("cache-status")).isEqualTo("portico; hit; ttl=5");
  }

  /** One that is told its name. */
  private static OriginFixture.Shape origin(String name) {
    return OriginFixture.at("127.0.0.1", edge.origin.port()).field("X-Origin", name);
  }

  @Test
  void aSecondOriginThatIsWellAnswersWhileTheFirstIsDown() throws IOException {
    edge.reset(
        origin("first").breaker(1, Duration.ofMinutes(1)).make(),
        origin("second").breaker(1, Duration.ofMinutes(1)).make());
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=600", "one");
    edge.get(path);
    edge.pass(Duration.ofSeconds(10));
    edge.origin.behave(
        request -> {
          if (request.header("x-origin").equals("first")) {
            request.reset();
          } else {
            request.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=5\r\n");
            request.send("Content-Length: 3\r\n\r\ntwo");
          }
        });
    assertThat(edge.get(path + "other").text()).isEqualTo("two");
    assertThat(edge.get(path).text()).isEqualTo("two");
  }

  @Test
  void storesNothingPersonal() throws IOException {
    for (String fields :
        new String[] {
          "Cache-Control: private, max-age=60",
          "Cache-Control: no-store",
          "Cache-Control: max-age=60\r\nSet-Cookie: a=b",
          "Cache-Control: max-age=60\r\nVary: *"
        }) {
      String own = path + fields.hashCode();
      edge.answers("200 OK\r\n" + fields, "mine");
      RawClient.Response first = edge.get(own);
      assertThat(first.text()).isEqualTo("mine");
      assertThat(first.header("cache-status"))
          .as(fields)
          .contains("detail=")
          .doesNotContain("stored");
      assertThat(first.header("set-cookie")).isEqualTo(fields.contains("Set-Cookie") ? "a=b" : "");
      edge.get(own);
      assertThat(edge.asked(own)).as(fields).isEqualTo(2);
    }
    edge.answers("200 OK\r\nCache-Control: max-age=60", "mine");
    edge.get(path, "Authorization: Bearer x");
    edge.get(path);
    edge.get(path);
    assertThat(edge.asked(path)).isEqualTo(2);
  }

  @Test
  void passesUnsafeMethodsOnAndForgetsWhatTheyChange() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60", "one");
    edge.get(path);
    edge.get(path + "list?x=1");
    edge.answers("201 Created\r\nLocation: " + path + "list?x=1", "made");
    try (RawClient viewer = edge.viewer()) {
      RawClient.Response made =
          viewer
              .send(RawClient.head("POST", "demo.localhost", path, "Content-Length: 4") + "data")
              .read();
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.text()).isEqualTo("made");
      assertThat(made.header("cache-status")).isEqualTo("portico; fwd=method; fwd-status=201");
      assertThat(made.header("x-cache")).isEqualTo("Miss from portico");
    }
    edge.answers("200 OK\r\nCache-Control: max-age=60", "two");
    assertThat(edge.get(path).text()).isEqualTo("two");
    assertThat(edge.get(path + "list?x=1").text()).isEqualTo("two");
    edge.answers("500 No", "no");
    edge.ask("DELETE", path);
    assertThat(edge.get(path).header("x-cache")).isEqualTo("Hit from portico");
    assertThat(edge.outcomes).contains("pass");
  }

  private static CachePolicy keyed() {
    return new CachePolicy(
        "keyed",
        Duration.ZERO,
        Duration.ofHours(1),
        Duration.ofHours(1),
        false,
        new KeySelection(KeySelection.Mode.ONLY, Set.of("x-user")),
        new KeySelection(KeySelection.Mode.ONLY, Set.of("lang")),
        new KeySelection(KeySelection.Mode.ONLY, Set.of("q")),
        true,
        true,
        true,
        Map.of(),
        false);
  }

  /** RFC 9111, section 4.4 (MUST): whatever is in the key. */
  @Test
  void mustInvalidateAllStoredResponsesOfTheTarget() throws IOException {
    edge.reset(keyed(), EdgeFixture.METHODS, 1_000);
    String other = path + "other";
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nVary: X-User", "one");
    String[][] viewers = {
      {}, {"X-User: a"}, {"X-User: b"}, {"Cookie: lang=de"}, {"Accept-Encoding: br"}
    };
    for (String[] viewer : viewers) {
      edge.get(path + "?q=1", viewer);
      edge.get(path + "?q=2", viewer);
      edge.get(other, viewer);
    }
    edge.answers("204 No Content\r\nContent-Location: " + other, "");
    edge.ask("DELETE", path + "?ignored=1&q=1", "X-User: c");
    edge.answers("200 OK\r\nCache-Control: max-age=60", "two");
    for (String[] viewer : viewers) {
      assertThat(edge.get(path + "?q=1", viewer).text()).isEqualTo("two");
      assertThat(edge.get(path + "?q=2", viewer).text()).isEqualTo("one");
      assertThat(edge.get(other, viewer).text()).isEqualTo("two");
    }
  }

  @Test
  void mustNotStoreWhatWasOnItsWayDuringAnUnsafeRequest() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          if (request.requestLine().startsWith("PUT ")) {
            request.send("HTTP/1.1 204 No Content\r\n\r\n");
            return;
          }
          asked.countDown();
          await().until(() -> changed.getCount() == 0);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 3\r\n\r\nold");
        });
    try (RawClient viewer = edge.viewer()) {
      viewer.get("demo.localhost", path);
      asked.await();
      assertThat(edge.ask("PUT", path).status()).isEqualTo(204);
      changed.countDown();
      assertThat(viewer.read().text()).isEqualTo("old");
    }
    edge.answers("200 OK\r\nCache-Control: max-age=60", "new");
    assertThat(edge.get(path).text()).isEqualTo("new");
    assertThat(edge.get(path).text()).isEqualTo("new");
  }

  @Test
  void forgetsByPathAndTag() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nCache-Tag: all, some", "one");
    for (Purge purge :
        new Purge[] {
          Purge.paths(path + "/*"), Purge.paths(path + "/a%20b"), new Purge.Tag("some"),
        }) {
      edge.get(path + "/a%20b?x");
      assertThat(edge.get(path + "/a%20b?x").header("x-cache")).isEqualTo("Hit from portico");
      edge.store.invalidate("demo", purge);
      assertThat(edge.get(path + "/a%20b?x").header("x-cache")).isEqualTo("Miss from portico");
    }
  }

  /** Neither whoever is asked for first nor those who find it stored, or what is not stored. */
  @Test
  void keepsToItselfWhatIsSaidToTheCache() throws IOException {
    for (String control : List.of("max-age=60", "no-store")) {
      edge.answers(
          "200 OK\r\nCache-Control: "
              + control
              + "\r\nCache-Tag: a\r\nSurrogate-Key: b\r\nSurrogate-Control: "
              + control,
          "one");
      for (int i = 0; i < 2; i++) {
        RawClient.Response answer = edge.get(path + "?" + control);
        assertThat(answer.header("cache-control")).isEqualTo(control);
        assertThat(answer.header("cache-tag")).isEmpty();
        assertThat(answer.header("surrogate-key")).isEmpty();
        assertThat(answer.header("surrogate-control")).isEmpty();
      }
    }
  }

  @Test
  void refusesMethodsThatAreNotAllowed() throws IOException {
    edge.reset(null, Set.of("GET", "HEAD"), 1_000);
    RawClient.Response refused = edge.ask("DELETE", path);
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    assertThat(refused.header("cache-status")).startsWith("portico");
    assertThat(edge.asked(path)).isZero();
  }

  @Test
  void storesErrorsAsLongAsTheySay() throws IOException {
    edge.answers("404 Not Found\r\nCache-Control: max-age=5", "none");
    assertThat(edge.get(path).status()).isEqualTo(404);
    assertThat(edge.get(path).header("x-cache")).isEqualTo("Hit from portico");
    edge.pass(Duration.ofSeconds(6));
    edge.get(path);
    assertThat(edge.asked(path)).isEqualTo(2);
  }
}
