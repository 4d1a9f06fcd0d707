package dev.portico.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.CollectorServer;
import dev.portico.gateway.fixture.CollectorServer.Span;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is done because of a request while nobody waits for it is no part of its trace. */
class BackgroundTracesIT {
  private static final String HOST = "demo.localhost";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String SETTINGS =
      """
      {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":APP}],
       "accessPolicies":[
         {"id":"staff","signedIn":true,"credentials":["session"],"identityToken":false}],
       "behaviours":[
         {"pattern":"/staff/*","origin":"app","accessPolicy":"staff"},
         {"pattern":"/open/*","origin":"app"}],
       "defaultBehaviour":{}}\
      """;

  private static CollectorServer collector;
  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    collector = new CollectorServer();
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    origin = new OriginServer(BackgroundTracesIT::answer);
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings("demo", SETTINGS.replace("APP", String.valueOf(origin.port())));
    gateway =
        new RunningGateway(
            "otel.exporter.otlp.endpoint",
            collector.url(),
            "otel.bsp.schedule.delay",
            "20",
            "portico.session.auth-internal",
            auth.address(),
            "portico.session.auth-secret",
            AuthInternalServer.SECRET,
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(() -> get("/open/ready").status() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
    collector.close();
  }

  private static void answer(OriginServer.Request request) throws IOException {
    if (request.header("upgrade").isEmpty()) {
      request.send(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
              + "Cache-Control: max-age=0, stale-while-revalidate=60\r\n\r\nok");
    } else {
      request.send(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      request.hang();
    }
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(HOST, path, headers).read();
    }
  }

  private static String sent(String trace) {
    return "traceparent: 00-" + trace + "-" + PARENT + "-01";
  }

  /** The span of the request that this trace came with. */
  private static Span request(String trace) {
    return await()
        .until(
            () ->
                collector.trace(trace).stream()
                    .filter(span -> span.kind().equals("SERVER"))
                    .findFirst()
                    .orElse(null),
            span -> span != null);
  }

  @Test
  void whatRefreshesAnAnswerThatWasStale() throws IOException {
    String trace = "2".repeat(32);
    get("/open/stale");
    int before = origin.requests().size();
    assertThat(get("/open/stale", sent(trace), "tracestate: a=1").text()).isEqualTo("ok");
    await().until(() -> origin.requests().size() > before);
    OriginServer.Request refresh = origin.requests().getLast();
    assertThat(refresh.requestLine()).contains("/open/stale");
    assertThat(refresh.header("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
        .doesNotContain(trace);
    assertThat(refresh.headers()).doesNotContainKey("tracestate");
    String later = "3".repeat(32);
    get("/open/later", sent(later));
    request(later);
    assertThat(collector.trace(trace)).isEmpty();
  }

  @Test
  void whetherWhoOpenedATunnelIsStillSignedIn() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    String trace = "1".repeat(32);
    auth.fresh(0);
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.get(
          HOST,
          "/staff/tunnel",
          "Cookie: " + PorticoCookies.SESSION + "=" + session,
          "Origin: http://" + HOST,
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          sent(trace));
      assertThat(viewer.read(false).status()).isEqualTo(101);
      int before = auth.queries();
      await().until(() -> auth.queries() >= before + 2);
    }
    request(trace);
    assertThat(collector.trace(trace))
        .extracting(span -> span.get("url.path"))
        .as("to let it in, it was asked once on its behalf")
        .containsExactlyInAnyOrder("/internal/sessions/query", "/staff/tunnel", "/staff/tunnel");
  }
}
