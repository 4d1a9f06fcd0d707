package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.RevocationFollower;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.AuthInternalServer.SignIn;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.CookieBrowser;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API below a site's {@code /.portico/api}, and its CORS at its own host. */
class SiteApiIT {
  private static final String API = "/.portico/api";
  private static final String SITES = API + "/v1/sites?limit=1";
  private static final String APP = "https://app.example.com";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";

  private AuthInternalServer auth;
  private ContentFeedServer content;
  private OriginServer contentApi;
  private OriginServer authApi;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    contentApi = new OriginServer(request -> request.ok("content"));
    authApi = new OriginServer(request -> request.ok("auth"));
    for (String site : List.of("demo", "plain")) {
      content.publish(
          site, "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    }
    content.seal("demo", SECOND, ContentFeedServer.Page.html("/index.html", "preview"));
    content.settings("demo", "{\"api\":{\"mounted\":true,\"corsOrigins\":[\"" + APP + "\"]}}");
    gateway =
        new RunningGateway(
            "portico.session.auth-internal",
            auth.address(),
            "portico.session.auth-secret",
            AuthInternalServer.SECRET,
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.content-api",
            contentApi.url(),
            "portico.origin.auth-api",
            authApi.url());
    await().until(gateway::ready);
    await().until(() -> gateway.context().getBean(RevocationFollower.class).connected());
    await().until(() -> browser("demo", "").fetch("GET", SITES).status() == 401);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    contentApi.close();
    authApi.close();
  }

  private CookieBrowser browser(String site, String session) {
    CookieBrowser browser =
        new CookieBrowser(gateway.port(), site + ".localhost:" + gateway.port());
    if (!session.isEmpty()) {
      browser.cookies().put(PorticoCookies.SESSION, session);
    }
    return browser;
  }

  private CookieBrowser ann() {
    return browser("demo", auth.session("demo", auth.signIn("ann")));
  }

  private String own() {
    return "Origin: http://demo.localhost:" + gateway.port();
  }

  private OriginServer.Request last() {
    return contentApi.requests().getLast();
  }

  private long tokensAsked() {
    return auth.requests("/internal/sessions/access-token").size();
  }

  @Test
  void theServiceSeesTheAccountAndTheBrowserSeesNoToken() throws IOException {
    CookieBrowser ann = ann();
    ann.cookies().put("theme", "dark");
    contentApi.behave(
        request ->
            request.send(
                "HTTP/1.1 201 Created\r\nLocation: /v1/sites/x\r\nETag: \"1\"\r\n"
                    + "Cache-Control: public, max-age=60\r\nContent-Length: 2\r\n\r\nok"));
    RawClient.Response answer =
        ann.fetch("GET", SITES, "Authorization: Bearer mine", "Portico-Identity-Token: forged");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.header("location")).isEqualTo(API + "/v1/sites/x");
    assertThat(answer.header("etag")).isEqualTo("\"1\"");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("cross-origin-resource-policy")).isEqualTo("same-origin");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.headers().toString()).doesNotContain("token.of");
    assertThat(last().requestLine()).isEqualTo("GET /v1/sites?limit=1 HTTP/1.1");
    assertThat(last().headers().get("authorization")).containsExactly("Bearer token.of.ann");
    assertThat(last().header("cookie")).isEmpty();
    assertThat(last().header("portico-identity-token")).isEmpty();
    assertThat(last().header("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(ann.fetch("GET", API + "/v1/auth/me").text()).isEqualTo("auth");
    assertThat(authApi.requests().getLast().headers().get("authorization"))
        .containsExactly("Bearer token.of.ann");
    assertThat(tokensAsked()).isEqualTo(1);
  }

  @Test
  void bodiesStreamThrough() throws IOException {
    CookieBrowser ann = ann();
    contentApi.behave(
        request -> {
          String length = Long.toString(request.drain());
          request.send(
              "HTTP/1.1 200 OK\r\nContent-Length: " + length.length() + "\r\n\r\n" + length);
        });
    String body = "x".repeat(100_000);
    RawClient.Response answer = ann.submit(API + "/v1/sites/a/deployments", body, own());
    assertThat(answer.text()).isEqualTo("100000");
    assertThat(last().requestLine()).startsWith("POST /v1/sites/a/deployments ");
  }

  @Test
  void manyRequestsAskOnce() throws Exception {
    CookieBrowser ann = ann();
    String cookie =
        "Cookie: " + PorticoCookies.SESSION + "=" + ann.cookies().get(PorticoCookies.SESSION);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(threads.submit(() -> browser("demo", "").fetch("GET", SITES, cookie).status()));
      }
      for (Future<Integer> each : all) {
        assertThat(each.get()).isEqualTo(200);
      }
    }
    assertThat(tokensAsked()).isEqualTo(1);
  }

  @Test
  void withoutASessionThereIsNothing() throws IOException {
    int before = contentApi.requests().size();
    RawClient.Response answer = browser("demo", "").fetch("GET", SITES);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text()).contains("problems/sign-in-required");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"portico\"");
    assertThat(browser("demo", "A".repeat(43)).fetch("GET", SITES).status()).isEqualTo(401);
    // An access token of one's own belongs to the API's host.
    assertThat(browser("demo", "").fetch("GET", SITES, "Authorization: Bearer mine").status())
        .isEqualTo(401);
    String others = auth.session("plain", auth.signIn("bob"));
    assertThat(browser("demo", others).fetch("GET", SITES).status()).isEqualTo(401);
    assertThat(contentApi.requests()).hasSize(before);
  }

  @Test
  void aSignOutHolds() throws IOException {
    SignIn signIn = auth.signIn("ann");
    CookieBrowser ann = browser("demo", auth.session("demo", signIn));
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(200);
    auth.end(signIn);
    await().until(() -> ann.fetch("GET", SITES).status() == 401);
    CookieBrowser again = ann();
    assertThat(again.fetch("GET", SITES).status()).isEqualTo(200);
    assertThat(again.fetch("POST", "/.portico/auth/sign-out", own()).status()).isEqualTo(204);
    int before = contentApi.requests().size();
    assertThat(again.fetch("GET", SITES).status()).isEqualTo(401);
    assertThat(contentApi.requests()).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,,403",
    "POST,Origin: https://evil.example,403",
    "POST,Origin: null,403",
    "DELETE,Sec-Fetch-Site: same-site,403",
    "PUT,Sec-Fetch-Site: same-origin,200",
    "POST,OWN,200",
    "GET,,200",
    "GET,Sec-Fetch-Site: none,200",
    "GET,Sec-Fetch-Site: same-site,403",
    "GET,Sec-Fetch-Site: cross-site,403",
    "GET,Origin: https://other.localhost,403",
    "GET,OWN,200",
  })
  void onlyPagesOfThisHostAskIt(String method, String said, int status) throws IOException {
    CookieBrowser ann = ann();
    int before = contentApi.requests().size();
    String[] headers =
        said == null ? new String[0] : new String[] {said.equals("OWN") ? own() : said};
    RawClient.Response answer = ann.fetch(method, API + "/v1/sites/a", headers);
    assertThat(answer.status()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.text()).contains("problems/cross-origin");
      assertThat(answer.header("access-control-allow-origin")).isEmpty();
      assertThat(contentApi.requests()).hasSize(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,''",
    "GET,/",
    "GET,/internal/changes",
    "GET,/v1/../internal/changes",
    "GET,/v12",
    "GET,/v1/sites/demo/explain",
    "POST,/v1/sites/demo/explain",
    "GET,/v1/auth",
    "POST,/v1/auth/sign-in",
    "POST,/v1/auth/challenge/totp",
    "POST,/v1/auth/refresh",
    "POST,/v1/auth/sign-out",
    "POST,/v1/auth/forgot-password",
    "POST,/v1/auth/change-password",
    "POST,/v1/auth/credentials",
    "DELETE,/v1/auth/me",
    "PUT,/v1/auth/me/email",
    "PUT,/v1/auth/me//email",
    "PUT,/v1/auth/m%65/email",
    "PUT,/v1/auth/me%2Femail",
    "POST,/v1/auth/me/email/verify",
    "POST,/v1/auth/mfa/totp",
    "DELETE,/v1/auth/mfa/totp",
    "PUT,/v1/auth/groups/admins/members/mallory",
    "GET,/v1/auth/users",
    "POST,/v1/auth/users/ann/disable",
    "GET,/v1/auth/audit",
    "PUT,/v1/platform/freeze",
    "GET,/v1/platform/controls",
    "GET,/v1/%70latform/controls",
    "POST,/v1/platform/invalidations",
    "PUT,/v1/policies/shared",
    "POST,/v1/sites/other/tokens",
    "POST,/v1/sites/other/%74okens",
    "POST,/v1//sites/other/tokens",
    "POST,/v1/sites/other/tokens/",
    "DELETE,/v1/sites/other/tokens/t-1",
    "PUT,/v1/sites/other/members/mallory",
    "PUT,/v1/sites/other/settings",
    "POST,/v1/sites/other/settings/versions/1/restore"
  })
  void whatIsLeftOutIsNotThere(String method, String path) throws IOException {
    int before = contentApi.requests().size() + authApi.requests().size();
    assertThat(ann().fetch(method, API + path, own()).status()).isEqualTo(404);
    assertThat(contentApi.requests().size() + authApi.requests().size()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/auth/me,auth",
    "PATCH,/v1/auth/me,auth",
    "GET,/v1/sites/other/tokens,content",
    "GET,/v1/sites/other/members,content",
    "GET,/v1/sites/other/settings,content",
    "GET,/v1/policies/shared,content",
    "PUT,/v1/sites/other/aliases/next,content",
    "POST,/v1/sites/other/deployments/d-1/activate,content",
    "GET,/v1/sites/other/deployments/d-1/files/settings/tokens.txt,content"
  })
  void theRestIsThere(String method, String path, String service) throws IOException {
    RawClient.Response answer = ann().fetch(method, API + path, own());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(service);
  }

  @Test
  void thereIsNoWebSocket() throws IOException {
    RawClient.Response answer =
        ann().ask("GET", API + "/v1/sites", "Connection: Upgrade", "Upgrade: websocket", own());
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void aSiteThatDoesNotAskForItHasItNot() throws IOException {
    CookieBrowser ann = browser("plain", auth.session("plain", auth.signIn("ann")));
    int before = contentApi.requests().size();
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(404);
    assertThat(
            browser(SECOND + "--demo", auth.session("demo", auth.signIn("ann")))
                .fetch("GET", SITES)
                .status())
        .as("a preview is whatever somebody has uploaded")
        .isEqualTo(404);
    assertThat(ann().fetch("GET", "/.portico/apis/v1").status()).isEqualTo(404);
    content.settings("demo", "{}");
    CookieBrowser later = ann();
    await().until(() -> later.fetch("GET", SITES).status() == 404);
    assertThat(contentApi.requests()).hasSize(before);
  }

  @Test
  void withoutAuthServiceWhatIsKnownGoesOnForAMinuteAtMost() throws IOException {
    CookieBrowser ann = ann();
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(200);
    auth.failTokens(500);
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(200);
    CookieBrowser bob = browser("demo", auth.session("demo", auth.signIn("bob")));
    RawClient.Response answer = bob.fetch("GET", SITES);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotEmpty();
    auth.failTokens(0);
    assertThat(bob.fetch("GET", SITES).status()).isEqualTo(200);
    assertThat(last().headers().get("authorization")).containsExactly("Bearer token.of.bob");
  }

  @Test
  void aTokenThatIsAboutToExpireIsNotShown() throws IOException {
    auth.tokensLast(5);
    CookieBrowser ann = ann();
    int before = contentApi.requests().size();
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(503);
    assertThat(contentApi.requests()).hasSize(before);
    auth.tokensLast(300);
    assertThat(ann.fetch("GET", SITES).status()).isEqualTo(200);
  }

  private RawClient.Response api(String method, String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, "api.localhost", path, headers)).read();
    }
  }

  @Test
  void pagesOfAnOriginThatASiteNamesMayCallTheApiAtItsHost() throws IOException {
    int before = contentApi.requests().size();
    RawClient.Response preflight =
        api(
            "OPTIONS",
            "/v1/sites/a",
            "Origin: " + APP,
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: authorization,if-match");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo(APP);
    assertThat(preflight.header("access-control-allow-methods")).contains("PUT");
    assertThat(preflight.header("access-control-allow-headers"))
        .contains("Authorization", "If-Match");
    assertThat(preflight.header("access-control-allow-credentials")).isEmpty();
    assertThat(preflight.header("access-control-max-age")).isEqualTo("600");
    assertThat(preflight.header("vary")).isEqualTo("Origin");
    assertThat(contentApi.requests()).hasSize(before);

    RawClient.Response answer =
        api("GET", "/v1/sites", "Origin: " + APP, "Authorization: Bearer mine");
    assertThat(answer.text()).isEqualTo("content");
    assertThat(answer.header("access-control-allow-origin")).isEqualTo(APP);
    assertThat(answer.header("access-control-expose-headers")).contains("ETag");
    assertThat(answer.header("vary")).contains("Origin");
    assertThat(last().header("authorization")).isEqualTo("Bearer mine");
    assertThat(api("GET", "/none", "Origin: " + APP).header("access-control-allow-origin"))
        .as("errors can be read, too")
        .isEqualTo(APP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "null",
        "http://demo.localhost"
      })
  void pagesOfOtherOriginsMayNot(String origin) throws IOException {
    RawClient.Response preflight =
        api("OPTIONS", "/v1/sites", "Origin: " + origin, "Access-Control-Request-Method: PUT");
    assertThat(preflight.header("access-control-allow-origin")).isEmpty();
    assertThat(preflight.header("access-control-allow-methods")).isEmpty();
    RawClient.Response answer = api("GET", "/v1/sites", "Origin: " + origin);
    assertThat(answer.header("access-control-allow-origin")).isEmpty();
    assertThat(answer.header("vary")).contains("Origin");
  }

  @Test
  void anOriginIsAllowedAsLongAsSomeSiteNamesIt() throws IOException {
    content.settings("plain", "{\"api\":{\"corsOrigins\":[\"" + APP + "\"]}}");
    content.settings("demo", "{\"api\":{\"corsOrigins\":[\"https://x.example.com\"]}}");
    await()
        .until(
            () ->
                api("GET", "/v1", "Origin: https://x.example.com")
                    .header("access-control-allow-origin")
                    .equals("https://x.example.com"));
    assertThat(api("GET", "/v1", "Origin: " + APP).header("access-control-allow-origin"))
        .isEqualTo(APP);
    content.delete("plain");
    await()
        .until(
            () ->
                api("GET", "/v1", "Origin: " + APP)
                    .header("access-control-allow-origin")
                    .isEmpty());
  }
}
