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

/** Portico's own cookies get no further than to whoever may use them. */
class CookiesStayIT {
  private static final String SECRET = "s3cret".repeat(7) + "A";
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin =
        new OriginServer(
            request -> {
              request.drain();
              boolean varies = request.requestLine().contains("/vary");
              request.send(
                  "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                      + (varies ? "Vary: Cookie\r\n" : "")
                      + "Content-Length: 2\r\n\r\nok");
            });
    content.rules(
        """
        {"redirects":[{"line":1,"path":"/old","to":"/told","status":302,
          "cookies":["__Host-portico"]}],"headers":[]}\
        """);
    content.publish(
        "demo",
        "aaaaaaaaaaaaaaaaaaaa",
        ContentFeedServer.Page.html("/index.html", "home"),
        ContentFeedServer.Page.html("/old", "old"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "cachePolicies":[{"id":"kept","maxTtlSeconds":3600,"cookies":{"mode":"all","names":[]}}],
         "behaviours":[{"pattern":"/kept/*","origin":"app","cachePolicy":"kept"},
          {"pattern":"/app/*","origin":"app"}]}\
        """
            .formatted(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.content-api",
            origin.url(),
            "portico.origin.auth-api",
            origin.url(),
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> get("demo.localhost", "/").status() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private static RawClient.Response get(String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(host, path, headers).read();
    }
  }

  private static String cookies(String value) {
    return "Cookie: theme=dark; __Host-portico=%s; __Host-portico-in-12345678=%s; lang=de"
        .formatted(value, value);
  }

  private static OriginServer.Request last(String path) {
    return origin.requests().stream()
        .filter(request -> request.requestLine().contains(path))
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  @Test
  void originsGetTheOthers() throws IOException {
    get("demo.localhost", "/app/a", cookies(SECRET));
    assertThat(last("/app/a").header("cookie")).isEqualTo("theme=dark; lang=de");
    get("demo.localhost", "/app/b", "Cookie: __Host-portico=" + SECRET);
    assertThat(last("/app/b").headers()).doesNotContainKey("cookie");
    get("demo.localhost", "/app/c", "Cookie: __Host-portico=" + SECRET, "Cookie: a=b");
    assertThat(last("/app/c").header("cookie")).isEqualTo("a=b");
  }

  @Test
  void theyArePartOfNoKey() throws IOException {
    get("demo.localhost", "/kept/a", cookies(SECRET));
    RawClient.Response hit = get("demo.localhost", "/kept/a", cookies("other"));
    assertThat(hit.header("cache-status")).contains("hit");
    assertThat(last("/kept/a").header("cookie")).isEqualTo("theme=dark; lang=de");
  }

  @Test
  void nothingVariesByThem() throws IOException {
    get("demo.localhost", "/app/vary", cookies(SECRET));
    RawClient.Response hit = get("demo.localhost", "/app/vary", cookies("other"));
    assertThat(hit.header("cache-status")).contains("hit");
  }

  @Test
  void noRuleLooksForThem() throws IOException {
    RawClient.Response answer = get("demo.localhost", "/old", cookies(SECRET));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("old");
  }

  @Test
  void upgradesGoWithoutThem() throws IOException {
    get(
        "demo.localhost",
        "/app/ws",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        cookies(SECRET));
    assertThat(last("/app/ws").header("upgrade")).isEqualTo("websocket");
    assertThat(last("/app/ws").header("cookie")).isEqualTo("theme=dark; lang=de");
  }

  @Test
  void theApiHasNoUseForThem() throws IOException {
    get("api.localhost", "/v1/sites", cookies(SECRET));
    assertThat(last("/v1/sites").header("cookie")).isEqualTo("theme=dark; lang=de");
  }

  /** What is signed in there is by a cookie of that host, which no other host's browser has. */
  @Test
  void theAuthHostHasItsOwn() throws IOException {
    String own = "__Host-portico-auth=" + SECRET + "; __Host-portico-form=f";
    get("auth.localhost", "/authorize", "Cookie: " + own);
    assertThat(last("/authorize").header("cookie")).isEqualTo(own);
  }
}
