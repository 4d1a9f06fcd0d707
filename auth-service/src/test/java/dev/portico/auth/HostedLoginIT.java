package dev.portico.auth;

import static dev.portico.auth.HostedService.CALLBACK;
import static dev.portico.auth.HostedService.DOMAIN;
import static dev.portico.auth.HostedService.begin;
import static dev.portico.auth.HostedService.goesOn;
import static dev.portico.auth.HostedService.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.LogLines;
import dev.portico.auth.fixture.LoginPage;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.ShiftedClock;
import dev.portico.auth.signin.SignIns;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CreateUserPoolClientRequest;

/** Signing in at the pool's own login page, over real sockets, with the stand-in's. */
class HostedLoginIT {
  private static final String COOKIE = "__Host-portico-auth";
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = start(client -> {}, settings -> {});

  private final PageClient browser = SERVICE.browser();
  private final LoginPage login = new LoginPage();

  private static RunningService start(
      Consumer<CreateUserPoolClientRequest.Builder> client, Consumer<Map<String, Object>> change) {
    return HostedService.start(POOL, client, change);
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  @AfterEach
  void close() {
    login.close();
  }

  private void isSignedIn(Answer answer, String address) {
    assertThat(answer.header("Location")).as(answer.text()).isEqualTo("/account");
    assertThat(browser.follow(answer).text()).contains("<h1>Your account</h1>", address);
  }

  @Test
  void aBrowserFromASiteGoesBackToItWithASession() {
    var docs = new SiteVisit(SERVICE, "docs");
    URI pushed = docs.pushed();
    Answer stranger = browser.get(pushed.getRawPath() + '?' + pushed.getRawQuery());
    assertThat(stranger.header("Location")).startsWith("/sign-in?request_uri=");
    String authorize = begin(browser, stranger.header("Location"));
    assertThat(SiteVisit.query(authorize))
        .containsEntry("response_type", "code")
        .containsEntry("client_id", SERVICE.clientId())
        .containsEntry("redirect_uri", CALLBACK)
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge")
        .doesNotContainKeys("prompt", "identity_provider");
    String address = POOL.account();
    Answer signedIn = open(browser, login.signIn(authorize, address));
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(303);
    assertThat(signedIn.header("Location")).startsWith("/authorize?request_uri=");
    String back = browser.follow(signedIn).header("Location");
    assertThat(back).startsWith(docs.redirectUri() + '?');
    Answer session = docs.redeem(String.valueOf(SiteVisit.query(back).get("code")));
    assertThat(session.status()).as(session.text()).isEqualTo(201);
    assertThat(session.json().at("/identity/email").asText()).isEqualTo(address);
    assertThat(docs.state(session.field("session"))).isEqualTo("active");
    // Whoever is signed in goes on to other sites without the login page.
    URI shop = new SiteVisit(SERVICE, "shop").pushed();
    assertThat(browser.get(shop.getRawPath() + '?' + shop.getRawQuery()).header("Location"))
        .startsWith("https://shop.example.com/");
  }

  @Test
  void theAccountIsManagedWithWhatTheLoginPageGave() {
    String address = POOL.account();
    try (var audit = LogLines.of("dev.portico.audit")) {
      isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
      assertThat(audit.all()).anySatisfy(line -> assertThat(line).contains("\"sign-in\""));
    }
    assertThat(browser.get("/account/password").status()).isEqualTo(200);
  }

  @Test
  void itsTokensAreRefreshedLikeAnyOther() {
    String address = POOL.account();
    isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
    var signIn = SERVICE.bean(SignIns.class).find(browser.cookie(COOKIE)).orElseThrow();
    Answer refreshed = SERVICE.refresh(signIn.tokens().refreshToken());
    assertThat(refreshed.status()).as(refreshed.text()).isEqualTo(200);
    assertThat(SERVICE.me(refreshed.field("accessToken")).field("email")).isEqualTo(address);
  }

  @Test
  void aClientWithASecretProvesIt() {
    try (var secret = start(client -> client.generateSecret(true), settings -> {})) {
      var other = secret.browser();
      String address = POOL.account();
      Answer signedIn = open(other, login.signIn(begin(other, "/sign-in"), address));
      assertThat(other.follow(signedIn).text()).contains(address);
    }
  }

  @Test
  void aWrongSecretIsAFailureOfThisService() {
    try (var wrong =
        start(
            client -> client.generateSecret(true),
            settings -> settings.put("portico.hosted-login.client-secret", "guess"))) {
      var other = wrong.browser();
      Answer failed = open(other, login.signIn(begin(other, "/sign-in"), POOL.account()));
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.text()).contains("Something went wrong").doesNotContain("guess");
      assertThat(other.cookie(COOKIE)).isEmpty();
    }
  }

