package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.compression.Decoding;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Conditions about what the gateway has compressed, of viewers and of its cache. */
class CodedConditionsIT {
  private static final String ALL = "Accept-Encoding: gzip, deflate, br, zstd";
  private static final String TEXT = "words ".repeat(1_000);

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(CodedConditionsIT::answer);
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"attempts":1}],
         "cachePolicies":[{"id":"off"}],
         "behaviours":[
          {"pattern":"/past/*","origin":"app","cachePolicy":"off","compress":true}],
         "defaultBehaviour":{"origin":"app","compress":true,
          "allowedMethods":["GET","HEAD","OPTIONS","PUT","POST","PATCH","DELETE"]}}\
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

  /** Each language has a tag of its own, which is compared as a text, strongly. */
  private static void answer(OriginServer.Request request) throws IOException {
    request.drain();
    String language = request.header("accept-language");
    String tag = "\"" + language + "7\"";
    if (request.requestLine().startsWith("PUT ")) {
      boolean same = request.header("if-match").equals(tag);
      request.send("HTTP/1.1 " + (same ? 200 : 412) + " Said\r\nContent-Length: 0\r\n\r\n");
    } else if (request.header("if-none-match").contains(", " + tag)) {
      request.send("HTTP/1.1 304 Same\r\nETag: " + tag + "\r\nCache-Control: max-age=600\r\n\r\n");
    } else {
      String body = TEXT + language;
      request.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: Accept-Language\r\nETag: "
              + tag
              + "\r\nCache-Control: max-age=0\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
    }
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, "demo.localhost", path, headers)).read();
    }
  }

  private static String decoded(RawClient.Response response) throws IOException {
    byte[] bytes = response.latin().getBytes(StandardCharsets.ISO_8859_1);
    byte[] plain = Decoding.of(response.header("content-encoding"), bytes);
    return new String(plain, StandardCharsets.ISO_8859_1);
  }

  /** RFC 9111, sections 3.2 and 4.1: what a 304 does not say stays as it was. */
  @Test
  void aNotModifiedWithoutVaryLeavesEachViewerItsOwn() throws IOException {
    for (int i = 0; i < 3; i++) {
      RawClient.Response answer = ask("GET", "/words", ALL, "Accept-Language: de");
      assertThat(decoded(answer)).isEqualTo(TEXT + "de");
      assertThat(answer.header("etag")).isEqualTo("W/\"de7\"");
      assertThat(answer.header("vary")).contains("Accept-Language");
      assertThat(answer.header("cache-status"))
          .contains(i == 0 ? "fwd=uri-miss" : i == 1 ? "fwd=stale" : "; hit");
    }
    RawClient.Response other = ask("GET", "/words", ALL, "Accept-Language: fr");
    assertThat(decoded(other)).isEqualTo(TEXT + "fr");
  }

  /** RFC 9110, section 13.1.1: strong comparison. */
  @Test
  void whatWasReadCompressedCanBeChanged() throws IOException {
    String tag = ask("GET", "/locked", ALL).header("etag");
    assertThat(tag).isEqualTo("W/\"7\"");
    String[] same = {ALL, "Content-Length: 0", "If-Match: " + tag};
    assertThat(ask("PUT", "/locked", same).status()).isEqualTo(200);
    String[] other = {ALL, "Content-Length: 0", "If-Match: W/\"6\""};
    assertThat(ask("PUT", "/locked", other).status()).isEqualTo(412);
  }

  @Test
  void aViewersOwnConditionsAreUnderstoodPastTheCache() throws IOException {
    RawClient.Response same = ask("GET", "/past/a", ALL, "If-None-Match: \"6\", W/\"7\"");
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("etag")).isEqualTo("W/\"7\"");
    RawClient.Response part = ask("GET", "/past/a", ALL, "Range: bytes=5-", "If-Range: W/\"7\"");
    assertThat(part.status()).isEqualTo(200);
    OriginServer.Request asked =
        origin.requests().stream()
            .filter(request -> request.requestLine().contains("/past/a"))
            .reduce((earlier, later) -> later)
            .orElseThrow();
    assertThat(asked.header("range")).isEmpty();
    assertThat(asked.header("if-range")).isEmpty();
  }
}
