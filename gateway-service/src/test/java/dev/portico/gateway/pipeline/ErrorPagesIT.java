package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What viewers get in place of errors, by behaviour, through the whole gateway. */
class ErrorPagesIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String PREVIEW = "bbbbbbbbbbbbbbbbbbbb";
  private static final String LATE = "cccccccccccccccccccc";
  private static final String BROWSER = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String PROGRAM = "Accept: application/json";
  private static final String BROKEN = "<p>a page that is damaged";

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;
  private static final AtomicInteger refreshes = new AtomicInteger();

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(ErrorPagesIT::answer);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    content.publish(
        "demo",
        LIVE,
        Page.html("/index.html", "home"),
        Page.html("/404.html", "the deployment's own"),
        Page.html("/app/index.html", "the application"),
        Page.html("/errors/no way.html", "not found here"),
        Page.html("/errors/down.html", "back soon"),
        Page.html("/errors/broken.html", BROKEN));
    content.damage(BROKEN.getBytes(StandardCharsets.UTF_8), new byte[3]);
    content.seal("demo", PREVIEW, Page.html("/app/index.html", "the next application"));
    content.seal("demo", LATE, Page.html("/app/index.html", "a late application"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d},
          {"id":"closed","protocol":"http","host":"127.0.0.1","port":%d,"attempts":1}],
         "cachePolicies":[
          {"id":"kept","maxTtlSeconds":3600,"query":{"mode":"all","names":[]}},
          {"id":"off"}],
         "responseHeadersPolicies":[
          {"id":"own","custom":[{"name":"X-Team","value":"docs","override":true}]}],
         "behaviours":[
          {"pattern":"/app/*","origin":"app","responseHeadersPolicy":"own",
           "allowedMethods":["GET","HEAD","POST"],
           "errorResponses":[
            {"status":404,"path":"/app/index.html","responseStatus":200},
            {"status":403,"path":"/errors/none.html","responseStatus":403},
            {"status":416,"path":"/app/index.html","responseStatus":200},
            {"status":500,"path":"/errors/broken.html","responseStatus":200},
            {"status":503,"path":"/errors/down.html","responseStatus":503}]},
          {"pattern":"/past/*","origin":"app","cachePolicy":"off",
           "errorResponses":[{"status":404,"path":"/app/","responseStatus":200}]},
          {"pattern":"/kept/*","origin":"app","cachePolicy":"kept",
           "errorResponses":[
            {"status":403,"path":null,"responseStatus":403,"cachingMinTtlSeconds":600},
            {"status":404,"path":"/errors/no%%20way.html","responseStatus":404,
             "cachingMinTtlSeconds":600},
            {"status":500,"path":null,"responseStatus":500,"cachingMinTtlSeconds":600}]},
          {"pattern":"/closed/*","origin":"closed",
           "errorResponses":[{"status":502,"path":"/errors/down.html","responseStatus":503}]},
          {"pattern":"/down/*","origin":"closed",
           "errorResponses":[{"status":502,"path":"/errors/down.html","responseStatus":502}]},
          {"pattern":"/files/*",
           "errorResponses":[{"status":404,"path":"/errors/no%%20way.html"}]},
          {"pattern":"/api/*","origin":"app"}]}\
        """
            .formatted(origin.port(), closed));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
  }

  /** Answers with the status that the path ends in, with words and a secret of the origin's own. */
  private static void answer(OriginServer.Request request) throws IOException {
    request.drain();
    String target = request.requestLine().split(" ", -1)[1];
    String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
    String status = path.substring(path.lastIndexOf('/') + 1);
    if (status.equals("endless")) {
      request.send("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n");
      request.trickle("2000\r\n" + "x".repeat(0x2000) + "\r\n");
    }
    if (status.equals("once") && refreshes.getAndIncrement() == 0) {
      request.send(
          "HTTP/1.1 200 OK\r\nCache-Control: max-age=0, stale-while-revalidate=600\r\n"
              + "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\ngood");
      return;
    }
    status = status.equals("once") ? "500" : status;
    boolean head = request.requestLine().startsWith("HEAD ");
    String cookie = path.startsWith("/kept/") ? "" : "Set-Cookie: a=b\r\n";
    request.send(
        "HTTP/1.1 "
            + status
            + " Said\r\nContent-Length: 16\r\nContent-Type: application/json\r\n"
            + cookie
            + "X-Secret: inside\r\nVary: accept-encoding, X-Kind\r\n\r\n"
            + (head ? "" : "{\"error\":\"said\"}"));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void served() {
    await().until(() -> ask("GET", "/").text().equals("home"));
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    return askAt("demo.localhost", method, path, headers);
  }

  private static RawClient.Response askAt(
      String host, String method, String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, host, path, headers)).read(!method.equals("HEAD"));
    }
  }

  private static long asked(String target) {
    return origin.requests().stream()
        .filter(request -> request.requestLine().contains(' ' + target + ' '))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/404", "/past/404"})
  void anApplicationAnswersForWhatItsOriginDoesNotHave(String path) throws IOException {
    RawClient.Response answer = ask("GET", path, BROWSER);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("the application");
    assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("x-cache")).isEqualTo("Error from portico");
    assertThat(answer.header("cache-status")).contains("fwd-status=404");
    assertThat(answer.header("vary")).isEqualTo("Accept-Encoding|X-Kind, Accept");
    assertThat(answer.header("x-secret")).isEmpty();
    assertThat(answer.header("set-cookie")).isEmpty();
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.header("x-team")).isEqualTo(path.startsWith("/app/") ? "docs" : "");
  }

  @Test
  void anotherBehavioursErrorsStayAsTheyAre() throws IOException {
    RawClient.Response answer = ask("GET", "/api/404", BROWSER);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).startsWith("{\"error\"");
    assertThat(answer.header("x-cache")).isEqualTo("Miss from portico");
  }

  /** RFC 9110, section 12.5.1. */
  @Test
  void whoTakesNoPageGetsTheError() throws IOException {
    RawClient.Response answer = ask("GET", "/app/404", PROGRAM);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).startsWith("{\"error\"");
    assertThat(answer.header("vary")).contains("X-Kind", "Accept");
    assertThat(ask("GET", "/app/404").text()).isEqualTo("the application");
    assertThat(ask("GET", "/closed/a", PROGRAM).header("content-type"))
        .isEqualTo("application/problem+json");
  }

  @Test
  void headHasThePagesHead() throws IOException {
    RawClient.Response answer = ask("HEAD", "/app/404", BROWSER);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-length")).isEqualTo("15");
    assertThat(answer.header("etag")).isEqualTo(ask("GET", "/app/404").header("etag"));
    RawClient.Response missing = ask("HEAD", "/files/none", BROWSER);
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.header("content-length")).isEqualTo("14");
  }

  /** Many name JSON and take anything in need. */
  @Test
  void programsThatTakeAnythingGetTheErrorToo() throws IOException {
    RawClient.Response answer = ask("GET", "/app/404", "Accept: application/json, text/plain, */*");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).startsWith("{\"error\"");
    assertThat(answer.header("vary")).contains("Accept");
    assertThat(ask("GET", "/app/404", "Accept: */*").text()).isEqualTo("the application");
  }

  @Test
  void whoAsksForAnotherProtocolGetsTheError() throws IOException {
    RawClient.Response answer =
        ask(
            "GET",
            "/app/404",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).startsWith("{\"error\"");
  }

  /**
   * Of what a viewer says only If-None-Match can be about the page: ranges and the other conditions
   * are about what it has asked for.
   */
  @Test
  void ofConditionsOnlyTheTagIsAboutAPageSentWith200() throws IOException {
    String tag = ask("GET", "/app/404").header("etag");
    assertThat(tag).startsWith("\"");
    RawClient.Response unchanged = ask("GET", "/app/404", "If-None-Match: " + tag);
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("x-cache")).isEqualTo("Error from portico");
    for (String[] others :
        new String[][] {
          {"Range: bytes=4-6"},
          {"Range: bytes=4-6", "If-Range: " + tag},
          {"Range: bytes=900-"},
          {"If-Match: \"of the origin\""},
          {"If-Unmodified-Since: Sun, 01 Nov 2020 10:15:30 GMT"},
          {"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"},
        }) {
      RawClient.Response whole = ask("GET", "/app/404", others);
      assertThat(whole.status()).as(others[0]).isEqualTo(200);
      assertThat(whole.text()).isEqualTo("the application");
    }
    RawClient.Response unsatisfied = ask("GET", "/app/416", "Range: bytes=900-");
    assertThat(unsatisfied.status()).isEqualTo(200);
    assertThat(unsatisfied.text()).isEqualTo("the application");
    RawClient.Response error = ask("GET", "/app/503", "Range: bytes=0-3", "If-None-Match: *");
    assertThat(error.status()).isEqualTo(503);
    assertThat(error.text()).isEqualTo("back soon");
    assertThat(error.header("etag")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/closed/a,503,''", "/down/a,502,2"})
  void failuresOfTheGatewayToAskAnOriginAreErrorsToo(String path, int status, String retry)
      throws IOException {
    RawClient.Response answer = ask("GET", path, BROWSER);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo("back soon");
    assertThat(answer.header("cache-status")).contains("detail=origin-unreachable");
    assertThat(answer.header("retry-after")).isEqualTo(retry);
    assertThat(answer.header("x-cache")).isEqualTo("Error from portico");
  }

  @Test
  void aPageThatIsNotThereLeavesTheError() throws IOException {
    RawClient.Response answer = ask("GET", "/app/403", BROWSER);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).startsWith("{\"error\"");
    assertThat(answer.header("x-secret")).isEqualTo("inside");
  }

  @Test
  void aPageThatCannotBeHadLeavesTheStatus() throws IOException {
    RawClient.Response answer = ask("GET", "/app/500", BROWSER);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEmpty();
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
  }

  /** A page with 200 would say that it was done. */
  @Test
  void whoeverChangesSomethingGetsTheError() throws IOException {
    RawClient.Response answer = ask("POST", "/app/404", BROWSER, "Content-Length: 0");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).startsWith("{\"error\"");
  }

  @Test
  void pagesAreForFilesTooAndComeBefore404Html() throws IOException {
    RawClient.Response answer = ask("GET", "/files/none", BROWSER);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("not found here");
    assertThat(answer.header("vary")).as("each once").isEqualTo("Accept-Encoding|Accept");
    assertThat(ask("GET", "/none", BROWSER).text()).isEqualTo("the deployment's own");
  }

  /** The error is what is cached, and its page is looked up each time. */
  @ParameterizedTest
  @CsvSource({"404,1,not found here", "500,1,''", "403,2,''"})
  void errorsAreCachedAtLeastSoLong(int status, int asked, String page) throws IOException {
    String path = "/kept/" + status;
    for (int i = 0; i < 2; i++) {
      RawClient.Response answer = ask("GET", path, BROWSER);
      assertThat(answer.status()).isEqualTo(status);
      if (page.isEmpty()) {
        assertThat(answer.text()).startsWith("{\"error\"");
      } else {
        assertThat(answer.text()).isEqualTo(page);
      }
      boolean hit = i == 1 && asked == 1;
      assertThat(answer.header("cache-status")).startsWith(hit ? "portico; hit" : "portico; fwd");
    }
    assertThat(asked(path)).isEqualTo(asked);
  }

  @Test
  void anErrorWithoutEndIsLeft() throws IOException {
    int before = origin.gone();
    RawClient.Response answer = ask("GET", "/app/endless", BROWSER);
    assertThat(answer.text()).isEqualTo("the application");
    await().until(() -> origin.gone() > before);
  }

  /** The connection to an origin survives an error that is not shown. */
  @Test
  void connectionsAreUsedAgain() throws IOException {
    ask("GET", "/app/404", BROWSER);
    await()
        .until(
            () -> {
              int before = origin.connections();
              ask("GET", "/app/404", BROWSER);
              return origin.connections() == before;
            });
  }

  /** Its list of files may still be on its way. */
  @Test
  void aPreviewShowsItsOwnPage() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains(PREVIEW));
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.get(PREVIEW + "--demo.localhost", "/app/404", BROWSER);
      await().until(() -> !content.requests(PREVIEW + "/manifest").isEmpty());
      gate.countDown();
      RawClient.Response answer = viewer.read();
      assertThat(answer.text()).isEqualTo("the next application");
      assertThat(answer.header("x-robots-tag")).isEqualTo("noindex");
    }
  }

  /** Its settings come with its files: until then nobody knows which origin is to be asked. */
  @Test
  void aPreviewWaitsForItsFiles() throws IOException {
    String host = LATE + "--demo.localhost";
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains(LATE));
    try (RawClient good = new RawClient(gateway.port());
        RawClient shown = new RawClient(gateway.port());
        RawClient left = new RawClient(gateway.port());
        RawClient program = new RawClient(gateway.port())) {
      good.get(host, "/app/late/200", BROWSER);
      shown.get(host, "/app/late/404", BROWSER);
      left.get(host, "/app/late/403", BROWSER);
      program.get(host, "/app/late/404?json", PROGRAM);
      await().until(() -> !content.requests(LATE + "/manifest").isEmpty());
      assertThat(asked("/app/late/200")).isZero();
      gate.countDown();
      assertThat(good.read().text()).startsWith("{\"error\"");
      assertThat(shown.read().text()).isEqualTo("a late application");
      RawClient.Response none = left.read();
      assertThat(none.status()).isEqualTo(403);
      assertThat(none.text()).isEqualTo("{\"error\":\"said\"}");
      RawClient.Response error = program.read();
      assertThat(error.status()).isEqualTo(404);
      assertThat(error.text()).isEqualTo("{\"error\":\"said\"}");
    } finally {
      gate.countDown();
    }
  }

  /** RFC 5861, section 3: what may still be served stale is worth more than an error. */
  @Test
  void anErrorInTheBackgroundDisplacesNothingGood() {
    await()
        .until(
            () -> {
              RawClient.Response answer = ask("GET", "/kept/once", BROWSER);
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.text()).isEqualTo("good");
              return refreshes.get() > 3;
            });
  }
}
