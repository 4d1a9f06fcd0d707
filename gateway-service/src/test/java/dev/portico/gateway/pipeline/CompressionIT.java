package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.compression.Decoding;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin sends plain, compressed on its way, through the whole gateway. */
class CompressionIT {
  private static final String ALL = "Accept-Encoding: gzip, deflate, br, zstd";
  private static final String SMALL = text(5_000);
  private static final String LARGE = text(900_000);

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;
  private static volatile CountDownLatch gate = new CountDownLatch(0);

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(CompressionIT::answer);
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"attempts":1}],
         "cachePolicies":[{"id":"kept","maxTtlSeconds":3600},{"id":"off"}],
         "behaviours":[
          {"pattern":"/kept/*","origin":"app","cachePolicy":"kept","compress":true},
          {"pattern":"/past/*","origin":"app","cachePolicy":"off","compress":true,
           "allowedMethods":["GET","HEAD","POST"]},
          {"pattern":"/plain/*","origin":"app","cachePolicy":"kept"}],
         "defaultBehaviour":{"origin":"app","compress":true}}\
        """
            .formatted(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> ask("GET", "/ready").status() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private static String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < length; i++) {
      text.append("line ").append(i * 7919 % 1000).append(" of a text\n");
    }
    return text.substring(0, length);
  }

  /** The last segment of a path says what comes. */
  private static void answer(OriginServer.Request request) throws IOException {
    request.drain();
    String path = request.requestLine().split(" ", -1)[1];
    String what = path.substring(path.lastIndexOf('/') + 1);
    String body = what.startsWith("large") ? LARGE : SMALL;
    String fields = "Content-Type: text/plain\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\n";
    String age = what.startsWith("stale") ? "max-age=0" : "max-age=600";
    switch (what.replaceFirst("[0-9]+$", "")) {
      case "short" -> body = "x".repeat(999);
      case "image" -> fields = "Content-Type: image/png\r\n";
      case "events" -> fields = "Content-Type: text/event-stream\r\n";
      case "coded" -> fields += "Content-Encoding: gzip\r\n";
      case "fixed" -> age += ", no-transform";
      default -> {}
    }
    if (what.startsWith("stale") && request.header("if-none-match").contains(", \"1\"")) {
      request.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nVary: X-Kind\r\n\r\n");
      return;
    }
    fields += "Cache-Control: " + age + "\r\n";
    if (what.startsWith("chunked")) {
      request.send("HTTP/1.1 200 OK\r\n" + fields + "Transfer-Encoding: chunked\r\n\r\n");
      int half = body.length() / 2;
      chunk(request, body.substring(0, half));
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      chunk(request, body.substring(half));
      request.send("0\r\n\r\n");
      return;
    }
    request.send("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n");
    if (what.startsWith("largecut")) {
      request.send(body.substring(0, 300_000));
      request.cut();
    } else if (!request.requestLine().startsWith("HEAD ")) {
      request.send(body);
    }
  }

  private static void chunk(OriginServer.Request request, String text) throws IOException {
    request.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(RawClient.head(method, "demo.localhost", path, headers))
          .read(!method.equals("HEAD"));
    }
  }

  private static byte[] bytes(RawClient.Response response) {
    return response.latin().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String decoded(RawClient.Response response) throws IOException {
    byte[] plain = Decoding.of(response.header("content-encoding"), bytes(response));
    return new String(plain, StandardCharsets.ISO_8859_1);
  }

  private static long asked(String path) {
    return origin.requests().stream()
        .filter(request -> request.requestLine().contains(' ' + path + ' '))
        .count();
  }

  @ParameterizedTest
  @CsvSource({
    "br,/kept/small1,br",
    "zstd,/kept/small2,zstd",
    "gzip,/kept/small3,gzip",
    "br,/kept/large1,br",
    "zstd,/kept/large2,zstd",
    "gzip,/kept/large3,gzip",
    "br,/kept/chunked1,br",
    "zstd,/kept/chunked2,zstd",
    "gzip,/kept/chunked3,gzip",
    "br,/alone/small1,br",
    "zstd,/alone/large2,zstd",
    "gzip,/alone/chunked3,gzip",
    "'gzip, br;q=0.5',/kept/small4,gzip",
    "'*',/kept/small5,br",
    "identity,/kept/small6,''",
    "'br;q=0',/kept/small7,''",
    "deflate,/kept/large8,''",
  })
  void onceForAllWhoTakeTheCoding(String accept, String path, String coding) throws IOException {
    String body = path.contains("large") ? LARGE : SMALL;
    for (int i = 0; i < 3; i++) {
      RawClient.Response answer = ask("GET", path, "Accept-Encoding: " + accept);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-encoding")).isEqualTo(coding);
      assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
      assertThat(answer.header("etag")).isEqualTo(coding.isEmpty() ? "\"1\"" : "W/\"1\"");
      assertThat(decoded(answer)).isEqualTo(body);
      assertThat(answer.header("cache-status"))
          .startsWith(i == 0 ? "portico; fwd" : "portico; hit");
      if (i > 0) {
        int length = Integer.parseInt(answer.header("content-length"));
        assertThat(length).isEqualTo(bytes(answer).length);
        assertThat(length < body.length() / 2).isEqualTo(!coding.isEmpty());
      }
    }
    assertThat(asked(path)).isEqualTo(1);
    assertThat(origin.requests().getLast().header("accept-encoding"))
        .isEqualTo(coding.isEmpty() ? "identity" : coding);
  }

  @Test
  void variantsAreFew() throws IOException {
    for (String accept :
        List.of("br", "gzip, br", "gzip, deflate, br, zstd", "br;q=0.9, *;q=0.1", "GZIP,BR")) {
      ask("GET", "/kept/few", "Accept-Encoding: " + accept);
    }
    assertThat(asked("/kept/few")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "image", "events", "coded", "fixed"})
  void whatIsNotToBeCompressedStaysAsItIs(String what) throws IOException {
    for (String path : List.of("/kept/" + what, "/past/" + what)) {
      RawClient.Response answer = ask("GET", path, ALL);
      assertThat(answer.latin()).isEqualTo(what.equals("short") ? "x".repeat(999) : SMALL);
      assertThat(answer.header("content-encoding")).isEqualTo(what.equals("coded") ? "gzip" : "");
      assertThat(answer.header("etag")).doesNotStartWith("W/");
    }
  }

  @Test
  void anotherBehaviourStaysAsItIs() throws IOException {
    assertThat(ask("GET", "/plain/small", ALL).latin()).isEqualTo(SMALL);
  }

  /** RFC 9111, section 5.2.1.6. */
  @Test
  void whoWantsNothingTransformedGetsIt() throws IOException {
    ask("GET", "/kept/asked", ALL);
    RawClient.Response answer = ask("GET", "/kept/asked", ALL, "Cache-Control: no-transform");
    assertThat(answer.latin()).isEqualTo(SMALL);
    assertThat(answer.header("etag")).isEqualTo("\"1\"");
  }

  @Test
  void conditionsCompareWeakly() throws IOException {
    ask("GET", "/kept/conditions", ALL);
    for (String tag : List.of("W/\"1\"", "\"1\"", "\"0\", W/\"1\"")) {
      RawClient.Response answer = ask("GET", "/kept/conditions", ALL, "If-None-Match: " + tag);
      assertThat(answer.status()).as(tag).isEqualTo(304);
      assertThat(answer.header("etag")).isEqualTo("W/\"1\"");
      assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
    }
  }

  /** RFC 9110, section 14: a range is of the representation, its coding included. */
  @Test
  void rangesAreOfTheStoredBytes() throws IOException {
    byte[] whole = bytes(ask("GET", "/kept/ranges", ALL));
    RawClient.Response start = ask("GET", "/kept/ranges", ALL, "Range: bytes=0-99");
    RawClient.Response rest = ask("GET", "/kept/ranges", ALL, "Range: bytes=100-");
    assertThat(start.status()).isEqualTo(206);
    assertThat(start.header("content-encoding")).isEqualTo("br");
    assertThat(start.header("content-range")).isEqualTo("bytes 0-99/" + whole.length);
    assertThat((start.latin() + rest.latin()).getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo(whole);
    // RFC 9110, section 13.1.5: a weak tag never holds.
    assertThat(ask("GET", "/kept/ranges", ALL, "Range: bytes=0-99", "If-Range: W/\"1\"").status())
        .isEqualTo(200);
  }

  @Test
  void headHasTheFieldsOfGet() throws IOException {
    int length = bytes(ask("GET", "/kept/head", ALL)).length;
    RawClient.Response held = ask("HEAD", "/kept/head", ALL);
    assertThat(held.header("content-encoding")).isEqualTo("br");
    assertThat(held.header("content-length")).isEqualTo(Integer.toString(length));
    RawClient.Response passed = ask("HEAD", "/past/head", ALL);
    assertThat(passed.header("content-encoding")).isEqualTo("br");
    assertThat(passed.header("etag")).isEqualTo("W/\"1\"");
    assertThat(passed.header("content-length")).isEmpty();
  }

  /** By an origin that compares tags as texts. */
  @Test
  void aStrictOriginConfirmsWhatWasCompressed() throws IOException {
    String first = ask("GET", "/kept/stale", ALL).latin();
    RawClient.Response again = ask("GET", "/kept/stale", ALL);
    assertThat(again.header("x-cache")).isEqualTo("RefreshHit from portico");
    assertThat(again.header("content-encoding")).isEqualTo("br");
    assertThat(again.header("etag")).isEqualTo("W/\"1\"");
    assertThat(again.header("vary")).contains("Accept-Encoding");
    assertThat(again.latin()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"GET,small", "GET,large", "GET,chunked", "POST,small"})
  void whatGoesPastTheCacheIsCompressedToo(String method, String what) throws IOException {
    RawClient.Response answer = ask(method, "/past/" + what, ALL, "Content-Length: 0");
    assertThat(answer.header("content-encoding")).isEqualTo("br");
    assertThat(answer.header("cache-status")).doesNotContain("stored");
    assertThat(decoded(answer)).isEqualTo(what.equals("large") ? LARGE : SMALL);
  }

  /** Who reads a stream need not wait for its end. */
  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip"})
  void piecesOfUnknownLengthAreSentOn(String coding) throws IOException {
    gate = new CountDownLatch(1);
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.get("demo.localhost", "/past/chunked", "Accept-Encoding: " + coding);
      StringBuilder read = new StringBuilder();
      while (read.indexOf("\r\n\r\n") < 0 || read.length() < read.indexOf("\r\n\r\n") + 40) {
        read.append((char) viewer.in().read());
      }
    } finally {
      gate.countDown();
    }
  }

  /** So that no number of slow streams takes all memory. */
  @Test
  void bodiesBeyondAllPlacesStayPlain() throws IOException {
    gate = new CountDownLatch(1);
    List<RawClient> viewers = new ArrayList<>();
    try {
      for (int i = 0; i < 64; i++) {
        String path = "/past/chunked" + i;
        // The place of a viewer who has just gone is free only a moment later.
        viewers.add(await().until(() -> compressed(path), Objects::nonNull));
      }
      RawClient.Response plain = ask("GET", "/past/small", ALL);
      assertThat(plain.header("content-encoding")).isEmpty();
      assertThat(plain.header("vary")).isEqualTo("Accept-Encoding");
      assertThat(plain.latin()).isEqualTo(SMALL);
      assertThat(ask("GET", "/kept/crowded", ALL).header("content-encoding")).isEmpty();
    } finally {
      gate.countDown();
      for (RawClient viewer : viewers) {
        viewer.close();
      }
    }
    await().until(() -> ask("GET", "/past/small", ALL).header("content-encoding").equals("br"));
    // What is stored plain is so for now; nobody waits for its better form.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              RawClient.Response hit = ask("GET", "/kept/crowded", ALL);
              assertThat(hit.header("x-cache")).isEqualTo("Hit from portico");
              assertThat(decoded(hit)).isEqualTo(SMALL);
              return hit.header("content-encoding").equals("br");
            });
    assertThat(asked("/kept/crowded")).isEqualTo(2);
  }

  /** Who has asked for a stream and got a compressed one; null when it is plain. */
  private static @Nullable RawClient compressed(String path) throws IOException {
    RawClient viewer = new RawClient(gateway.port());
    viewer.get("demo.localhost", path, ALL);
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = viewer.in().read();
      assertThat(next).isNotNegative();
      head.append((char) next);
    }
    if (head.toString().toLowerCase(Locale.ROOT).contains("content-encoding: br")) {
      return viewer;
    }
    viewer.close();
    return null;
  }

  @Test
  void anOriginThatBreaksOffCutsTheResponse() throws IOException {
    assertThatThrownBy(() -> ask("GET", "/kept/largecut", ALL)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ask("GET", "/past/largecut", ALL)).isInstanceOf(IOException.class);
    assertThat(asked("/kept/largecut")).isEqualTo(1);
    assertThatThrownBy(() -> ask("GET", "/kept/largecut", ALL)).isInstanceOf(IOException.class);
    assertThat(asked("/kept/largecut")).isEqualTo(2);
  }

  /** What was on its way is given up; a leak fails the build. */
  @Test
  void aViewerThatLeavesTakesNothingWithIt() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (RawClient viewer = new RawClient(gateway.port())) {
        viewer.get("demo.localhost", "/past/large" + i, ALL);
        assertThat(viewer.in().read()).isEqualTo('H');
      }
    }
    assertThat(decoded(ask("GET", "/past/large", ALL))).isEqualTo(LARGE);
  }
}
