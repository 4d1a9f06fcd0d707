package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment with redirects and headers, through the whole gateway. */
class SiteRulesIT {
  private static final String RULES =
      """
      {"redirects":[
        {"line":1,"path":"/old/*","to":"/new/:splat","status":302},
        {"line":2,"path":"/page","to":"/forced","status":301,"force":true},
        {"line":3,"path":"/index.html","to":"/never","status":301},
        {"line":4,"path":"/spa/*","to":"/app.html","status":200},
        {"line":5,"path":"/latest.js","to":"/assets/index-BfT3x9aQ.js","status":200},
        {"line":6,"path":"/en/*","to":"/en/404.html","status":404},
        {"line":7,"path":"/gone","status":410},
        {"line":8,"path":"/home","to":"/de/","status":302,"languages":["de"]},
        {"line":9,"path":"/home","to":"/index.html","status":200},
        {"line":10,"path":"/staff","to":"/staff/","status":302,"cookies":["staff"]},
        {"line":11,"path":"/lost","to":"/not-there","status":200},
        {"line":12,"path":"/proxy/*","to":"http://127.0.0.1:PORT/base/v1/:splat","status":200},
        {"line":13,"path":"/outside/*","to":"http://127.0.0.1:PORT/other/:splat","status":200},
        {"line":14,"path":"/other","to":"https://192.0.2.1/","status":200},
        {"line":15,"path":"/_headers","to":"/app.html","status":200,"force":true},
        {"line":16,"scheme":"http","host":"docs.example.com","path":"/*",
         "to":"https://www.example.com/:splat","status":301,"force":true},
        {"line":17,"path":"/raw/*","to":"/:splat","status":301},
        {"line":18,"path":"/where","to":"/live","status":302,"contexts":["production"]},
        {"line":19,"path":"/where","to":"/next","status":302,"contexts":["alias:next"]},
        {"line":20,"path":"/where","to":"/draft","status":302,"contexts":["preview"]}],
       "headers":[
        {"line":1,"path":"/*","fields":[{"name":"X-Own","value":"everywhere"}]},
        {"line":3,"path":"/app*","fields":[{"name":"x-frame-options","value":null},
          {"name":"Cache-Control","value":"public, max-age=600"},
          {"name":"X-Own","value":"app"},{"name":"Vary","value":"X-Own"}]},
        {"line":8,"path":"/files/:name","fields":[{"name":"Content-Disposition",
          "value":"attachment; filename=:name"}]},
        {"line":10,"path":"/assets/*","fields":[{"name":"Cache-Control","value":"max-age=31536000"}]}
       ]}""";

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok(request.requestLine()));
    content.rules(RULES.replace("PORT", String.valueOf(origin.port())));
    content.publish(
        "demo",
        "aaaaaaaaaaaaaaaaaaaa",
        Page.html("/index.html", "home"),
        Page.html("/page", "page"),
        Page.html("/app.html", "app"),
        Page.html("/404.html", "nothing"),
        Page.html("/en/404.html", "nothing in English"),
        Page.html("/folder/index.html", "folder"),
        Page.of("/files/a b.txt", "text/plain", "0123456789"),
        Page.of("/assets/index-BfT3x9aQ.js", "text/javascript", "hashed"),
        Page.of("/_headers", "text/plain", "secret"),
        Page.of("/_redirects", "text/plain", "secret"));
    content.alias("demo", "next", "aaaaaaaaaaaaaaaaaaaa");
    content.alias("demo", "other", "aaaaaaaaaaaaaaaaaaaa");
    content.settings("demo", EdgeGatewayIT.settings(origin.port()));
    content.hosts("demo", "docs.example.com");
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> get("/").text().equals("home"));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    return ask("GET", "demo.localhost", path, headers);
  }

  private static RawClient.Response ask(String method, String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, host, path, headers)).read(!method.equals("HEAD"));
    }
  }

  @Test
  void rulesAreScopedToKindsOfHosts() throws IOException {
    assertThat(get("/where").header("location")).isEqualTo("/live");
    String deployment = "aaaaaaaaaaaaaaaaaaaa--demo.localhost";
    await().until(() -> ask("GET", deployment, "/").status() == 200);
    assertThat(ask("GET", deployment, "/where").header("location")).isEqualTo("/draft");
    assertThat(ask("GET", "next--demo.localhost", "/where").header("location")).isEqualTo("/next");
    assertThat(ask("GET", "other--demo.localhost", "/where").header("location"))
        .isEqualTo("/draft");
    assertThat(ask("GET", "docs.example.com", "/where").header("location"))
        .as("the rule of a host stands before it")
        .isEqualTo("https://www.example.com/where");
  }

  @Test
  void redirectsCarryTheDefaultsAndTheQuery() throws IOException {
    RawClient.Response moved = get("/old/a/b%20c?x=1");
    assertThat(moved.status()).isEqualTo(302);
    assertThat(moved.header("location")).isEqualTo("/new/a/b%20c?x=1");
    assertThat(moved.header("cache-control")).isEqualTo("public, max-age=0, must-revalidate");
    assertThat(moved.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(moved.header("vary")).isEmpty();
    assertThat(moved.header("x-own")).isEmpty();
    assertThat(ask("HEAD", "demo.localhost", "/old/x").header("location")).isEqualTo("/new/x");
  }

  @Test
  void aFileIsStrongerUnlessTheRuleIsForced() throws IOException {
    assertThat(get("/page").header("location")).isEqualTo("/forced");
    assertThat(get("/index.html").text()).isEqualTo("home");
  }

  @Test
  void anotherFileAnswersWithItsOwnValidators() throws IOException {
    RawClient.Response app = get("/spa/deep/link?x=1");
    assertThat(app.status()).isEqualTo(200);
    assertThat(app.text()).isEqualTo("app");
    assertThat(app.header("etag")).isEqualTo(get("/app.html").header("etag"));
    assertThat(get("/spa/deep", "If-None-Match: " + app.header("etag")).status()).isEqualTo(304);
    RawClient.Response latest = get("/latest.js");
    assertThat(latest.text()).isEqualTo("hashed");
    assertThat(latest.header("cache-control"))
        .as("the name asked for has no hash")
        .doesNotContain("immutable");
    assertThat(get("/lost").status()).isEqualTo(404);
    assertThat(get("/lost").text()).isEqualTo("nothing");
  }

  @Test
  void pagesForErrorsComeWithTheirStatus() throws IOException {
    RawClient.Response missing = get("/en/x");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).isEqualTo("nothing in English");
    assertThat(missing.header("etag")).isEmpty();
    assertThat(missing.header("x-own")).isEqualTo("everywhere");
    assertThat(get("/gone").status()).isEqualTo(410);
    assertThat(get("/gone").text()).isEqualTo("nothing");
  }

  @Test
  void answersVaryByWhatARuleLookedAt() throws IOException {
    RawClient.Response german = get("/home", "Accept-Language: de-AT, en;q=0.5");
    assertThat(german.status()).isEqualTo(302);
    assertThat(german.header("location")).isEqualTo("/de/");
    assertThat(german.header("vary")).isEqualTo("Accept-Language");
    RawClient.Response other = get("/home", "Accept-Language: en");
    assertThat(other.text()).isEqualTo("home");
    assertThat(other.header("vary")).isEqualTo("Accept-Encoding, Accept-Language");
    assertThat(get("/").header("vary")).as("the same blob").isEqualTo("Accept-Encoding");
    RawClient.Response staff = get("/staff");
    assertThat(staff.status()).isEqualTo(404);
    assertThat(staff.header("vary")).isEqualTo("Accept-Encoding, Cookie");
  }

  @Test
  void anOriginOfTheSettingsAnswersAndNoOther() throws IOException {
    RawClient.Response proxied = get("/proxy/a%20b?x=1");
    assertThat(proxied.status()).isEqualTo(200);
    assertThat(proxied.text()).isEqualTo("GET /base/v1/a%20b?x=1 HTTP/1.1");
    assertThat(origin.requests().getLast().header("x-key")).isEqualTo("secret");
    assertThat(proxied.header("x-own")).isEmpty();
    int before = origin.requests().size();
    assertThat(get("/outside/x").status()).as("not below the origin's prefix").isEqualTo(502);
    assertThat(get("/other").status()).as("no origin").isEqualTo(502);
    assertThat(ask("POST", "demo.localhost", "/proxy/x", "Content-Length: 0").status())
        .isEqualTo(405);
    assertThat(origin.requests()).hasSize(before);
  }

  /** Viewers know no other path; and a behaviour asks the same origin in another way. */
  @Test
  void whatAnOriginAnsweredIsInvalidatedByThePathAskedFor() throws IOException {
    await().until(() -> gateway.context().getBean(InvalidationLease.class).held());
    origin.behave(
        request -> {
          String body = request.requestLine();
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
        });
    try {
      assertThat(get("/proxy/kept").header("x-cache")).isEqualTo("Miss from portico");
      assertThat(get("/proxy/kept").header("x-cache")).isEqualTo("Hit from portico");
      for (String path : List.of("/v1/kept", "/base/v1/kept", "/proxy/other")) {
        invalidated(path);
        assertThat(get("/proxy/kept").header("x-cache")).as(path).isEqualTo("Hit from portico");
      }
      invalidated("/proxy/kept");
      assertThat(get("/proxy/kept").header("x-cache")).isEqualTo("Miss from portico");
      invalidated("/proxy/*");
      assertThat(get("/proxy/kept").header("x-cache")).isEqualTo("Miss from portico");
    } finally {
      origin.behave(request -> request.ok(request.requestLine()));
    }
  }

  private static void invalidated(String path) {
    long number = content.invalidate("demo", List.of(path), List.of());
    await().until(() -> content.confirmed() >= number);
  }

  @Test
  void rulesOfAHostHoldThereOnly() throws IOException {
    await().until(() -> ask("GET", "docs.example.com", "/page").status() == 301);
    assertThat(ask("GET", "docs.example.com", "/x?y").header("location"))
        .isEqualTo("https://www.example.com/x?y");
  }

  @Test
  void filesOfRulesAreShownToNobody() throws IOException {
    assertThat(get("/_redirects").status()).isEqualTo(404);
    assertThat(get("/_headers").status()).isEqualTo(404);
  }

  @Test
  void noRedirectLeadsToAnotherHost() throws IOException {
    assertThat(get("/raw//evil.example/x").header("location")).isEqualTo("/evil.example/x");
    assertThat(get("//raw/x").status()).isEqualTo(404);
  }

  @Test
  void fieldsAreSetAndRemovedOnEveryAnswerOfAFile() throws IOException {
    RawClient.Response home = get("/");
    assertThat(home.header("x-own")).isEqualTo("everywhere");
    assertThat(home.header("x-frame-options")).isEqualTo("SAMEORIGIN");
    for (int i = 0; i < 3; i++) { // from content-service, then from memory
      RawClient.Response app = get("/app.html");
      assertThat(app.header("x-own")).isEqualTo("everywhere, app");
      assertThat(app.header("x-frame-options")).isEmpty();
      assertThat(app.header("cache-control")).isEqualTo("public, max-age=600");
      assertThat(app.header("vary")).isEqualTo("Accept-Encoding, X-Own");
      assertThat(app.header("etag")).isNotEmpty();
    }
    RawClient.Response unchanged =
        get("/app.html", "If-None-Match: " + get("/app.html").header("etag"));
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("cache-control")).isEqualTo("public, max-age=600");
    RawClient.Response part = get("/files/a%20b.txt", "Range: bytes=2-4");
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("content-disposition")).isEqualTo("attachment; filename=a%20b.txt");
    RawClient.Response missing = get("/assets/none.js");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.header("cache-control"))
        .as("an error is not kept for a year")
        .isEqualTo("public, max-age=0, must-revalidate");
  }

  @Test
  void rulesComeBeforeTheApplicationThatAnswersForTheRest() throws IOException {
    content.settings(
        "demo", "{\"immutableAssets\":true,\"files\":{\"pretty\":true,\"notFound\":\"spa\"}}");
    try {
      await().until(() -> get("/deep/link").status() == 200);
      assertThat(get("/deep/link").text()).isEqualTo("home");
      assertThat(get("/deep/script.js").status()).isEqualTo(404);
      assertThat(get("/old/x").status()).isEqualTo(302);
      assertThat(get("/gone").status()).isEqualTo(410);
      assertThat(get("/app").text()).isEqualTo("app");
      assertThat(get("/app.html?x").header("location")).isEqualTo("/app?x");
    } finally {
      content.settings("demo", EdgeGatewayIT.settings(origin.port()));
      await().until(() -> get("/deep/link").status() == 404);
    }
  }
}
