package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An origin that knows its resources by date alone: the date is that of what is compressed too, and
 * nobody may put parts of both together (RFC 9110, sections 8.8.1, 13.1.5 and 15.3.7.3).
 */
class CodedDatesIT {
  private static final String DATE = "Sun, 01 Nov 2026 10:15:30 GMT";
  private static final String SINCE = "If-Range: " + DATE;
  private static final String TEXT = "words ".repeat(1_000);

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(CodedDatesIT::answer);
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"attempts":1}],
         "cachePolicies":[{"id":"off"},{"id":"kept","maxTtlSeconds":3600}],
         "behaviours":[
          {"pattern":"/past/*","origin":"app","cachePolicy":"off","compress":true},
          {"pattern":"/plain/*","origin":"app","cachePolicy":"off"}],
         "defaultBehaviour":{"origin":"app","cachePolicy":"kept","compress":true}}\
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
    await().until(() -> get("/ready").status() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  /** The last segment of a path is a type of text, or "png", or "tagged". */
  private static void answer(OriginServer.Request request) throws IOException {
    request.drain();
    String line = request.requestLine();
    String type =
        line.contains("png") ? "image/png" : line.contains("typeless") ? null : "text/plain";
    String fields =
        "Last-Modified: "
            + DATE
            + "\r\nCache-Control: max-age=600\r\n"
            + (line.contains("tagged") ? "ETag: \"1\"\r\n" : "");
    boolean part =
        request.header("range").equals("bytes=6-")
            && (request.header("if-range").isEmpty() || request.header("if-range").equals(DATE));
    if (part) {
      // The type of a part that If-Range allows need not be said.
      send(
          request,
          "206 Part",
          fields
              + (type == null ? "" : "Content-Type: " + type + "\r\n")
              + "Content-Range: bytes 6-5999/6000\r\n",
          TEXT.substring(6));
    } else {
      send(
          request,
          "200 OK",
          fields + "Content-Type: " + (type == null ? "text/plain" : type) + "\r\n",
          TEXT);
    }
  }

  private static void send(OriginServer.Request request, String status, String fields, String body)
      throws IOException {
    request.send(
        "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n");
    request.send(body);
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get("demo.localhost", path, headers).read();
    }
  }

  /** The viewer may have got it compressed before, and does not say so now. */
  @ParameterizedTest
  @ValueSource(strings = {"/past/text", "/past/typeless"})
  void aDateAsksForNoPartOfWhatMayBeCompressed(String path) throws IOException {
    RawClient.Response coded = get(path, "Accept-Encoding: br");
    assertThat(coded.header("content-encoding")).isEqualTo("br");
    assertThat(coded.header("last-modified")).as("for If-Modified-Since").isEqualTo(DATE);
    RawClient.Response plain = get(path, "Accept-Encoding: identity", "Range: bytes=6-", SINCE);
    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.text()).isEqualTo(TEXT);
    RawClient.Response again = get(path, "Accept-Encoding: br", "Range: bytes=6-", SINCE);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("content-encoding")).isEqualTo("br");
  }

  @Test
  void partsOfWhatMayBeCompressedHaveNoDateInCommonWithIt() throws IOException {
    RawClient.Response part = get("/past/text", "Range: bytes=6-");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo(TEXT.substring(6));
    assertThat(part.header("last-modified")).isEmpty();
    assertThat(part.header("vary")).isEqualTo("Accept-Encoding");
    // A strong tag, which no compressed form has, tells them apart.
    RawClient.Response tagged = get("/past/tagged", "Range: bytes=6-");
    assertThat(tagged.header("etag")).isEqualTo("\"1\"");
    assertThat(tagged.header("last-modified")).isEqualTo(DATE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/past/png", "/plain/text"})
  void partsOfWhatIsNeverCompressedKeepIt(String path) throws IOException {
    for (String accept : new String[] {"Accept-Encoding: br", "Accept-Encoding: identity"}) {
      RawClient.Response part = get(path, accept, "Range: bytes=6-", SINCE);
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.header("last-modified")).isEqualTo(DATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept-Encoding: br", "Accept-Encoding: identity"})
  void theSameHoldsForWhatIsStored(String accept) throws IOException {
    assertThat(get("/text", accept).status()).isEqualTo(200);
    RawClient.Response part = get("/text", accept, "Range: bytes=0-5");
    assertThat(part.header("x-cache")).isEqualTo("Hit from portico");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("last-modified")).isEmpty();
    assertThat(get("/text", accept, "Range: bytes=0-5", SINCE).status()).isEqualTo(200);
    assertThat(get("/text", accept, "If-Modified-Since: " + DATE).status()).isEqualTo(304);
    assertThat(get("/png", accept).status()).isEqualTo(200);
    RawClient.Response image = get("/png", accept, "Range: bytes=0-5", SINCE);
    assertThat(image.status()).isEqualTo(206);
    assertThat(image.header("last-modified")).isEqualTo(DATE);
  }
}
