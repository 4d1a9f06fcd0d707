package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for all pages: whose forms are taken, whose look they have, what failures look like.
 */
class PageRulesIT {
  private static final String CALLBACK = "https://docs.example.com/.portico/auth/callback";
  private static final Pool POOL = Pool.create();
  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.start(POOL, client -> {});
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Answer refused(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(403);
    assertThat(answer.text()).contains("This form cannot be used any more");
    assertThat(answer.header("Location")).isEmpty();
    return answer;
  }

  @Test
  void aFormOfAnotherBrowserIsNotTaken() {
    String address = POOL.account();
    var browser = service.browser();
    browser.get("/sign-in");
    String[] fields = {"username", address, "password", Pool.PASSWORD};
    String own = PageClient.form(browser.token(), fields);

    var other = service.browser();
    // No cookie, hence a token that nobody gave.
    refused(other.post("/sign-in", other.origin(), own));
    other.get("/sign-in");
    refused(other.post("/sign-in", other.origin(), own));
    refused(browser.post("/sign-in", browser.origin(), PageClient.form("", fields)));
    refused(browser.post("/sign-in", browser.origin(), "username=" + address));
    assertThat(browser.cookie("__Host-portico-auth")).isEmpty();
    assertThat(browser.post("/sign-in", browser.origin(), own).status()).isEqualTo(303);
    // Nor does a cookie that another one has planted, whatever its form.
    browser.setCookie("__Host-portico-form", "planted");
    refused(browser.submit("/sign-out"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "https://evil.example", "http://localhost", "http://localhost:1", "%%"})
  void aFormOfAnotherOriginIsNotTaken(String origin) {
    var browser = service.browser();
    browser.get("/sign-in");
    String body = PageClient.form(browser.token(), "username", "a", "password", "b");
    refused(browser.post("/sign-in", origin, body));
  }

  @Test
  void whereNoOriginIsSentTheSiteOfTheFetchCounts() {
    var browser = service.browser();
    browser.get("/sign-in");
    String body = PageClient.form(browser.token(), "username", "", "password", "b");
    refused(browser.post("/sign-in", "", body));
    refused(browser.with("Sec-Fetch-Site", "same-site").post("/sign-in", "", body));
    Answer taken = browser.with("Sec-Fetch-Site", "same-origin").post("/sign-in", "", body);
    assertThat(taken.status()).isEqualTo(422);
  }

  /** Behind the gateway, which says what it was asked for. */
  @Test
  void theHostIsTheOneThatTheGatewayWasAskedFor() {
    var browser = service.browser().with("X-Forwarded-Host", "auth.example.com");
    browser.get("/sign-in");
    String body = PageClient.form(browser.token(), "username", "", "password", "b");
    refused(browser.post("/sign-in", browser.origin(), body));
    assertThat(browser.post("/sign-in", "https://auth.example.com", body).status()).isEqualTo(422);
  }

  /** The request of the contract, changed. */
  private static String pushed(Consumer<ObjectNode> change) {
    try {
      JsonNode golden =
          new ObjectMapper()
              .readTree(Checkout.locate().contract("auth-authorization-request.json").toFile());
      var request = (ObjectNode) golden;
      request.remove("prompt");
      change.accept(request);
      Answer answer = service.internal("/internal/authorizations", request.toString());
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      return answer.field("requestUri");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String authorize(String requestUri) {
    return "/authorize?request_uri="
        + URLEncoder.encode(requestUri, StandardCharsets.UTF_8)
        + "&client_id=docs";
  }

  @Test
  void whoComesFromASiteSeesItsLookAndGoesBackToIt() {
    String address = POOL.account();
    var browser = service.browser();
    Answer asked = browser.get(authorize(pushed(request -> {})));
    Answer form = browser.follow(asked);
    assertThat(form.text())
        .contains(
            "<title>Sign in – Docs</title>",
            "src=\"https://docs.example.com/logo.svg\"",
            "/assets/accent-0b5fff.css");
    assertThat(form.header("Content-Security-Policy"))
        .contains(
            "img-src 'self' https://docs.example.com;",
            "form-action 'self' https://docs.example.com;");
    String path = asked.header("Location");
    assertThat(form.text())
        .contains("href=\"" + path.replace("/sign-in?", "/sign-up?"), "action=\"" + path);
    Answer signedIn = browser.submit(path, "username", address, "password", Pool.PASSWORD);
    assertThat(browser.follow(signedIn).header("Location")).startsWith(CALLBACK + "?code=");
    // From then on without a page.
    assertThat(browser.get(authorize(pushed(request -> {}))).header("Location"))
        .startsWith(CALLBACK + "?code=");
  }

  @Test
  void whoWantsAnotherAccountSignsInOnceAndNotForEver() {
    String address = POOL.account();
    var browser = service.browser();
    SignInPagesIT.signIn(browser, address, Pool.PASSWORD);
    // A sign-in of the same second, or the one before, counts as one after the request.
    long second = Instant.now().getEpochSecond() + 1;
    await().until(() -> Instant.now().getEpochSecond() > second);
    String request = pushed(r -> r.put("prompt", "login").remove("signIn"));
    Answer asked = browser.get(authorize(request));
    assertThat(browser.follow(asked).text()).contains("<title>Sign in – docs</title>");
    Answer signedIn =
        browser.submit(asked.header("Location"), "username", address, "password", Pool.PASSWORD);
    assertThat(browser.follow(signedIn).header("Location")).startsWith(CALLBACK + "?code=");
  }

  @Test
  void aRequestThatNoGatewayHasMadeGivesNoLook() {
    var browser = service.browser();
    Answer page =
        browser.get("/sign-in?request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3At1.AAAA");
    assertThat(page.text()).contains("<title>Sign in – Portico</title>", "href=\"/sign-up\"");
    assertThat(browser.get("/sign-in?next=//evil.example").text()).doesNotContain("evil");
    Answer failed = browser.get(authorize("urn:ietf:params:oauth:request_uri:t1.AAAA"));
    assertThat(failed.status()).isEqualTo(400);
    assertThat(failed.text()).contains("This sign-in cannot go on");
  }

  @ParameterizedTest
  @CsvSource({"de-DE;q=0.9,Anmelden", "fr,Se connecter", "nl,Sign in"})
  void pagesSpeakTheVisitorsLanguage(String accepted, String title) {
    var browser = service.browser().with("Accept-Language", accepted);
    Answer page = browser.get("/sign-in");
    String language = page.header("Content-Language");
    assertThat(page.text()).contains("<html lang=\"" + language + "\">", "<h1>" + title + "</h1>");
    assertThat(accepted).startsWith(language.equals("en") ? "nl" : language);
    assertThat(page.header("Vary")).contains("Accept-Language");
  }

  @Test
  void failuresArePagesForPeopleAndProblemsForPrograms() {
    var browser = service.browser().with("Accept-Language", "de");
    Answer missing = browser.get("/nothing");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).contains("<h1>Diese Seite gibt es nicht</h1>", "lang=\"de\"");
    Answer method = browser.post("/account", browser.origin(), "token=x");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).contains("GET");
    Answer large = browser.post("/sign-in", browser.origin(), "a=" + "x".repeat(70_000));
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.text()).contains("Das war zu viel");
    Answer api = browser.get("/v1/auth/nothing");
    assertThat(api.problem()).isEqualTo("not-found");
    assertThat(service.api().get("/nothing").problem()).isEqualTo("not-found");
    assertThat(service.internal().get("/sign-in").status()).isEqualTo(404);
  }