  @Test
  void whatOneBrowserBeganNoOtherCompletes() {
    String address = POOL.account();
    String callback = login.signIn(begin(browser, "/sign-in"), address);
    var victim = SERVICE.browser();
    cannotGoOn(victim, open(victim, callback));
    isSignedIn(open(browser, callback), address);
    cannotGoOn(victim, open(victim, callback));
    // Complete already: the same way again leads nowhere, and takes nothing away.
    assertThat(open(browser, callback).status()).isEqualTo(400);
    assertThat(browser.get("/account").status()).isEqualTo(200);
  }

  /** A code of one's own in another's way back: login CSRF, and code injection. */
  @Test
  void aCodeOfAnotherAttemptIsRefused() {
    var attacker = SERVICE.browser();
    String theirs;
    try (var page = new LoginPage()) {
      theirs = page.signIn(begin(attacker, "/sign-in"), POOL.account());
    }
    String mine = SiteVisit.query(begin(browser, "/sign-in")).get("state");
    String code = SiteVisit.query(theirs).get("code");
    cannotGoOn(browser, open(browser, CALLBACK + "?code=" + code + "&state=" + mine));
    assertThat(open(attacker, theirs).status()).as("the code was used up").isEqualTo(400);
  }

  private static void cannotGoOn(PageClient browser, Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.text()).contains("This sign-in cannot go on");
    assertThat(browser.cookie(COOKIE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"?", "?code=x", "?code=x&state=", "?code=x&state=AAAAAAAA.x", "?error=access_denied"})
  void whatWasNeverBegunLeadsNowhere(String query) {
    begin(browser, "/sign-in");
    cannotGoOn(browser, open(browser, CALLBACK + query));
  }

  @Test
  void twoTabsDoNotGetInEachOthersWay() {
    String address = POOL.account();
    String first = begin(browser, "/sign-in");
    String second = begin(browser, "/sign-in");
    String back = login.signIn(first, address);
    isSignedIn(open(browser, back), address);
    isSignedIn(open(browser, login.lead(second)), address);
    for (int tab = 0; tab < 12; tab++) {
      begin(browser, "/sign-in");
    }
    assertThat(browser.cookies("__Host-portico-login-")).isLessThanOrEqualTo(4);
  }

