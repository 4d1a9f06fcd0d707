package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RunningGateway;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why responses are as they are, asked over the API and of live requests. */
class ExplainIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String NEXT = "bbbbbbbbbbbbbbbbbbbb";
  private static final String MEMBER = "Authorization: Bearer pdt_demo_1_member";
  private static final String STRANGER = "Authorization: Bearer pdt_demo_2_stranger";
  private static final String FORBIDDEN = "{\"type\":\"https://portico.dev/problems/not-found\"}";
  private static final String RULES =
      """
      {"redirects":[
        {"line":12,"path":"/old/*","to":"/new/:splat","status":302},
        {"line":14,"path":"/spa/*","to":"/app.html","status":200},
        {"line":15,"path":"/home","to":"/de/","status":302,"languages":["de"]},
        {"line":16,"path":"/gone","status":410},
        {"line":17,"path":"/proxy/*","to":"http://127.0.0.1:PORT/base/v1/:splat","status":200}],
       "headers":[
        {"line":1,"path":"/*","fields":[{"name":"X-Own","value":"everywhere"}]},
        {"line":3,"path":"/app*","fields":[{"name":"x-frame-options","value":null},
          {"name":"X-Own","value":"app"}]}]}""";

  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static ContentFeedServer content;
  private static OriginServer api;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("unused"));
    api = new OriginServer(ExplainIT::content);
    content.rules(RULES.replace("PORT", String.valueOf(origin.port())));
    content.publish(
        "demo",
        LIVE,
        Page.html("/index.html", "home"),
        Page.html("/app.html", "app"),
        Page.html("/404.html", "nothing"),
        Page.html("/folder/index.html", "folder"),
        Page.of("/assets/app-4dd6fe53.js", "text/javascript", "hashed"),
        Page.of("/digits.txt", "text/plain", "0123456789"));
    content.rules("");
    content.seal("demo", NEXT, Page.html("/index.html", "next"), Page.html("/new.html", "new"));
    content.alias("demo", "trial", NEXT);
    content.policy("house", "{\"cache\":{\"id\":\"house\",\"maxTtlSeconds\":60}}");
    content.settings("demo", settings());
    content.publish("other", LIVE, Page.html("/index.html", "other"));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.content-api",
            api.url(),
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.response-cache.largest-body",
            "64KB",
            "portico.response-cache.slice-size",
            "64KB");
    await().until(gateway::ready);
    await().until(() -> get("demo.localhost", "/").text().equals("home"));
    await().until(() -> gateway.context().getBean(InvalidationLease.class).held());
  }

  private static String settings() {
    return """
    {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d,"pathPrefix":"/base",
       "headers":[{"name":"X-Key","value":"topsecret"}]}],
     "cachePolicies":[{"id":"off"},{"id":"pages","minTtlSeconds":0,"defaultTtlSeconds":60,
       "maxTtlSeconds":3600,"unsafeMinTtl":false,"headers":{"mode":"only","names":["x-lang"]},
       "cookies":{"mode":"only","names":["a"]},"query":{"mode":"only","names":["page"]},
       "sortQuery":true,"gzip":true,"brotli":true,"errorTtlSeconds":{},"viewerDirectives":false}],
     "responseHeadersPolicies":[{"id":"own","custom":[{"name":"X-Team","value":"a","override":true}],
       "remove":["Permissions-Policy"]}],
     "behaviours":[{"pattern":"/plain/*","origin":"app","allowedMethods":["GET","HEAD","POST"]},
      {"pattern":"/app/*","origin":"app","cachePolicy":"pages","allowedMethods":["GET","HEAD"]},
      {"pattern":"/safe/*","viewerProtocol":"redirect-to-https"},
      {"pattern":"/all/*","origin":"app","cachePolicy":"off","originRequestPolicy":"all"},
      {"pattern":"/guarded/*","accessPolicy":"staff"},
      {"pattern":"/near/*","accessPolicy":"near"},
      {"pattern":"/shared/*","origin":"app","cachePolicy":"house"}],
     "accessPolicies":[{"id":"staff","signedIn":true,"credentials":["session"]},
      {"id":"near","requiredAddresses":["127.0.0.0/8"],
       "password":{"value":"$argon2id$secret","rememberSeconds":60}}],
     "originRequestPolicies":[
      {"id":"all","headers":{"mode":"all"},"cookies":{"mode":"all"},"query":{"mode":"all"}}],
     "defaultBehaviour":{"responseHeadersPolicy":"own"}}\
    """
        .formatted(origin.port());
  }

  /** Content-service's public API, as far as it says who may read a site. */
  private static void content(OriginServer.Request request) throws IOException {
    boolean member = request.header("authorization").equals("Bearer pdt_demo_1_member");
    boolean demo = request.requestLine().equals("GET /v1/sites/demo HTTP/1.1");
    if (member && demo) {
      request.ok("{\"name\":\"demo\"}");
    } else {
      request.send(
          "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: "
              + FORBIDDEN.length()
              + "\r\n\r\n"
              + FORBIDDEN);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    api.close();
    origin.close();
  }

  @BeforeEach
  void answers() {
    origin.behave(
        request -> {
          request.drain();
          request.send(
              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=60\r\n"
                  + "X-Frame-Options: DENY\r\nX-Said: yes\r\n\r\nok");
        });
  }

  private static RawClient.Response get(String host, String path, String... headers)
      throws IOException {
    return ask("GET", host, path, headers);
  }

  private static RawClient.Response ask(String method, String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, host, path, headers)).read(!method.equals("HEAD"));
    }
  }

  private static RawClient.Response asked(String query, String... headers) throws IOException {
    return get("localhost", "/v1/sites/demo/explain?" + query, headers);
  }

  private static Map<String, Object> explain(String url, String... more) throws IOException {
    StringBuilder query = new StringBuilder("url=" + encode(url));
    for (String each : more) {
      int equals = each.indexOf('=');
      query.append('&').append(each, 0, equals + 1).append(encode(each.substring(equals + 1)));
    }
    RawClient.Response response = asked(query.toString(), MEMBER);
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(response.header("content-type")).isEqualTo("application/json");
    assertThat(response.header("cache-control")).isEqualTo("no-store");
    return json(response.text());
  }

  @Test
  void saysWhoWouldBeLetInAndWhatTheyWouldGet() throws IOException {
    Map<String, Object> guarded = explain("http://demo.localhost/guarded/none");
    assertThat(guarded.get("access"))
        .isEqualTo(List.of(Map.of("policy", "staff", "decision", "sign-in-required")));
    assertThat(guarded).containsEntry("status", 404);
    Map<String, Object> known =
        explain("http://demo.localhost/guarded/none", "header=Cookie: __Host-portico=topsecret");
    assertThat(known.toString()).doesNotContain("topsecret");
    assertThat(explain("http://demo.localhost/near/none").get("access"))
        .isEqualTo(List.of(Map.of("policy", "near", "decision", "password-required")));
    assertThat(explain("http://demo.localhost/near/none").toString()).doesNotContain("argon2id");
    assertThat(explain("http://demo.localhost/app.html")).doesNotContainKey("access");
  }

  /** Whoever may ask why is let in no further for that. */
  @Test
  void aMemberWhoIsNotSignedInIsToldWhy() throws IOException {
    RawClient.Response answer =
        get("demo.localhost", "/guarded/none", MEMBER, "Portico-Explain: 1");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("portico-explain"))
        .contains("\"access\":[{\"policy\":\"staff\",\"decision\":\"sign-in-required\"}]");
  }

  @Test
  void aChangeOfProtocolIsExplainedAndNotMade() throws IOException {
    origin.behave(
        request -> {
          request.send(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
          while (request.in().read() >= 0) {
            // until the other side goes
          }
        });
    int before = origin.gone();
    String[] asks = {
      MEMBER,
      "Portico-Explain: json",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };
    RawClient.Response instead = get("demo.localhost", "/plain/ws", asks);
    assertThat(instead.status()).isEqualTo(200);
    assertThat(at(json(instead.text()), "status")).isEqualTo(101);
    assertThat(instead.header("x-cache")).isEqualTo("Generated from portico");
    await().until(() -> origin.gone() > before);
    asks[1] = "Portico-Explain: 1";
    try (RawClient viewer = new RawClient(gateway.port())) {
      RawClient.Response switched = viewer.get("demo.localhost", "/plain/ws", asks).read();
      assertThat(switched.status()).isEqualTo(101);
      assertThat(at(json(switched.header("portico-explain")), "status")).isEqualTo(101);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> json(String text) throws IOException {
    return JSON.readValue(text, Argument.mapOf(String.class, Object.class));
  }

  private static Object at(Object node, String... path) {
    Object at = node;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return Objects.requireNonNullElse(at, "none");
  }

  /** Header field to what has set it. */
  private static Map<String, String> by(Map<String, Object> explanation) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Object each : (List<?>) at(explanation, "headers")) {
      all.put(String.valueOf(at(each, "name")), String.valueOf(at(each, "by")));
    }
    return all;
  }

  private static Map<String, String> values(Map<String, Object> explanation) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Object each : (List<?>) at(explanation, "headers")) {
      all.put(String.valueOf(at(each, "name")), String.valueOf(at(each, "value")));
    }
    return all;
  }

  /** What is explained is what is served. */
  private static void assertServed(Map<String, Object> explanation, RawClient.Response response) {
    assertThat(at(explanation, "status")).isEqualTo(response.status());
    Map<String, String> served = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : response.headers()) {
      int colon = line.indexOf(':');
      served.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    for (String framing : List.of("Content-Length", "Date", "X-Request-Id", "Connection")) {
      served.remove(framing);
    }
    Map<String, String> explained = values(explanation);
    explained.remove("Date");
    assertThat(explained).isEqualTo(served);
  }

  @Test
  void nobodyIsSignedInOrOutByAnExplanation() throws IOException {
    for (String path : List.of("sign-in", "callback?code=x&state=y", "sign-out", "me")) {
      Map<String, Object> why = explain("http://demo.localhost/.portico/auth/" + path);
      assertThat(at(why, "status")).as(path).isEqualTo(204);
      assertThat(by(why)).doesNotContainKeys("Set-Cookie", "Location");
    }
    RawClient.Response live =
        ask("POST", "demo.localhost", "/.portico/auth/sign-out", MEMBER, "Portico-Explain: 1");
    assertThat(live.status()).isEqualTo(204);
    assertThat(live.header("set-cookie")).isEmpty();
  }

  @Test
  void aFileWithItsRules() throws IOException {
    Map<String, Object> why = explain("/app.html");
    assertThat(at(why, "site")).isEqualTo("demo");
    assertThat(at(why, "host")).isEqualTo("live");
    assertThat(at(why, "deployment")).isEqualTo(LIVE);
    assertThat(at(why, "behaviour", "index")).isEqualTo("default");
    assertThat(at(why, "behaviour", "responseHeadersPolicy")).isEqualTo("own");
    assertThat(at(why, "file", "path")).isEqualTo("/app.html");
    assertThat(String.valueOf(at(why, "headerRules"))).contains("_headers:1", "_headers:3");
    Map<String, String> by = by(why);
    assertThat(by)
        .containsEntry("ETag", "file")
        .containsEntry("Cache-Control", "file")
        .containsEntry("X-Team", "responseHeadersPolicy own")
        .containsEntry("X-Content-Type-Options", "gateway")
        .containsEntry("X-Own", "_headers:1, _headers:3")
        .doesNotContainKeys("X-Frame-Options", "Permissions-Policy");
    assertThat(String.valueOf(at(why, "removed"))).contains("X-Frame-Options", "_headers:3");
    assertServed(why, get("demo.localhost", "/app.html"));
  }

  @Test
  void linesOfRedirects() throws IOException {
    Map<String, Object> moved = explain("http://demo.localhost:80/old/a?x=1");
    assertThat(at(moved, "redirect", "rule")).isEqualTo("_redirects:12");
    assertThat(at(moved, "redirect", "to")).isEqualTo("/new/a?x=1");
    assertThat(by(moved)).containsEntry("Location", "_redirects:12");
    assertThat(at(moved, "headerRules")).as("_headers are not for redirects").isEqualTo("none");
    assertServed(moved, get("demo.localhost", "/old/a?x=1"));
    Map<String, Object> rewritten = explain("/spa/deep");
    assertThat(at(rewritten, "redirect", "rule")).isEqualTo("_redirects:14");
    assertThat(at(rewritten, "file", "path")).isEqualTo("/app.html");
    assertServed(rewritten, get("demo.localhost", "/spa/deep"));
    Map<String, Object> german = explain("/home", "header=Accept-Language: de");
    assertThat(at(german, "redirect", "rule")).isEqualTo("_redirects:15");
    assertThat(by(german)).containsEntry("Vary", "_redirects");
    assertServed(german, get("demo.localhost", "/home", "Accept-Language: de"));
    Map<String, Object> english = explain("/home", "header=Accept-Language: en");
    assertThat(at(english, "redirect")).isEqualTo("none");
    assertThat(by(english)).containsEntry("Vary", "_redirects");
    assertServed(english, get("demo.localhost", "/home", "Accept-Language: en"));
    assertThat(at(explain("/gone"), "error")).isEqualTo("path-gone");
    assertThat(by(explain("/folder"))).containsEntry("Location", "file");
  }

  @Test
  void errorsConditionsRangesAndMethods() throws IOException {
    assertServed(explain("/none"), get("demo.localhost", "/none"));
    assertThat(at(explain("/a%2Fb"), "error")).isEqualTo("encoded-slash");
    assertThat(at(explain("/a%zz"), "error")).isEqualTo("invalid-path");
    assertThat(at(explain("/", "method=POST"), "status")).isEqualTo(405);
    Map<String, Object> part = explain("/digits.txt", "header=Range: bytes=2-4");
    assertServed(part, get("demo.localhost", "/digits.txt", "Range: bytes=2-4"));
    String etag = get("demo.localhost", "/").header("etag");
    Map<String, Object> unchanged = explain("/", "header=If-None-Match: " + etag);
    assertThat(at(unchanged, "status")).isEqualTo(304);
    assertServed(unchanged, get("demo.localhost", "/", "If-None-Match: " + etag));
    assertThat(at(explain("/safe/x"), "status")).isEqualTo(301);
  }

  @Test
  void aDeploymentThatIsNotActive() throws IOException {
    Map<String, Object> next = explain("/new.html", "deployment=" + NEXT);
    assertThat(at(next, "deployment")).isEqualTo(NEXT);
    assertThat(at(next, "status")).isEqualTo(200);
    assertThat(by(next)).doesNotContainKey("X-Robots-Tag");
    assertThat(at(explain("/new.html", "deployment=trial"), "status")).isEqualTo(200);
    assertThat(at(explain("/new.html"), "status")).isEqualTo(404);
    Map<String, Object> preview = explain("http://" + NEXT + "--demo.localhost/");
    assertThat(at(preview, "host")).isEqualTo("preview");
    assertThat(by(preview)).containsEntry("X-Robots-Tag", "preview");
    Map<String, Object> alias = explain("http://trial--demo.localhost/");
    assertThat(at(alias, "host")).isEqualTo("alias");
    assertThat(at(alias, "deployment")).isEqualTo(NEXT);
    assertThat(asked("url=/&deployment=cccccccccccccccccccc", MEMBER).status()).isEqualTo(400);
  }

  @Test
  void anAssetOfAnEarlierDeploymentIsSaidToBeOfIt() throws IOException {
    String asset = "/assets/app-4dd6fe53.js";
    assertThat(at(explain(asset), "fileDeployment")).isEqualTo("none");
    Map<String, Object> next = explain(asset, "deployment=" + NEXT);
    assertThat(at(next, "status")).isEqualTo(200);
    assertThat(at(next, "file", "path")).isEqualTo(asset);
    assertThat(at(next, "deployment")).as("whose rules hold").isEqualTo(NEXT);
    assertThat(at(next, "fileDeployment")).isEqualTo(LIVE);
    Map<String, Object> page = explain("/new.html", "deployment=" + NEXT);
    assertThat(at(page, "fileDeployment")).isEqualTo("none");
  }

  @Test
  void policiesThatSitesShareAreToldApart() throws IOException {
    Map<String, Object> why = explain("/shared/a");
    assertThat(at(why, "behaviour", "cachePolicy")).isEqualTo("house");
    assertThat(((Map<?, ?>) at(why, "behaviour", "sharedPolicies")).keySet())
        .hasToString("[house]");
    assertThat(at(explain("/app/a"), "behaviour", "sharedPolicies")).isEqualTo("none");
  }

  @Test
  void anOriginIsNotAskedAndItsSecretsAreNotShown() throws IOException {
    int before = origin.requests().size();
    RawClient.Response response =
        asked(
            "url=/app/unknown%3Fpage%3D2%26x%3D1&header=X-Lang:de&header=Cookie:a%3D1;b%3D2"
                + "&header=Accept-Encoding:br",
            MEMBER);
    assertThat(response.text()).doesNotContain("topsecret");
    Map<String, Object> why = json(response.text());
    assertThat(at(why, "behaviour", "index")).isEqualTo(1);
    assertThat(at(why, "behaviour", "cachePolicy")).isEqualTo("pages");
    assertThat(at(why, "cache", "stored")).isEqualTo("no");
    assertThat(at(why, "cache", "key", "query")).isEqualTo(List.of("page=2"));
    assertThat(at(why, "cache", "key", "cookies")).isEqualTo(List.of("a=1"));
    assertThat(at(why, "cache", "key", "headers", "x-lang")).isEqualTo("de");
    assertThat(at(why, "cache", "key", "codings")).isEqualTo("br");
    assertThat(at(why, "fetch", "from")).isEqualTo("app");
    assertThat(at(why, "fetch", "url"))
        .isEqualTo("http://127.0.0.1:" + origin.port() + "/base/app/unknown?page=2");
    assertThat(at(why, "fetch", "headers", "X-Key")).isEqualTo("(secret)");
    assertThat(at(why, "fetch", "headers", "cookie")).isEqualTo("a=1");
    assertThat(at(why, "status")).as("nobody has answered").isEqualTo("none");
    Map<String, Object> ruled = explain("/proxy/x");
    assertThat(at(ruled, "redirect", "rule")).isEqualTo("_redirects:17");
    assertThat(at(ruled, "fetch", "from")).isEqualTo("app");
    assertThat(origin.requests()).hasSize(before);
  }

  @Test
  void whatIsStoredAndForHowLong() throws IOException {
    assertThat(get("demo.localhost", "/app/kept").header("x-cache")).contains("Miss");
    Map<String, Object> why = explain("/app/kept");
    assertThat(at(why, "cache", "stored")).isEqualTo("fresh");
    assertThat(at(why, "cache", "decidedBy")).isEqualTo("max-age in Cache-Control");
    assertThat(by(why))
        .containsEntry("X-Said", "origin")
        .containsEntry("X-Frame-Options", "origin")
        .containsEntry("Referrer-Policy", "gateway")
        .containsEntry("X-Cache", "cache");
    assertThat(values(why)).containsEntry("X-Cache", "Hit from portico");
    assertThat(get("demo.localhost", "/plain/x").status()).isEqualTo(200);
    assertThat(at(explain("/plain/x", "method=POST"), "cache", "because")).isEqualTo("method");
  }

  @Test
  void onlyWhoMayReadTheSiteIsToldAnything() throws IOException {
    RawClient.Response refused = asked("url=/", STRANGER);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.text()).isEqualTo(FORBIDDEN);
    assertThat(asked("url=/").status()).isEqualTo(404);
    assertThat(get("localhost", "/v1/sites/other/explain?url=/", MEMBER).status()).isEqualTo(404);
    RawClient.Response other = asked("url=" + encode("http://other.localhost/"), MEMBER);
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.header("content-type")).isEqualTo("application/problem+json");
    assertThat(other.text()).contains("\"field\":\"url\"", "no host of this site");
    for (String query :
        List.of("", "url=ftp://x/", "url=/&header=x", "url=/&header=Host:%20a", "url=/&else=1")) {
      assertThat(asked(query, MEMBER).status()).as(query).isEqualTo(400);
    }
    RawClient.Response posted =
        ask("DELETE", "localhost", "/v1/sites/demo/explain", MEMBER, "Content-Length: 0");
    assertThat(posted.status()).isEqualTo(405);
  }

  @Test
  void aMemberIsToldOfTheLiveRequest() throws IOException {
    String asks = "Portico-Explain: 1";
    RawClient.Response file = get("demo.localhost", "/app.html", MEMBER, asks);
    assertThat(file.text()).isEqualTo("app");
    assertThat(file.header("cache-control")).as("for this member alone").isEqualTo("no-store");
    Map<String, Object> why = json(file.header("portico-explain"));
    assertThat(at(why, "file", "path")).isEqualTo("/app.html");
    assertThat(values(why)).containsEntry("Cache-Control", "public, max-age=0, must-revalidate");
    for (int i = 0; i < 2; i++) { // of the origin, then from memory
      RawClient.Response edge = get("demo.localhost", "/app/live", MEMBER, asks);
      assertThat(edge.text()).isEqualTo("ok");
      Map<String, Object> said = json(edge.header("portico-explain"));
      assertThat(by(said)).containsEntry("X-Said", "origin");
      assertThat(at(said, "cache", "decidedBy")).isEqualTo("max-age in Cache-Control");
      assertThat(values(said)).containsEntry("Cache-Control", "max-age=60");
    }
    OriginServer.Request sent = origin.requests().getLast();
    assertThat(sent.header("portico-explain")).isEmpty();
    assertThat(sent.header("authorization")).as("it is for Portico").isEmpty();
    assertThat(get("demo.localhost", "/app/live").header("x-cache")).isEqualTo("Hit from portico");
  }

  @Test
  void theExplanationCanComeInsteadOfTheContent() throws IOException {
    for (String path :
        List.of("/app.html", "/app/instead", "/app/instead", "/none", "/digits.txt")) {
      RawClient.Response response = get("demo.localhost", path, MEMBER, "Portico-Explain: json");
      assertThat(response.header("content-type")).as(path).isEqualTo("application/json");
      assertThat(response.header("cache-control")).isEqualTo("no-store");
      assertThat(response.header("cache-status")).isEqualTo("portico; detail=explain");
      assertThat(response.header("x-cache")).isEqualTo("Generated from portico");
      Map<String, Object> why = json(response.text());
      assertThat(at(why, "status")).isEqualTo(path.equals("/none") ? 404 : 200);
      assertThat(at(why, "site")).isEqualTo("demo");
    }
  }

  @Test
  void nobodyElseNoticesAnything() throws IOException {
    origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=60\r\n"
                    + "Vary: Portico-Explain\r\n\r\nok"));
    for (String value : List.of("1", "json", "other")) {
      for (String[] who : new String[][] {{}, {STRANGER}, {"Authorization: Basic eDp5"}}) {
        String[] with = Arrays.copyOf(who, who.length + 1);
        with[who.length] = "Portico-Explain: " + value;
        for (String path : List.of("/app.html", "/none", "/old/x")) {
          RawClient.Response plain = get("demo.localhost", path, who);
          RawClient.Response asking = get("demo.localhost", path, with);
          assertThat(same(asking)).isEqualTo(same(plain));
        }
      }
      assertThat(get("demo.localhost", "/app/nobody", "Portico-Explain: " + value).text())
          .isEqualTo("ok");
      assertThat(origin.requests().getLast().header("portico-explain")).isEmpty();
    }
    assertThat(get("demo.localhost", "/app/nobody").header("x-cache"))
        .as("no part of the key")
        .isEqualTo("Hit from portico");
  }

  private static List<String> same(RawClient.Response response) {
    List<String> lines =
        new ArrayList<>(
            response.headers().stream()
                .filter(line -> !line.startsWith("X-Request-Id") && !line.startsWith("Date"))
                .toList());
    lines.add(response.statusLine());
    lines.add(response.text().replaceAll("Request [0-9a-f]{32}", ""));
    return lines;
  }

  @Test
  void aShareOfARelease() throws IOException {
    content.release("demo", NEXT, 50);
    try {
      String has = "Cookie: portico-release=" + NEXT + ".0";
      await().until(() -> get("demo.localhost", "/", has).text().equals("next"));
      Map<String, Object> why = explain("/", "header=" + has);
      assertThat(at(why, "host")).isEqualTo("release");
      assertThat(at(why, "deployment")).isEqualTo(NEXT);
      assertThat(at(why, "release", "percent")).isEqualTo(50);
      Map<String, Object> other = explain("/");
      assertThat(at(other, "host")).isEqualTo("live");
      assertThat(at(other, "deployment")).isEqualTo(LIVE);
      assertThat(at(other, "release", "percent")).isEqualTo(50);
    } finally {
      content.release("demo", null, 0);
      await().until(() -> get("demo.localhost", "/").header("vary").equals("Accept-Encoding"));
    }
  }

  /** RFC 9113, section 8.2.1: names in lower case. */
  @Test
  void overHttp2Too() throws IOException {
    Socket connection = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    try (RawHttp2Client viewer = new RawHttp2Client(connection)) {
      viewer.send(RawHttp2Client.PREFACE);
      viewer.send(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
      byte[] head =
          RawHttp2Client.block(
              ":method",
              "GET",
              ":scheme",
              "http",
              ":authority",
              "demo.localhost",
              ":path",
              "/app.html",
              "authorization",
              MEMBER.substring("Authorization: ".length()),
              "portico-explain",
              "1");
      int flags = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
      viewer.send(RawHttp2Client.HEADERS, flags, 1, head);
      Http2Headers answer = viewer.fields(viewer.next(1));
      assertThat(answer.status()).hasToString("200");
      Map<String, Object> why = json(String.valueOf(answer.get("portico-explain")));
      assertThat(at(why, "file", "path")).isEqualTo("/app.html");
    }
  }

  @Test
  void whatIsStaleAndWhatIsNotKept() throws IOException {
    origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=0\r\n"
                    + "ETag: \"1\"\r\n\r\nok"));
    assertThat(get("demo.localhost", "/app/stale").status()).isEqualTo(200);
    int before = origin.requests().size();
    Map<String, Object> stale = explain("/app/stale");
    assertThat(at(stale, "cache", "stored")).isEqualTo("stale");
    assertThat(at(stale, "fetch", "because")).isEqualTo("stale");
    assertThat(at(stale, "fetch", "headers", "If-None-Match")).isEqualTo("\"1\"");
    assertThat(origin.requests()).hasSize(before);
    origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: private\r\n\r\nok"));
    RawClient.Response live =
        get("demo.localhost", "/app/private", MEMBER, "Portico-Explain: json");
    Map<String, Object> why = json(live.text());
    assertThat(at(why, "cache", "kept")).isEqualTo(false);
    assertThat(at(why, "cache", "because")).isEqualTo("private");
  }

  @Test
  void whatIsKeptInSlices() throws IOException {
    int size = 200_000;
    origin.behave(request -> sliced(request, size));
    assertThat(get("demo.localhost", "/app/large").text()).hasSize(size);
    int before = origin.requests().size();
    Map<String, Object> whole = explain("/app/large");
    assertThat(at(whole, "status")).isEqualTo(200);
    assertThat(at(whole, "cache", "stored")).isEqualTo("fresh");
    Map<String, Object> part = explain("/app/large", "header=Range: bytes=5-9");
    assertThat(at(part, "status")).isEqualTo(206);
    assertThat(values(part)).containsEntry("Content-Range", "bytes 5-9/" + size);
    assertThat(origin.requests()).hasSize(before);
  }

  private static void sliced(OriginServer.Request request, int size) throws IOException {
    String range = request.header("range");
    int first = 0;
    int last = size - 1;
    if (!range.isEmpty()) {
      String[] ends = range.substring("bytes=".length()).split("-", -1);
      first = Integer.parseInt(ends[0]);
      last = Math.min(last, Integer.parseInt(ends[1]));
    }
    request.send(
        String.join(
            "\r\n",
            range.isEmpty() ? "HTTP/1.1 200 OK" : "HTTP/1.1 206 Partial Content",
            "Content-Length: " + (last - first + 1),
            range.isEmpty()
                ? "X-All: yes"
                : "Content-Range: bytes %d-%d/%d".formatted(first, last, size),
            "Accept-Ranges: bytes",
            "ETag: \"1\"",
            "Cache-Control: max-age=60",
            "",
            "x".repeat(last - first + 1)));
  }

  @Test
  void whenNobodyCanTellWhoMayNobodyMay() throws IOException {
    String unknown = "Authorization: Bearer pdt_demo_3_unknown";
    api.behave(
        request -> request.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));
    try {
      assertNothingIsServed(unknown);
      assertNothingIsServed("Authorization: Bearer e30.e30.unknown");
      assertThat(get("demo.localhost", "/app.html", unknown).text()).isEqualTo("app");
      assertThat(asked("url=/", unknown).status()).isEqualTo(503);
      api.behave(request -> request.socket().close());
      assertThat(asked("url=/", unknown).status()).isEqualTo(502);
      assertNothingIsServed(unknown);
      api.behave(OriginServer.Request::hang);
      assertNothingIsServed(unknown);
    } finally {
      api.behave(ExplainIT::content);
    }
    assertThat(asked("url=/", unknown).status()).as("not remembered").isEqualTo(404);
  }

  /** The origin would get the token, and the member something that was not asked for. */
  private static void assertNothingIsServed(String credentials) throws IOException {
    int before = origin.requests().size();
    for (String path : List.of("/app.html", "/all/token")) {
      RawClient.Response response =
          get("demo.localhost", path, credentials, "Portico-Explain: json");
      assertThat(response.status()).as(path).isEqualTo(503);
    }
    assertThat(origin.requests()).hasSize(before);
  }

  @Test
  void anOriginGetsNoTokenOfPorticosWhereTheFieldIsThere() throws IOException {
    String web = "Authorization: Bearer e30.e30.e30";
    for (String value : List.of("1", "json", "true", "")) {
      for (String who : List.of(STRANGER, web)) {
        String asks = "Portico-Explain: " + value;
        assertThat(get("demo.localhost", "/all/token", who, asks).text()).isEqualTo("ok");
        assertThat(origin.requests().getLast().header("authorization")).as(asks).isEmpty();
      }
    }
    assertThat(get("demo.localhost", "/all/token", MEMBER, "Portico-Explain: true").text())
        .isEqualTo("ok");
    assertThat(origin.requests().getLast().header("authorization")).isEmpty();
    assertThat(get("demo.localhost", "/all/token", web).text()).isEqualTo("ok");
    assertThat(origin.requests().getLast().header("authorization"))
        .as("without the field it is as ever")
        .isEqualTo("Bearer e30.e30.e30");
    String other = "Authorization: Basic eDp5";
    get("demo.localhost", "/all/token", other, "Portico-Explain: 1");
    assertThat(origin.requests().getLast().header("authorization")).isEqualTo("Basic eDp5");
  }

  /** It would wait for ever for its viewer to take more. */
  @Test
  void whoGoesWhileTheRightIsAskedForLeavesNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    int size = 30_000_000;
    origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                    + size
                    + "\r\n\r\n"
                    + "x".repeat(size)));
    api.behave(
        request -> {
          boolean late = request.header("authorization").equals("Bearer pdt_demo_4_late");
          if (late) {
            pass(gate);
          }
          content(request);
        });
    int asked = api.requests().size();
    Socket connection = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    try (RawHttp2Client viewer = new RawHttp2Client(connection)) {
      viewer.send(RawHttp2Client.PREFACE);
      viewer.send(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
      ask(viewer, 1, "/app/gone");
      await().until(() -> api.requests().size() > asked);
      viewer.send(RawHttp2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
      // What is answered on another stream comes after the reset was read.
      ask(viewer, 3, "/app.html");
      gate.countDown();
      assertThat(viewer.fields(viewer.next(3)).status()).hasToString("200");
      EdgeServing serving = gateway.context().getBean(EdgeServing.class);
      await().until(() -> serving.flights() == 0 && serving.loadingBytes() == 0);
      assertThat(origin.requests())
          .noneMatch(request -> request.requestLine().contains("/app/gone"));
    } finally {
      gate.countDown();
      api.behave(ExplainIT::content);
    }
  }

  private static void pass(CountDownLatch gate) throws IOException {
    try {
      if (!gate.await(10, TimeUnit.SECONDS)) {
        throw new IOException("the gate stayed shut");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void ask(RawHttp2Client viewer, int stream, String path) throws IOException {
    byte[] head =
        RawHttp2Client.block(
            ":method",
            "GET",
            ":scheme",
            "http",
            ":authority",
            "demo.localhost",
            ":path",
            path,
            "authorization",
            "Bearer pdt_demo_4_late",
            "portico-explain",
            "1");
    int flags = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
    viewer.send(RawHttp2Client.HEADERS, flags, stream, head);
  }

  @Test
  void whatIsExplainedInsteadIsKeptAsItSays() throws IOException {
    int size = 60_000;
    origin.behave(
        request -> {
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                  + size
                  + "\r\n\r\n");
          for (int i = 0; i < size; i += 1_000) {
            request.send("x".repeat(1_000));
          }
        });
    RawClient.Response response =
        get("demo.localhost", "/app/kept-instead", MEMBER, "Portico-Explain: json");
    assertThat(at(json(response.text()), "cache", "kept")).isEqualTo(true);
    await().until(() -> gateway.context().getBean(EdgeServing.class).flights() == 0);
    RawClient.Response next = get("demo.localhost", "/app/kept-instead");
    assertThat(next.header("x-cache")).isEqualTo("Hit from portico");
    assertThat(next.text()).hasSize(size);
  }

  @Test
  void whatIsRevalidatedIsKept() throws IOException {
    origin.behave(
        request ->
            request.send(
                request.header("if-none-match").isEmpty()
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=0\r\n"
                        + "ETag: \"1\"\r\n\r\nok"
                    : String.join(
                        "\r\n", "HTTP/1.1 304 Not Modified", "Cache-Control: max-age=50", "", "")));
    assertThat(get("demo.localhost", "/app/renewed").text()).isEqualTo("ok");
    RawClient.Response response =
        get("demo.localhost", "/app/renewed", MEMBER, "Portico-Explain: 1");
    Map<String, Object> why = json(response.header("portico-explain"));
    assertThat(at(why, "cache", "stored")).isEqualTo("stale");
    assertThat(at(why, "cache", "kept")).isEqualTo(true);
    assertThat(at(why, "cache", "ttl")).as("a second may have begun").isIn(48, 49, 50);
    assertThat(at(why, "fetch", "because")).isEqualTo("stale");
  }

  @Test
  void repeatedFieldsAreToldTogether() throws IOException {
    Map<String, Object> why = explain("/all/x", "header=X-Many: a", "header=X-Many: b");
    assertThat(at(why, "fetch", "headers", "X-Many")).isEqualTo("a, b");
  }

  @Test
  void whatCannotBeSupposed() throws IOException {
    RawClient.Response preview =
        asked("url=" + encode("http://trial--demo.localhost/") + "&deployment=" + NEXT, MEMBER);
    assertThat(preview.status()).isEqualTo(400);
    assertThat(preview.text()).contains("\"field\":\"url\"", "no activation changes");
    assertThat(asked("url=/&header=Portico-Explain:1", MEMBER).status()).isEqualTo(400);
  }

  @Test
  void rightsAreAskedForOnceInAWhile() throws IOException {
    await()
        .until(
            () -> {
              explain("/");
              int before = api.requests().size();
              explain("/");
              return api.requests().size() == before;
            });
  }
}