  @Test
  void stylesAreNamedAfterTheirContentAndKept() {
    var browser = service.browser();
    var links = Pattern.compile("href=\"(/assets/[^\"]+)\"");
    var found =
        links.matcher(browser.get("/sign-in").text()).results().map(m -> m.group(1)).toList();
    assertThat(found).hasSize(3);
    for (String link : found) {
      Answer asset = browser.get(link);
      assertThat(asset.status()).as(link).isEqualTo(200);
      assertThat(asset.header("Cache-Control")).contains("immutable");
      assertThat(asset.header("Content-Type"))
          .startsWith(link.endsWith(".css") ? "text/css" : "image/svg");
    }
    assertThat(browser.get("/assets/accent-0b5fff.css").text()).contains("--accent:#0b5fff");
    assertThat(browser.get("/assets/accent-red.css").status()).isEqualTo(404);
    assertThat(browser.get("/assets/style.css").status()).isEqualTo(404);
  }

  /** Whoever waits for mail may need longer than a request to come back lasts. */
  @Test
  void whoTookTooLongIsShownTheWay() {
    String requestUri = pushed(request -> {});
    var browser = service.browser();
    String query = "?request_uri=" + URLEncoder.encode(requestUri, StandardCharsets.UTF_8);
    Answer page = browser.get("/signed-in" + query);
    assertThat(page.text())
        .contains("<a class=\"main\" href=\"https://docs.example.com/\">Go to Docs</a>");
    assertThat(browser.get("/signed-in").header("Location")).isEqualTo("/account");
  }
}