  @Test
  void whatTheLoginPageRefusesEndsInAPageThatSaysSo() {
    String authorize = begin(browser, "/sign-in?identity_provider=Google");
    assertThat(SiteVisit.query(authorize)).containsEntry("identity_provider", "Google");
    String callback = login.lead(authorize);
    assertThat(callback).contains("error=invalid_request");
    try (var log = LogLines.of("dev.portico.auth.hosted.HostedLogin")) {
      Answer refused = open(browser, callback);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header("Location")).isEmpty();
      assertThat(refused.text())
          .contains("The sign-in was not completed", "href=\"/sign-out\"")
          .doesNotContain("stand-in");
      assertThat(log.all()).anySatisfy(line -> assertThat(line).contains("identity providers"));
    }
    assertThat(browser.get("/sign-in?identity_provider=%3Ca%3E").status()).isEqualTo(400);
  }

  @Test
  void theProviderCanBeSet() {
    try (var google =
        start(
            client -> {},
            settings -> settings.put("portico.hosted-login.identity-provider", "COGNITO"))) {
      var other = google.browser();
      String authorize = begin(other, "/sign-in");
      assertThat(SiteVisit.query(authorize)).containsEntry("identity_provider", "COGNITO");
      assertThat(SiteVisit.query(begin(other, "/sign-in?identity_provider=Okta")))
          .containsEntry("identity_provider", "Okta");
      assertThat(open(other, login.signIn(authorize, POOL.account())).header("Location"))
          .isEqualTo("/account");
    }
  }

  @Test
  void signingOutEndsTheLoginPagesSessionToo() {
    String address = POOL.account();
    isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
    assertThat(browser.get("/signed-out").status()).isEqualTo(200);
    assertThat(browser.cookie(COOKIE)).as("nobody has signed out").isNotEmpty();
    browser.get("/sign-out");
    String out = goesOn(browser.submit("/sign-out"));
    assertThat(out).startsWith(DOMAIN + "/logout?client_id=");
    assertThat(SiteVisit.query(begin(browser, "/sign-in")))
        .as("until the login page has signed out, too")
        .containsEntry("prompt", "login");
    String back = login.lead(out);
    assertThat(open(browser, back).text()).contains("You are signed out");
    assertThat(browser.cookie(COOKIE)).isEmpty();
    assertThat(login.lead(begin(browser, "/sign-in"))).startsWith("/login?");
    // Who is signed in no more here may be there.
    assertThat(browser.get("/sign-out").header("Location")).startsWith(DOMAIN + "/logout?");
  }

  /** Ended at a site, or by an administrator: the login page's cookie must not bring it back. */
  @Test
  void whatWasEndedDoesNotBeginAgainByItself() {
    String address = POOL.account();
    isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
    var docs = new SiteVisit(SERVICE, "docs");
    String session = docs.session(browser.cookie(COOKIE));
    assertThat(docs.end(session, false).status()).isEqualTo(204);
    assertThat(browser.get("/account").header("Location")).isEqualTo("/sign-in");
    String authorize = begin(browser, "/sign-in");
    assertThat(SiteVisit.query(authorize)).containsEntry("prompt", "login");
    isSignedIn(open(browser, login.signIn(authorize, address)), address);
  }

  @Test
  void whatWasEndedAtThePoolDoesNotBeginAgainByItself() {
    String address = POOL.account();
    isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
    POOL.cognito().adminUserGlobalSignOut(out -> out.userPoolId(POOL.id()).username(address));
    assertThat(browser.get("/account").header("Location")).isEqualTo("/sign-in");
    assertThat(SiteVisit.query(begin(browser, "/sign-in"))).containsEntry("prompt", "login");
  }

  /** Also in a browser that has lost the cookie, which comes with what the login page remembers. */
  @Test
  void whatWasEndedEverywhereIsProvenAnew() {
    String address = POOL.account();
    isSignedIn(open(browser, login.signIn(begin(browser, "/sign-in"), address)), address);
    var signIns = SERVICE.bean(SignIns.class);
    var signIn = signIns.find(browser.cookie(COOKIE)).orElseThrow();
    signIns.endAll(signIn);
    browser.setCookie(COOKIE, "");
    String silent = begin(browser, "/sign-in");
    assertThat(SiteVisit.query(silent)).doesNotContainKey("prompt");
    Answer asked;
    try (var audit = LogLines.of("dev.portico.audit")) {
      asked = open(browser, login.lead(silent));
      assertThat(audit.all())
          .anySatisfy(line -> assertThat(line).contains("sign-in.refused"))
          .noneMatch(line -> line.contains("\"sign-in\"") && line.contains(signIn.subject()));
    }
    assertThat(browser.cookie(COOKIE)).isEmpty();
    String authorize = asked.header("Location");
    assertThat(authorize).startsWith(DOMAIN + "/oauth2/authorize?");
    assertThat(SiteVisit.query(authorize)).containsEntry("prompt", "login");
    isSignedIn(open(browser, login.signIn(authorize, address)), address);
  }

  /** A sign-in that has begun since, by what the login page remembers, proves nothing. */
  @Test
  void whatTheLoginPageRemembersIsNoFreshProofForASite() {
    try (var ahead = start(client -> {}, settings -> settings.put(ShiftedClock.WANTED, "true"))) {
      var other = ahead.browser();
      open(other, login.signIn(begin(other, "/sign-in"), POOL.account()));
      other.setCookie(COOKIE, "");
      ahead.bean(ShiftedClock.class).shift(Duration.ofMinutes(2)); // more than the skew
      var docs = new SiteVisit(ahead, "docs");
      URI pushed = URI.create(docs.push(docs.request().put("prompt", "login")).field("location"));
      Answer silent = open(other, login.lead(begin(other, "/sign-in")));
      assertThat(silent.header("Location")).as(silent.text()).isEqualTo("/account");
      String path = other.get(pushed.getRawPath() + '?' + pushed.getRawQuery()).header("Location");
      assertThat(path).startsWith("/sign-in?request_uri=");
      assertThat(SiteVisit.query(begin(other, path))).containsEntry("prompt", "login");
    }
  }

  /**
   * Browsers hold the redirects after a form to its page's policy, which cannot name where the
   * login page leads on to.
   */
  @Test
  void aFormOfTheAccountThatIsSentTooLateGoesOnToTheLoginPage() {
    try (var ahead = start(client -> {}, settings -> settings.put(ShiftedClock.WANTED, "true"))) {
      var other = ahead.browser();
      String address = POOL.account();
      open(other, login.signIn(begin(other, "/sign-in"), address));
      Answer form = other.get("/account/delete");
      assertThat(form.header("Content-Security-Policy")).contains("form-action 'self';");
      ahead.bean(ShiftedClock.class).shift(Duration.ofMinutes(16));
      String path = goesOn(other.submit("/account/delete", "understood", "true"));
      assertThat(path).isEqualTo("/sign-in?next=delete");
      assertThat(SiteVisit.query(begin(other, path))).containsEntry("prompt", "login");
      assertThat(POOL.cognito().adminGetUser(get -> get.userPoolId(POOL.id()).username(address)))
          .as("nothing was deleted")
          .isNotNull();
    }
  }

  @Test
  void aSiteThatWantsTheAccountProvenAnewGetsIt() {
    var docs = new SiteVisit(SERVICE, "docs");
    URI pushed = URI.create(docs.push(docs.request().put("prompt", "login")).field("location"));
    String path = browser.get(pushed.getRawPath() + '?' + pushed.getRawQuery()).header("Location");
    String authorize = begin(browser, path);
    assertThat(SiteVisit.query(authorize)).containsEntry("prompt", "login");
    Answer signedIn = open(browser, login.signIn(authorize, POOL.account()));
    assertThat(browser.follow(signedIn).header("Location")).startsWith(docs.redirectUri());
  }

  @Test
  void whatNeedsAFreshProofComesBackToItsPage() {
    try (var exact =
        start(client -> {}, settings -> settings.put("portico.token.clock-skew", "0s"))) {
      var other = exact.browser();
      String address = POOL.account();
      open(other, login.signIn(begin(other, "/sign-in"), address));
      long proven = Instant.now().getEpochSecond();
      await().until(() -> Instant.now().getEpochSecond() > proven);
      String authorize = begin(other, "/sign-in?next=email");
      assertThat(SiteVisit.query(authorize)).containsEntry("prompt", "login");
      // A login page that knows no prompt, such as the classic one, answers at once.
      Answer stale = open(other, login.lead(authorize.replace("&prompt=login", "")));
      assertThat(stale.status()).isEqualTo(403);
      assertThat(stale.text()).contains("The sign-in was not completed");
      Answer fresh = open(other, login.signIn(begin(other, "/sign-in?next=email"), address));
      assertThat(fresh.header("Location")).isEqualTo("/account/email");
      assertThat(other.follow(fresh).status()).isEqualTo(200);
    }
  }

  @Test
  void thePagesThatItTakesThePlaceOfLeadToIt() {
    for (String path : new String[] {"/sign-up", "/confirm", "/forgot", "/reset", "/challenge"}) {
      assertThat(browser.get(path).header("Location")).as(path).isEqualTo("/sign-in");
    }
    for (String path : new String[] {"/sign-up/", "/confirm/", "/forgot/", "/reset/"}) {
      assertThat(browser.get(path).header("Location")).as(path).isEqualTo("/sign-in");
    }
    begin(browser, "/sign-in/");
    String address = POOL.account();
    for (String path : new String[] {"/sign-in/", "/sign-in"}) {
      assertThat(goesOn(browser.submit(path, "username", address, "password", Pool.PASSWORD)))
          .as(path)
          .isEqualTo("/sign-in");
    }
    assertThat(browser.cookie(COOKIE)).isEmpty();
    assertThat(goesOn(browser.submit("/confirm/resend", "username", address)))
        .isEqualTo("/sign-in");
  }

  @Test
  void aTokenEndpointThatDoesNotAnswerIsNotAvailable() {
    try (var away =
        start(
            client -> {},
            settings -> settings.put("portico.hosted-login.domain", "http://127.0.0.1:1"))) {
      var other = away.browser();
      String authorize = other.get("/sign-in").header("Location");
      Answer failed =
          open(other, CALLBACK + "?code=x&state=" + SiteVisit.query(authorize).get("state"));
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.text()).contains("Not available at the moment");
    }
  }

  @Test
  void withoutADomainThereIsNoCallback() {
    try (var plain = RunningService.start(POOL, client -> {})) {
      assertThat(plain.browser().get("/sign-in/callback?code=x&state=x").status()).isEqualTo(404);
      assertThat(plain.browser().get("/sign-in").text()).contains("<h1>Sign in</h1>");
    }
  }
}
