package dev.portico.gateway.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.signin.SignInAttempt;
import dev.portico.gateway.access.signin.SignInCookies;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.CookieBrowser;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at a site, as a browser goes through it, and what may not come of it. */
class SignInIT {
  private static final String ME = "/.portico/auth/me";
  private static final String SIGN_IN = "/.portico/auth/sign-in";

  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("from the origin"));
    ContentFeedServer.Page home = ContentFeedServer.Page.html("/index.html", "home");
    // A deployment may hold such files; nobody gets them.
    ContentFeedServer.Page shadow = ContentFeedServer.Page.html(ME, "shadowed");
    content.publish("demo", "aaaaaaaaaaaaaaaaaaaa", home, shadow);
    content.hosts("demo", "www.example.com");
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "behaviours":[{"pattern":"/.portico/*","origin":"app","viewerProtocol":"https-only",
           "allowedMethods":["GET","HEAD","OPTIONS","PUT","POST","PATCH","DELETE"]}]}\
        """
            .formatted(origin.port()));
    gateway =
        gateway(
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.public-https-port",
            "8443");
  }

  private static RunningGateway gateway(String... more) throws IOException {
    String[] settings = new String[more.length + 8];
    System.arraycopy(auth.settings(), 0, settings, 0, 4);
    settings[4] = "portico.origin.content-internal";
    settings[5] = content.address();
    settings[6] = "portico.origin.content-secret";
    settings[7] = ContentFeedServer.SECRET;
    System.arraycopy(more, 0, settings, 8, more.length);
    RunningGateway started = new RunningGateway(settings);
    await().until(started::ready);
    return started;
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
  }

  @AfterEach
  void heal() {
    auth.away(false);
    auth.fail(0);
    auth.otherNonce(null);
  }

  private static CookieBrowser browser() {
    return new CookieBrowser(gateway.port(), "demo.localhost:" + gateway.port());
  }

  private static String query(String name, String value) {
    return "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** The path and query of where a browser is sent back to. */
  private static String path(String address) {
    URI uri = URI.create(address);
    return uri.getRawPath() + '?' + uri.getRawQuery();
  }

  private static RawClient.Response signIn(CookieBrowser browser, String returnPath)
      throws IOException {
    RawClient.Response sent = browser.visit(SIGN_IN + query("return", returnPath));
    assertThat(sent.status()).as(sent.text()).isEqualTo(302);
    return browser.visit(path(auth.visit(sent.header("location"), auth.signIn("ann", "staff"))));
  }

  private static List<String> attempts(CookieBrowser browser) {
    return browser.cookies().keySet().stream()
        .filter(name -> name.startsWith(SignInAttempt.COOKIE))
        .toList();
  }

  @Test
  void aBrowserSignsInAndComesBack() throws IOException {
    CookieBrowser browser = browser();
    RawClient.Response sent = browser.visit(SIGN_IN + query("return", "/guide/?page=2&x=a%20b"));
    assertThat(sent.status()).isEqualTo(302);
    assertThat(sent.header("cache-control")).isEqualTo("no-store");
    assertThat(sent.header("x-content-type-options")).isEqualTo("nosniff");
    Map<String, Object> asked = auth.asked(sent.header("location"));
    assertThat(asked)
        .containsEntry("site", "demo")
        .containsEntry(
            "redirectUri", "http://demo.localhost:" + gateway.port() + "/.portico/auth/callback");
    assertThat(asked.get("prompt")).isNull();
    assertThat(String.valueOf(asked.get("state"))).hasSize(22);
    assertThat(String.valueOf(asked.get("codeChallenge"))).hasSize(43);
    assertThat(attempts(browser)).hasSize(1);

    String back = auth.visit(sent.header("location"), auth.signIn("ann", "staff", "editors"));
    RawClient.Response returned = browser.visit(path(back));
    assertThat(returned.status()).isEqualTo(303);
    assertThat(returned.header("location")).isEqualTo("/guide/?page=2&x=a%20b");
    assertThat(returned.header("cache-control")).isEqualTo("no-store");
    assertThat(attempts(browser)).isEmpty();
    String session = browser.cookies().get(PorticoCookies.SESSION);
    assertThat(PorticoCookies.SESSION + "=" + session).hasSizeLessThanOrEqualTo(128);

    int queries = auth.queries();
    RawClient.Response me = browser.fetch("GET", ME);
    assertThat(me.status()).isEqualTo(200);
    assertThat(me.header("cache-control")).isEqualTo("no-store");
    assertThat(me.header("content-type")).isEqualTo("application/json");
    assertThat(me.text())
        .startsWith("{\"signedIn\":true,\"subject\":\"")
        .contains("\"username\":\"ann\",\"email\":\"ann@example.com\",\"name\":\"ANN\"")
        .contains("\"groups\":[\"editors\",\"staff\"],\"expiresAt\":");
    assertThat(auth.queries()).as("the session was known from its opening").isEqualTo(queries);
    assertThat(origin.requests()).as("nothing of it goes to origins").isEmpty();
  }

  @Test
  void anotherAccountIsAskedFor() throws IOException {
    CookieBrowser browser = browser();
    RawClient.Response sent = browser.visit(SIGN_IN + "?prompt=login");
    assertThat(auth.asked(sent.header("location"))).containsEntry("prompt", "login");
  }

  /** RFC 6749, section 10.12: whoever comes back must be the one who went. */
  @Test
  void anotherBrowserCannotComeBack() throws IOException {
    String location = browser().visit(SIGN_IN).header("location");
    String back = auth.visit(location, auth.signIn("mallory"));
    CookieBrowser victim = browser();
    RawClient.Response refused = victim.visit(path(back));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("location")).isEmpty();
    assertThat(refused.text()).contains("cookies are blocked").contains("prompt=login");
    assertThat(victim.cookies()).isEmpty();
    victim.visit(SIGN_IN);
    assertThat(victim.visit(path(back)).status())
        .as("nor with an attempt of its own")
        .isEqualTo(400);
    assertThat(victim.cookies()).doesNotContainKey(PorticoCookies.SESSION);
  }

  @Test
  void aStateThatDiffersInItsEndIsAnother() throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    String state = back.replaceFirst(".*[?&]state=([^&]*).*", "$1");
    String other = state.substring(0, 8) + "AAAAAAAAAAAAAA";
    assertThat(browser.visit(path(back.replace(state, other))).status()).isEqualTo(400);
    assertThat(browser.visit(path(back) + "&state=" + state).status())
        .as("two states are none")
        .isEqualTo(400);
    assertThat(browser.cookies()).doesNotContainKey(PorticoCookies.SESSION);
    assertThat(browser.visit(path(back)).status()).isEqualTo(303);
  }

  /** RFC 9207: the answer of another issuer is none. */
  @ParameterizedTest
  @ValueSource(strings = {"&iss=https%3A%2F%2Fevil.example", ""})
  void onlyWhoWasAskedAnswers(String issuer) throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    int redeemed = auth.requests("/internal/sessions").size();
    String mixedUp = path(back).replaceFirst("&iss=.*", issuer);
    assertThat(browser.visit(mixedUp).status()).isEqualTo(400);
    assertThat(auth.requests("/internal/sessions")).hasSize(redeemed);
    assertThat(browser.cookies()).doesNotContainKey(PorticoCookies.SESSION);
  }

  @Test
  void whatCameBackServesOnce() throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    Map<String, String> before = Map.copyOf(browser.cookies());
    assertThat(browser.visit(path(back)).status()).isEqualTo(303);
    assertThat(browser.visit(path(back)).status()).as("its cookie is gone").isEqualTo(400);
    CookieBrowser copy = browser();
    copy.cookies().putAll(before);
    RawClient.Response replayed = copy.visit(path(back));
    assertThat(replayed.status()).isEqualTo(400);
    assertThat(replayed.text()).contains("was used already");
    assertThat(attempts(copy)).isEmpty();
    assertThat(copy.cookies()).doesNotContainKey(PorticoCookies.SESSION);
  }

  @Test
  void aSessionForAnotherSignInIsEndedAtOnce() throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    auth.otherNonce("AAAAAAAAAAAAAAAAAAAAAA");
    int ends = auth.requests("/internal/sessions/end").size();
    assertThat(browser.visit(path(back)).status()).isEqualTo(400);
    assertThat(browser.cookies()).doesNotContainKey(PorticoCookies.SESSION);
    assertThat(auth.requests("/internal/sessions/end")).hasSize(ends + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "access_denied,400,was cancelled",
    "invalid_request,400,was cancelled",
    "server_error,503,not possible at the moment",
    "temporarily_unavailable,503,not possible at the moment",
  })
  void whatWentWrongIsSaidOnAPage(String error, int status, String said) throws IOException {
    CookieBrowser browser = browser();
    String back = auth.refuse(browser.visit(SIGN_IN).header("location"), error);
    RawClient.Response page = browser.visit(path(back));
    assertThat(page.status()).isEqualTo(status);
    assertThat(page.text()).contains(said);
    assertThat(page.header("content-security-policy")).contains("default-src 'none'");
    assertThat(page.header("x-frame-options")).isEqualTo("DENY");
    assertThat(attempts(browser)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'de-CH,de;q=0.9,en;q=0.8',de,wurde nicht abgeschlossen",
    "'fr',fr,abouti",
    "'ja',en,was not completed",
    "';;q=x',en,was not completed",
  })
  void pagesSpeakTheViewersLanguage(String accepted, String language, String said)
      throws IOException {
    RawClient.Response page =
        browser().visit("/.portico/auth/callback?code=x", "Accept-Language: " + accepted);
    assertThat(page.header("content-language")).isEqualTo(language);
    assertThat(page.text()).contains("lang=\"" + language + "\"").contains(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        " //evil.example",
        "/.portico/auth/sign-in?return=/",
        "/.portico/auth/callback",
        "evil.example",
        ""
      })
  void nobodyIsSentElsewhere(String returnPath) throws IOException {
    RawClient.Response returned = signIn(browser(), returnPath);
    assertThat(returned.status()).isEqualTo(303);
    assertThat(returned.header("location")).isEqualTo("/");
  }

  @Test
  void noReturnPathIsTooLongForACookie() throws IOException {
    String longest = "/" + "x".repeat(1_499);
    assertThat(signIn(browser(), longest).header("location")).isEqualTo(longest);
    assertThat(signIn(browser(), longest + "x").header("location")).isEqualTo("/");
  }

  @Test
  void aForgedCookieLeadsNobodyElsewhere() throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    String name = attempts(browser).getFirst();
    String value = requireNonNull(browser.cookies().get(name));
    String[] parts = value.split("\\.", -1);
    parts[4] =
        Base64.getUrlEncoder().encodeToString("//evil.example".getBytes(StandardCharsets.US_ASCII));
    browser.cookies().put(name, String.join(".", parts));
    assertThat(browser.visit(path(back)).header("location")).isEqualTo("/");
  }

  /** Session fixation: what was there before is worth nothing afterwards. */
  @Test
  void aSessionIsNeverTheOneFromBefore() throws IOException {
    CookieBrowser browser = browser();
    String planted = auth.session("demo", auth.signIn("mallory"));
    browser.cookies().put(PorticoCookies.SESSION, planted);
    assertThat(signIn(browser, "/").status()).isEqualTo(303);
    assertThat(browser.cookies().get(PorticoCookies.SESSION)).isNotEqualTo(planted);
    assertThat(browser.fetch("GET", ME).text()).contains("\"username\":\"ann\"");
  }

  @Test
  void whoIsSentBackAtOnceIsNotSentInCircles() throws IOException {
    CookieBrowser browser = browser();
    signIn(browser, "/");
    browser.cookies().remove(PorticoCookies.SESSION);
    RawClient.Response page = browser.visit(SIGN_IN + "?return=/");
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.text()).contains("does not take it").contains("prompt=login");
    assertThat(browser.cookies()).doesNotContainKey(SignInCookies.JUST_NOW);
    assertThat(browser.visit(SIGN_IN + "?return=/").status()).as("by its own will").isEqualTo(302);
  }

  @Test
  void whoIsSignedInAlreadyGoesBack() throws IOException {
    CookieBrowser browser = browser();
    signIn(browser, "/");
    RawClient.Response again = browser.visit(SIGN_IN + "?return=/b.txt");
    assertThat(again.status()).isEqualTo(302);
    assertThat(again.header("location")).isEqualTo("/b.txt");
    assertThat(browser.fetch("GET", ME).status()).isEqualTo(200);
  }

  @Test
  void aBrowserKeepsFourAttempts() throws IOException {
    CookieBrowser browser = browser();
    for (int i = 0; i < 7; i++) {
      browser.visit(SIGN_IN);
      assertThat(attempts(browser)).hasSizeLessThanOrEqualTo(4);
    }
    browser.cookies().put(SignInAttempt.COOKIE + "broken00", "x");
    browser.visit(SIGN_IN);
    assertThat(attempts(browser)).hasSize(4).doesNotContain(SignInAttempt.COOKIE + "broken00");
  }

  @Test
  void overClearTextTheFirstStepIsHttps() throws IOException {
    CookieBrowser browser = new CookieBrowser(gateway.port(), "www.example.com");
    RawClient.Response sent = browser.visit(SIGN_IN + "?return=/a&prompt=login");
    assertThat(sent.status()).isEqualTo(302);
    assertThat(sent.header("location"))
        .isEqualTo("https://www.example.com:8443/.portico/auth/sign-in?return=/a&prompt=login");
    assertThat(browser.cookies()).isEmpty();
    try (RunningGateway plain = gateway()) {
      RawClient.Response refused =
          new CookieBrowser(plain.port(), "www.example.com").visit(SIGN_IN);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).contains("over HTTPS only");
    }
  }

  @Test
  void whileAuthServiceIsAwayAPageSaysSo() throws IOException {
    CookieBrowser browser = browser();
    String back = auth.visit(browser.visit(SIGN_IN).header("location"), auth.signIn("ann"));
    auth.away(true);
    RawClient.Response begun = browser().visit(SIGN_IN + "?return=/x");
    assertThat(begun.status()).isEqualTo(503);
    assertThat(begun.header("retry-after")).isNotEmpty();
    assertThat(begun.text()).contains("not possible at the moment").contains("return=/x");
    RawClient.Response returned = browser.visit(path(back));
    assertThat(returned.status()).isEqualTo(503);
    assertThat(returned.header("location")).isEmpty();
    auth.away(false);
    auth.fail(500);
    assertThat(browser().visit(SIGN_IN).status()).isEqualTo(503);
  }

  @Test
  void whereThereIsNoAuthServiceNobodySignsIn() throws IOException {
    try (RunningGateway alone = gateway("portico.session.auth-secret", "")) {
      CookieBrowser browser = new CookieBrowser(alone.port(), "demo.localhost:" + alone.port());
      assertThat(browser.visit(SIGN_IN).status()).isEqualTo(503);
      browser.cookies().put(PorticoCookies.SESSION, auth.session("demo", auth.signIn("ann")));
      assertThat(browser.fetch("GET", ME).status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/.portico/auth/me,405",
    "POST,/.portico/auth/sign-in,405",
    "HEAD,/.portico/auth/callback,405",
    "PUT,/.portico/auth/sign-out,405",
    "GET,/.portico/auth/,404",
    "GET,/.portico/auth/other,404",
    "GET,/.portico/auth/me/more,404",
  })
  void nothingElseIsThere(String method, String path, int status) throws IOException {
    assertThat(browser().fetch(method, path).status()).isEqualTo(status);
    assertThat(origin.requests()).isEmpty();
  }

  @Test
  void nobodyIsSignedIn() throws IOException {
    RawClient.Response me = browser().fetch("GET", ME);
    assertThat(me.status()).isEqualTo(401);
    assertThat(me.header("www-authenticate")).isEqualTo("Bearer realm=\"portico\"");
    assertThat(me.header("content-type")).isEqualTo("application/problem+json");
    assertThat(me.text()).contains("sign-in-required");
    assertThat(me.header("cache-control")).isEqualTo("no-store");
    assertThat(browser().ask("HEAD", ME).status()).isEqualTo(401);
  }
}
