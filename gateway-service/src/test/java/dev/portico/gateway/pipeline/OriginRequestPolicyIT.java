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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an origin gets of a request by policy, through the whole gateway. */
class OriginRequestPolicyIT {
  private static final String[] FIELDS = {
    "User-Agent: phone Mobile",
    "Referer: http://a.example/",
    "Cookie: session=1; ads=2",
    "X-Tenant: t",
    "X-Other: o",
    "CloudFront-Viewer-Address: 6.6.6.6",
    "CloudFront-Viewer-Http-Version: 9"
  };

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("unused"));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "cachePolicies":[{"id":"bare","defaultTtlSeconds":60,"maxTtlSeconds":60,
           "query":{"mode":"only","names":["page"]}},
          {"id":"off"}],
         "originRequestPolicies":[
          {"id":"more","headers":{"mode":"only","names":["x-tenant"]},
           "cookies":{"mode":"only","names":["session"]},
           "query":{"mode":"only","names":["trace"]},
           "viewerFacts":["CloudFront-Viewer-Address","CloudFront-Is-Mobile-Viewer",
             "CloudFront-Viewer-Http-Version","CloudFront-Later"]},
          {"id":"all","headers":{"mode":"all"},"cookies":{"mode":"all"},"query":{"mode":"all"}},
          {"id":"except","headers":{"mode":"all-except","names":["host","x-other"]},
           "cookies":{"mode":"all"},"query":{"mode":"all"}},
          {"id":"private","cookies":{"mode":"all-except","names":["session"]},
           "query":{"mode":"all-except","names":["trace"]}}],
         "behaviours":[
          {"pattern":"/private/*","origin":"app","cachePolicy":"off",
           "originRequestPolicy":"private"},
          {"pattern":"/bare/*","origin":"app","cachePolicy":"bare"},
          {"pattern":"/more/*","origin":"app","cachePolicy":"bare","originRequestPolicy":"more"},
          {"pattern":"/all/*","origin":"app","cachePolicy":"bare","originRequestPolicy":"all"},
          {"pattern":"/except/*","origin":"app","cachePolicy":"bare",
           "originRequestPolicy":"except"},
          {"pattern":"/past/*","origin":"app","cachePolicy":"off",
           "originRequestPolicy":"except"},
          {"pattern":"/facts/*","origin":"app","originRequestPolicy":"more"}]}\
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
    await().until(() -> ask("/").text().equals("home"));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void behave() {
    origin.behave(
        request -> {
          request.drain();
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
        });
  }

  private static RawClient.Response ask(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get("demo.localhost", path, headers).read();
    }
  }

  private static OriginServer.Request asked(String path, String... headers) throws IOException {
    int before = origin.requests().size();
    assertThat(ask(path, headers).text()).isEqualTo("ok");
    assertThat(origin.requests()).hasSize(before + 1);
    return origin.requests().getLast();
  }

  @Test
  void withoutAPolicyItGetsWhatIsInTheKey() throws IOException {
    OriginServer.Request request = asked("/bare/a?page=1&trace=2&x=3", FIELDS);
    assertThat(request.requestLine()).isEqualTo("GET /bare/a?page=1 HTTP/1.1");
    assertThat(request.headers())
        .doesNotContainKeys("user-agent", "cookie", "x-tenant", "cloudfront-viewer-address");
    assertThat(request.header("host")).isEqualTo("127.0.0.1:" + origin.port());
  }

  @Test
  void whatThePolicySelectsGoesAlongAndIsNotInTheKey() throws IOException {
    OriginServer.Request request = asked("/more/a?page=1&trace=2&x=3", FIELDS);
    assertThat(request.requestLine()).isEqualTo("GET /more/a?page=1&trace=2 HTTP/1.1");
    assertThat(request.header("x-tenant")).isEqualTo("t");
    assertThat(request.header("cookie")).isEqualTo("session=1");
    assertThat(request.headers()).doesNotContainKeys("user-agent", "x-other", "referer");
    RawClient.Response other = ask("/more/a?page=1&trace=9", "Cookie: session=7", "X-Tenant: u");
    assertThat(other.header("x-cache")).isEqualTo("Hit from portico");
  }

  /** What the viewer claims under their names is replaced. */
  @Test
  void factsAboutTheViewer() throws IOException {
    for (String path : new String[] {"/more/facts", "/facts/a"}) {
      OriginServer.Request request = asked(path, FIELDS);
      assertThat(request.headers().get("cloudfront-viewer-address")).containsExactly("127.0.0.1");
      assertThat(request.headers().get("cloudfront-is-mobile-viewer")).containsExactly("true");
      assertThat(request.headers().get("cloudfront-viewer-http-version")).containsExactly("1.1");
      assertThat(request.headers()).doesNotContainKeys("cloudfront-later");
    }
  }

  @Test
  void allOfTheViewersFieldsAndItsHost() throws IOException {
    OriginServer.Request request =
        asked(
            "/all/a?page=1&z=%2F&y",
            FIELDS[0], FIELDS[2], "If-None-Match: \"x\"", "Range: bytes=0-");
    assertThat(request.requestLine()).isEqualTo("GET /all/a?page=1&z=%2F&y HTTP/1.1");
    assertThat(request.header("host")).isEqualTo("demo.localhost");
    assertThat(request.headers().get("host")).hasSize(1);
    assertThat(request.header("user-agent")).isEqualTo("phone Mobile");
    assertThat(request.header("cookie")).isEqualTo("session=1; ads=2");
    assertThat(request.header("x-forwarded-for")).isEqualTo("127.0.0.1");
    // They are the cache's: the answer must be good for all.
    assertThat(request.headers()).doesNotContainKeys("if-none-match", "range");
  }

  @Test
  void allButSome() throws IOException {
    for (String path : new String[] {"/except/a", "/past/a"}) {
      OriginServer.Request request = asked(path, FIELDS);
      assertThat(request.header("host")).isEqualTo("127.0.0.1:" + origin.port());
      assertThat(request.header("x-tenant")).isEqualTo("t");
      assertThat(request.header("cookie")).isEqualTo("session=1; ads=2");
      assertThat(request.headers()).doesNotContainKeys("x-other");
    }
  }

  @Test
  void whatIsExceptedStaysBehindPastTheCacheToo() throws IOException {
    OriginServer.Request request = asked("/private/a?page=1&trace=2&x=%2F", FIELDS);
    assertThat(request.requestLine()).isEqualTo("GET /private/a?page=1&x=%2F HTTP/1.1");
    assertThat(request.header("cookie")).isEqualTo("ads=2");
    assertThat(request.header("x-tenant")).isEqualTo("t");
    OriginServer.Request bare = asked("/private/b?trace=2", "Cookie: session=1");
    assertThat(bare.requestLine()).isEqualTo("GET /private/b HTTP/1.1");
    assertThat(bare.headers()).doesNotContainKeys("cookie");
  }

  /** RFC 9111, section 4.1. */
  @Test
  void cookiesBesidesTheKeyCountForVary() throws IOException {
    origin.behave(
        request -> {
          String head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nVary: Cookie\r\n";
          request.send(head + "Content-Length: 2\r\n\r\nok");
        });
    asked("/all/vary", "Cookie: a=1");
    asked("/all/vary", "Cookie: a=2");
    assertThat(ask("/all/vary", "Cookie: a=1").header("x-cache")).isEqualTo("Hit from portico");
  }
}
