package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Response headers policies of deployments and origins, through the whole gateway. */
class ResponsePolicyIT {
  private static final String APP = "https://app.example.com";
  private static final String ORIGIN = "Origin: " + APP;
  private static final String STRANGER = "Origin: https://other.example";
  private static final String PREFLIGHT = "Access-Control-Request-Method: PUT";

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("unused"));
    content.publish(
        "demo",
        "aaaaaaaaaaaaaaaaaaaa",
        ContentFeedServer.Page.html("/index.html", "home"),
        ContentFeedServer.Page.html("/docs/index.html", "docs"),
        ContentFeedServer.Page.of("/digits.txt", "text/plain", "0123456789"));
    content.settings("demo", settings("first"));
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

  private static String settings(String team) {
    return """
    {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
     "responseHeadersPolicies":[
      {"id":"own",
       "securityHeaders":{"frameOptions":{"value":"DENY","override":false},
        "contentSecurityPolicy":{"value":"default-src 'self'","override":true}},
       "cors":{"allowCredentials":true,"allowHeaders":["X-Key"],"allowMethods":["GET","PUT"],
        "allowOrigins":["%s"],"exposeHeaders":["X-Total"],"maxAgeSeconds":60,
        "originOverride":true},
       "custom":[{"name":"X-Team","value":"%s","override":true}],
       "remove":["Server","Permissions-Policy"],
       "serverTiming":{"enabled":true,"samplingRate":0}},
      {"id":"under",
       "cors":{"allowMethods":["GET"],"allowOrigins":["*"],"originOverride":false}},
      {"id":"large","custom":[{"name":"X-Large","value":"%s","override":true},
        {"name":"X-Larger","value":"%s","override":true}]}],
     "behaviours":[
      {"pattern":"/plain/*","origin":"app"},
      {"pattern":"/under/*","origin":"app","responseHeadersPolicy":"under",
       "allowedMethods":["GET","HEAD","OPTIONS"]},
      {"pattern":"/large/*","origin":"app","responseHeadersPolicy":"large"},
      {"pattern":"/safe/*","origin":"app","responseHeadersPolicy":"own",
       "viewerProtocol":"redirect-to-https"},
      {"pattern":"/app/*","origin":"app","responseHeadersPolicy":"own",
       "allowedMethods":["GET","HEAD","PUT"]}],
     "defaultBehaviour":{"responseHeadersPolicy":"own"}}\
    """
        .formatted(origin.port(), APP, team, "l".repeat(1_500), "l".repeat(1_500));
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
    origin.behave(
        request -> {
          request.drain();
          answer(
              request,
              "Server: old",
              "X-Frame-Options: SAMEORIGIN",
              "Access-Control-Allow-Origin: https://else.example",
              "ETag: \"1\"",
              "Permissions-Policy: usb=()",
              "Cache-Control: max-age=60",
              "Server-Timing: db;dur=9");
        });
  }

  private static void answer(OriginServer.Request request, String... fields) throws IOException {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + String.join("\r\n", fields);
    request.send(head + "\r\n\r\n0123456789");
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(RawClient.head(method, "demo.localhost", path, headers))
          .read(!method.equals("HEAD"));
    }
  }

  private static List<String> all(RawClient.Response response, String name) {
    String start = name.toLowerCase(Locale.ROOT) + ':';
    return response.headers().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  private static void assertOwn(RawClient.Response response, String team) {
    assertThat(all(response, "x-team")).containsExactly(team);
    assertThat(all(response, "content-security-policy")).containsExactly("default-src 'self'");
    assertThat(all(response, "x-content-type-options")).containsExactly("nosniff");
    assertThat(all(response, "permissions-policy")).isEmpty();
    assertThat(all(response, "server")).isEmpty();
    assertThat(all(response, "access-control-allow-origin")).containsExactly(APP);
    assertThat(all(response, "access-control-allow-credentials")).containsExactly("true");
    assertThat(String.join(",", all(response, "vary"))).contains("Origin");
  }

  @Test
  void holdsForMissesHitsPartsAndConditionsOfAnOrigin() throws IOException {
    RawClient.Response miss = ask("GET", "/app/a", ORIGIN);
    assertThat(miss.header("x-cache")).isEqualTo("Miss from portico");
    RawClient.Response hit = ask("GET", "/app/a", ORIGIN);
    RawClient.Response again = ask("GET", "/app/a", ORIGIN);
    RawClient.Response part = ask("GET", "/app/a", ORIGIN, "Range: bytes=2-3");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("23");
    RawClient.Response unsatisfied = ask("GET", "/app/a", ORIGIN, "Range: bytes=20-");
    assertThat(unsatisfied.status()).isEqualTo(416);
    RawClient.Response unchanged = ask("GET", "/app/a", ORIGIN, "If-None-Match: \"1\"");
    assertThat(unchanged.status()).isEqualTo(304);
    for (RawClient.Response each : List.of(hit, again, part, unsatisfied, unchanged)) {
      assertThat(each.header("cache-status")).contains("hit");
    }
    for (RawClient.Response each : List.of(miss, hit, again, part, unsatisfied, unchanged)) {
      assertOwn(each, "first");
    }
    for (RawClient.Response each : List.of(miss, hit, again, part, unchanged)) {
      // The origin's own, which the policy fills in for only where there is none.
      assertThat(all(each, "x-frame-options")).containsExactly("SAMEORIGIN");
    }
    assertThat(all(unsatisfied, "x-frame-options")).containsExactly("DENY");
    RawClient.Response put = ask("PUT", "/app/b", ORIGIN, "Content-Length: 0");
    assertOwn(put, "first");
  }

  @Test
  void aHitIsForWhoeverAsks() throws IOException {
    ask("GET", "/app/who", ORIGIN);
    for (int i = 0; i < 3; i++) {
      assertOwn(ask("GET", "/app/who", ORIGIN), "first");
      RawClient.Response stranger = ask("GET", "/app/who", STRANGER);
      assertThat(stranger.header("x-cache")).isEqualTo("Hit from portico");
      assertThat(all(stranger, "access-control-allow-origin")).isEmpty();
      assertThat(all(stranger, "access-control-allow-credentials")).isEmpty();
      assertThat(all(stranger, "vary")).containsExactly("Origin");
    }
  }

  @Test
  void holdsForFilesRedirectsAndErrors() throws IOException {
    RawClient.Response file = ask("GET", "/", ORIGIN);
    RawClient.Response again = ask("GET", "/", ORIGIN);
    assertThat(file.text()).isEqualTo("home");
    RawClient.Response unchanged = ask("GET", "/", ORIGIN, "If-None-Match: " + file.header("etag"));
    assertThat(unchanged.status()).isEqualTo(304);
    RawClient.Response part = ask("GET", "/digits.txt", ORIGIN, "Range: bytes=2-3");
    assertThat(part.status()).isEqualTo(206);
    RawClient.Response folder = ask("GET", "/docs", ORIGIN);
    assertThat(folder.status()).isEqualTo(301);
    RawClient.Response missing = ask("GET", "/none", ORIGIN);
    assertThat(missing.status()).isEqualTo(404);
    RawClient.Response method = ask("POST", "/", ORIGIN, "Content-Length: 0");
    assertThat(method.status()).isEqualTo(405);
    RawClient.Response secure = ask("GET", "/safe/a", ORIGIN);
    assertThat(secure.status()).isEqualTo(301);
    RawClient.Response notAllowed = ask("DELETE", "/app/a", ORIGIN, "Content-Length: 0");
    assertThat(notAllowed.status()).isEqualTo(405);
    for (RawClient.Response each :
        List.of(file, again, unchanged, part, folder, missing, method, secure, notAllowed)) {
      assertOwn(each, "first");
      assertThat(all(each, "x-frame-options")).containsExactly("DENY");
    }
    RawClient.Response stranger = ask("GET", "/", STRANGER);
    assertThat(all(stranger, "access-control-allow-origin")).isEmpty();
    assertThat(String.join(",", all(stranger, "vary"))).contains("Origin", "Accept-Encoding");
  }

  /** The origin breaks off before a head. */
  @Test
  void holdsForFailuresOfAnOrigin() throws IOException {
    origin.behave(OriginServer.Request::cut);
    RawClient.Response failed = ask("GET", "/app/broken", ORIGIN);
    assertThat(failed.status()).isEqualTo(502);
    assertOwn(failed, "first");
  }

  @Test
  void withoutAPolicyNothingIsAddedBesidePorticosOwn() throws IOException {
    RawClient.Response plain = ask("GET", "/plain/a", ORIGIN);
    assertThat(all(plain, "access-control-allow-origin")).containsExactly("https://else.example");
    assertThat(all(plain, "server")).containsExactly("old");
    assertThat(all(plain, "x-team")).isEmpty();
    assertThat(all(plain, "cross-origin-opener-policy"))
        .containsExactly("same-origin-allow-popups");
    assertThat(all(ask("GET", "/plain/a", "Pragma: server-timing"), "server-timing"))
        .containsExactly("db;dur=9");
  }

  /** Fetch standard, section 4.8: the answer must have a status of 200 to 299. */
  @ParameterizedTest
  @ValueSource(strings = {"/app/a", "/", "/none"})
  void aPreflightIsAnsweredAtTheEdge(String path) throws IOException {
    int before = origin.requests().size();
    RawClient.Response answer =
        ask("OPTIONS", path, ORIGIN, PREFLIGHT, "Access-Control-Request-Headers: x-key");
    assertThat(answer.status()).isEqualTo(204);
    assertOwn(answer, "first");
    assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, PUT");
    assertThat(answer.header("access-control-allow-headers")).isEqualTo("X-Key");
    assertThat(answer.header("access-control-max-age")).isEqualTo("60");
    assertThat(answer.header("cache-status")).isEqualTo("portico; detail=preflight");
    RawClient.Response refused = ask("OPTIONS", path, STRANGER, PREFLIGHT);
    assertThat(refused.status()).isEqualTo(204);
    assertThat(all(refused, "access-control-allow-origin")).isEmpty();
    assertThat(all(refused, "access-control-allow-methods")).isEmpty();
    assertThat(all(refused, "vary")).containsExactly("Origin");
    assertThat(origin.requests()).hasSize(before);
    assertThat(ask("OPTIONS", path, ORIGIN).status()).as("no preflight").isEqualTo(405);
  }

  @Test
  void anOriginThatMaySayItselfIsAskedForPreflights() throws IOException {
    origin.behave(
        request ->
            answer(
                request,
                "Access-Control-Allow-Origin: https://mine.example",
                "Access-Control-Allow-Methods: PUT"));
    RawClient.Response theirs = ask("OPTIONS", "/under/a", ORIGIN, PREFLIGHT);
    assertThat(all(theirs, "access-control-allow-origin")).containsExactly("https://mine.example");
    assertThat(all(theirs, "access-control-allow-methods")).containsExactly("PUT");
    origin.behave(request -> request.ok(""));
    RawClient.Response silent = ask("OPTIONS", "/under/b", ORIGIN, PREFLIGHT);
    assertThat(all(silent, "access-control-allow-origin")).containsExactly("*");
    assertThat(all(silent, "access-control-allow-methods")).containsExactly("GET");
    assertThat(all(silent, "vary")).isEmpty();
  }

  @Test
  void serverTimingForThoseWhoAsk() throws IOException {
    assertThat(all(ask("GET", "/app/timed", "Pragma: server-timing"), "server-timing"))
        .hasSize(2)
        .element(1)
        .asString()
        .contains("cdn-cache-miss", "cdn-upstream-fbl;dur=", "cdn-rid;desc=\"");
    RawClient.Response hit = ask("GET", "/app/timed", "Pragma: server-timing");
    assertThat(all(hit, "server-timing"))
        .singleElement()
        .asString()
        .contains("cdn-cache-hit", "cdn-rid;desc=\"" + hit.header("x-request-id") + '"');
    assertThat(all(ask("GET", "/app/timed"), "server-timing")).containsExactly("db;dur=9");
    assertThat(all(ask("GET", "/", "Pragma: server-timing"), "server-timing"))
        .singleElement()
        .asString()
        .contains("cdn-cache-hit");
  }

  @Test
  void aLargePolicyHoldsForHitsToo() throws IOException {
    for (int i = 0; i < 3; i++) {
      RawClient.Response answer = ask("GET", "/large/a");
      assertThat(answer.header("x-larger")).hasSize(1_500);
      assertThat(answer.header("server")).isEqualTo("old");
    }
  }

  @Test
  void aChangeHoldsForWhatIsCached() throws IOException {
    ask("GET", "/app/kept", ORIGIN);
    ask("GET", "/plain/kept");
    assertOwn(ask("GET", "/app/kept", ORIGIN), "first");
    assertOwn(ask("GET", "/", ORIGIN), "first");
    content.settings("demo", settings("second"));
    try {
      await().until(() -> ask("GET", "/", ORIGIN).header("x-team").equals("second"));
      RawClient.Response kept = ask("GET", "/app/kept", ORIGIN);
      assertThat(kept.header("x-cache")).isEqualTo("Hit from portico");
      assertOwn(kept, "second");
      // What was stored under a policy is whole for a behaviour without one, and the other way.
      content.settings(
          "demo",
          settings("third")
              .replace(
                  "\"/plain/*\",\"origin\":\"app\"",
                  "\"/plain/*\",\"origin\":\"app\",\"responseHeadersPolicy\":\"own\"")
              .replace(
                  "\"/app/*\",\"origin\":\"app\",\"responseHeadersPolicy\":\"own\"",
                  "\"/app/*\",\"origin\":\"app\""));
      await().until(() -> ask("GET", "/", ORIGIN).header("x-team").equals("third"));
      RawClient.Response now = ask("GET", "/plain/kept", ORIGIN);
      assertThat(now.header("x-cache")).isEqualTo("Hit from portico");
      assertOwn(now, "third");
      RawClient.Response bare = ask("GET", "/app/kept", ORIGIN);
      assertThat(bare.header("x-cache")).isEqualTo("Hit from portico");
      assertThat(bare.header("server")).isEqualTo("old");
      assertThat(bare.header("permissions-policy")).isEqualTo("usb=()");
      assertThat(all(bare, "x-team")).isEmpty();
    } finally {
      content.settings("demo", settings("first"));
      await().until(() -> ask("GET", "/", ORIGIN).header("x-team").equals("first"));
    }
  }

  @Test
  void previewsStayHiddenFromSearchEngines() throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      String host = "aaaaaaaaaaaaaaaaaaaa--demo.localhost";
      RawClient.Response file = viewer.get(host, "/", ORIGIN).read();
      assertOwn(file, "first");
      assertThat(all(file, "x-robots-tag")).containsExactly("noindex");
      RawClient.Response answer = viewer.get(host, "/app/a", ORIGIN).read();
      assertOwn(answer, "first");
      assertThat(all(answer, "x-robots-tag")).containsExactly("noindex");
    }
  }
}
