package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RunningGateway;
import dev.portico.gateway.fixture.Trust;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site with files and an HTTP origin, as its settings say, through the whole gateway. */
class EdgeGatewayIT {

  @TempDir static Path folder;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok(request.requestLine()));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings("demo", settings(origin.port()));
    content.hosts("demo", "localhost");
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.https-port",
            "-1",
            "portico.tls.local-ca-directory",
            folder.toString(),
            // So that localhost, which every client can resolve, can be a site's.
            "portico.domain.api",
            "example.org");
    await().until(gateway::ready);
  }

  static String settings(int port) {
    return """
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
       "allowedMethods":["GET","HEAD","POST"]},
      {"pattern":"/files/*","origin":null,"cachePolicy":null,
       "allowedMethods":["GET","HEAD","OPTIONS"]}],
     "defaultBehaviour":{"origin":null,"cachePolicy":null,"allowedMethods":["GET","HEAD"]}}\
    """
        .formatted(port);
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
    origin.behave(request -> request.ok(request.requestLine()));
    await().until(() -> ask("GET", "/").text().equals("home"));
    assertThat(ask("GET", "/").header("cache-status")).isEqualTo("portico; hit");
    RawClient.Response first =
        ask("GET", "/app/list?x=1&page=2", "Cookie: a=b", "User-Agent: me", "Accept-Encoding: br");
    assertThat(first.text()).isEqualTo("GET /base/app/list?page=2 HTTP/1.1");
    assertThat(first.header("cache-status")).containsPattern("ttl=(59|60); stored");
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

  /** RFC 9110, section 15.5.6. */
  @Test
  void aDeploymentAnswersTheMethodsThatItsBehaviourAllows() throws IOException {
    await().until(() -> ask("GET", "/").text().equals("home"));
    RawClient.Response options = ask("OPTIONS", "/files/a");
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(options.header("content-length")).isEmpty();
    RawClient.Response put = ask("PUT", "/files/a", "Content-Length: 0");
    assertThat(put.status()).isEqualTo(405);
    assertThat(put.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
    RawClient.Response refused = ask("OPTIONS", "/");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    assertThat(refused.header("x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void aDeploymentAndTheApiHaveNoWebSocket() throws IOException {
    await().until(() -> ask("GET", "/").text().equals("home"));
    String[] upgrade = {"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"};
    RawClient.Response refused = ask("GET", "/", upgrade);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("There is no WebSocket at this address");
    assertThat(ask("GET", "/", "Connection: Upgrade", "Upgrade: h2c").text()).isEqualTo("home");
    try (RawClient viewer = new RawClient(gateway.port())) {
      assertThat(viewer.get("api.example.org", "/v1/sites", upgrade).read().status())
          .isEqualTo(400);
    }
  }

  private static String framed(OriginServer.Request request) throws IOException {
    StringBuilder body = new StringBuilder();
    while (body.indexOf("\r\n\r\n") < 0) {
      int octet = request.in().read();
      if (octet < 0) {
        throw new IOException("body cut after " + body);
      }
      body.append((char) octet);
    }
    return body.toString();
  }

  /** RFC 9113, section 8.1. */
  @Test
  void interimResponsesAndTrailersPassOverHttp2() throws Exception {
    CompletableFuture<String> got = new CompletableFuture<>();
    origin.behave(
        request -> {
          request.send("HTTP/1.1 100 Continue\r\n\r\n");
          request.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
          got.complete(framed(request));
          request.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
          request.send("4\r\nbody\r\n0\r\nX-Sum: 42\r\nSet-Cookie: a=b\r\n\r\n");
        });
    await().until(() -> ask("GET", "/").text().equals("home"));
    try (RawHttp2Client viewer = new RawHttp2Client(gateway.tlsPort(), folder.resolve("ca.pem"))) {
      byte[] head =
          RawHttp2Client.request("POST", "/api/sum", "te", "trailers", "expect", "100-continue");
      viewer.send(RawHttp2Client.HEADERS, RawHttp2Client.END_HEADERS, 1, head);
      assertThat(viewer.fields(viewer.next(1)).status()).hasToString("100");
      Http2Headers hints = viewer.fields(viewer.next(1));
      assertThat(hints.status()).hasToString("103");
      assertThat(hints.get("link")).hasToString("</a.css>");
      viewer.send(RawHttp2Client.DATA, 0, 1, new byte[] {'a', 'b', 'c'});
      viewer.send(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          RawHttp2Client.block("x-sum", "7", "authorization", "x"));
      Http2Headers answer = viewer.fields(viewer.next(1));
      assertThat(answer.status()).hasToString("200");
      assertThat(answer.get("trailer")).hasToString("X-Sum");
      RawHttp2Client.Frame body = viewer.next(1);
      assertThat(body.latin()).isEqualTo("body");
      RawHttp2Client.Frame last = viewer.next(1);
      assertThat(last.type()).isEqualTo(RawHttp2Client.HEADERS);
      assertThat(last.last()).isTrue();
      Http2Headers trailers = viewer.fields(last);
      assertThat(trailers.get("x-sum")).hasToString("42");
      assertThat(trailers.size()).isEqualTo(1);
    }
    assertThat(got.get()).isEqualTo("3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n");
    assertThat(origin.requests().getLast().header("te")).isEqualTo("trailers");
  }

  @Test
  void viewersOverHttp2ShareTheCache() throws Exception {
    origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"\r\n"
                    + "Content-Length: 300000\r\n\r\n"
                    + "x".repeat(300_000)));
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(Trust.in(folder.resolve("ca.pem")))
            .build()) {
      URI uri = URI.create("https://localhost:" + gateway.tlsPort() + "/api/two");
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> each : all) {
        assertThat(each.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(each.get().body()).hasSize(300_000);
        assertThat(each.get().headers().firstValue("strict-transport-security")).isEmpty();
      }
      HttpResponse<String> unchanged =
          client.send(
              HttpRequest.newBuilder(uri).header("If-None-Match", "\"1\"").build(),
              BodyHandlers.ofString());
      assertThat(unchanged.statusCode()).isEqualTo(304);
      assertThat(unchanged.headers().allValues("date")).hasSize(1);
      assertThat(unchanged.headers().firstValue("cache-status").orElse("")).contains("hit");
    }
    assertThat(
            origin.requests().stream()
                .filter(request -> request.requestLine().contains("/base/api/two ")))
        .hasSize(1);
  }
}
