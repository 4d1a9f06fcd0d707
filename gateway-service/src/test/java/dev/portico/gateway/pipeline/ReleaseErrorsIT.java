package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which errors speak against a gradual release: none that a viewer can bring about at will. */
class ReleaseErrorsIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String NEXT = "bbbbbbbbbbbbbbbbbbbb";
  private static final String SHARE = "Cookie: portico-release=" + NEXT + ".0";

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(ReleaseErrorsIT::answer);
    content.publish("app", LIVE, Page.html("/index.html", "live"));
    content.rules(
        """
        {"redirects":[
          {"line":1,"path":"/api/*","to":"http://127.0.0.1:%d/:splat","status":200}]}"""
            .formatted(origin.port()));
    content.seal("app", NEXT, Page.html("/index.html", "next"), Page.html("/sorry.html", "sorry"));
    content.settings(
        "app",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"attempts":1}],
         "behaviours":[{"pattern":"/api/masked/*",
           "errorResponses":[{"status":500,"path":"/sorry.html","responseStatus":200},
             {"status":503,"path":"/sorry.html","responseStatus":503}]}]}"""
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
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  /** Answers with what the path says. */
  private static void answer(OriginServer.Request request) throws IOException {
    String path = request.requestLine().split(" ", -1)[1];
    switch (path) {
      // As a server does that has waited for a body long enough.
      case "/impatient" -> request.socket().close();
      case "/maintained" -> {
        request.drain();
        request.send("HTTP/1.1 503 Back soon\r\nRetry-After: 600\r\nContent-Length: 4\r\n\r\nsoon");
      }
      case "/away", "/masked/away" -> {
        request.drain();
        request.send("HTTP/1.1 503 Nobody\r\nContent-Length: 0\r\n\r\n");
      }
      case "/late" -> request.send("HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n");
      default -> {
        request.drain();
        request.send("HTTP/1.1 500 Broken\r\nContent-Length: 6\r\n\r\nbroken");
      }
    }
  }

  private static int status(String path, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = SHARE;
    System.arraycopy(headers, 0, all, 1, headers.length);
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get("app.localhost", path, all).read().status();
    }
  }

  private static long counted(String step, String counter) {
    return content.counters().get("release/app/" + step + "/" + counter) instanceof Long number
        ? number
        : 0;
  }

  private static void release(String step) {
    content.release("app", NEXT, 50, step);
    await().until(() -> status("/") == 200 && counted(step, "requests") > 0);
  }

  /** Waits until what was before the last request is counted, and tells how much of it failed. */
  private static long errors(String step) throws IOException {
    long known = counted(step, "requests");
    assertThat(status("/")).isEqualTo(200);
    await().until(() -> counted(step, "requests") > known);
    return counted(step, "errors");
  }

  @Test
  void whatTheServerFailsInCounts() throws IOException {
    release("server");
    assertThat(status("/api/broken")).isEqualTo(500);
    assertThat(status("/api/broken", "Content-Length: 0")).isEqualTo(500);
    assertThat(status("/api/masked/broken", "Accept: text/html"))
        .as("behind a page")
        .isEqualTo(200);
    await().untilAsserted(() -> assertThat(errors("server")).isEqualTo(3));
  }

  @Test
  void whatAViewerBringsAboutDoesNot() throws IOException {
    release("viewer");
    assertThat(status("/api/impatient", "Content-Length: 9")).isEqualTo(502);
    assertThat(status("/api/late", "Content-Length: 9")).isEqualTo(504);
    assertThat(status("/api/late", "Transfer-Encoding: chunked")).isEqualTo(504);
    assertThat(status("/api/kept", "Content-Length: 9", "Expect: nothing")).isEqualTo(417);
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.get("app.localhost", "/api/left", SHARE, "Content-Length: 9");
      int asked = origin.requests().size();
      await().until(() -> origin.requests().size() >= asked);
    }
    assertThat(errors("viewer")).isZero();
    assertThat(errors("viewer")).isZero();
  }

  /** RFC 9110, section 15.6.4: with Retry-After it is overload or maintenance, and passes. */
  @Test
  void whatIsMeantToPassDoesNot() throws IOException {
    release("passing");
    assertThat(status("/api/maintained")).isEqualTo(503);
    assertThat(status("/api/masked/away", "Accept: text/html"))
        .as("with a page for it")
        .isEqualTo(503);
    assertThat(errors("passing")).isZero();
    assertThat(errors("passing")).isZero();
    assertThat(status("/api/away")).as("nobody is there").isEqualTo(503);
    await().untilAsserted(() -> assertThat(errors("passing")).isOne());
  }
}
