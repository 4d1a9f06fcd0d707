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

/** A site with files and an HTTP origin, as its settings say, through the whole gateway. */
class EdgeGatewayIT {
  private static final String SETTINGS =
      """
      {"immutableAssets":true,
       "origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"pathPrefix":"/base",
         "httpVersion":"1.1","connectTimeoutSeconds":5,"firstByteTimeoutSeconds":5,
         "idleTimeoutSeconds":5,"requestTimeoutSeconds":0,"attempts":1,
         "headers":[{"name":"X-Key","value":"secret"}],"verifyTls":true,
         "breaker":{"failures":5,"openSeconds":10},"probe":null,"failover":null}],
       "cachePolicies":[{"id":"pages","minTtlSeconds":0,"defaultTtlSeconds":60,
         "maxTtlSeconds":3600,"unsafeMinTtl":false,"headers":{"mode":"none","names":[]},
         "cookies":{"mode":"none","names":[]},"query":{"mode":"only","names":["page"]},
         "sortQuery":true,"gzip":true,"brotli":true,"errorTtlSeconds":{},
         "viewerDirectives":false}],
       "behaviours":[{"pattern":"/app/*","origin":"app","cachePolicy":"pages",
         "allowedMethods":["GET","HEAD"]},
        {"pattern":"/api/*","origin":"app","cachePolicy":null,
         "allowedMethods":["GET","HEAD","POST"]}],
       "defaultBehaviour":{"origin":null,"cachePolicy":null,"allowedMethods":["GET","HEAD"]}}\
      """;

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok(request.requestLine()));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings("demo", SETTINGS.formatted(origin.port()));
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

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, "demo.localhost", path, headers)).read();
    }
  }

  @Test
  void pathsGoWhereTheSettingsSay() throws IOException {
    await().until(() -> ask("GET", "/").text().equals("home"));
    assertThat(ask("GET", "/").header("cache-status")).isEmpty();
    RawClient.Response first =
        ask("GET", "/app/list?x=1&page=2", "Cookie: a=b", "User-Agent: me", "Accept-Encoding: br");
    assertThat(first.text()).isEqualTo("GET /base/app/list?page=2 HTTP/1.1");
    assertThat(first.header("cache-status")).contains("ttl=60; stored");
    OriginServer.Request asked = origin.requests().getLast();
    assertThat(asked.header("x-key")).isEqualTo("secret");
    assertThat(asked.header("accept-encoding")).isEqualTo("br");
    assertThat(asked.header("x-forwarded-host")).isEqualTo("demo.localhost");
    assertThat(asked.headers()).doesNotContainKeys("cookie", "user-agent");
    RawClient.Response second =
        ask("GET", "/app/list?page=2&y=3", "Cookie: c=d", "Accept-Encoding: br");
    assertThat(second.header("x-cache")).isEqualTo("Hit from portico");
    assertThat(ask("POST", "/app/list", "Content-Length: 0").status()).isEqualTo(405);
    RawClient.Response posted = ask("POST", "/api/items?q=1", "Content-Length: 0", "Cookie: a=b");
    assertThat(posted.text()).isEqualTo("POST /base/api/items?q=1 HTTP/1.1");
    assertThat(origin.requests().getLast().header("cookie")).isEqualTo("a=b");
  }
}
