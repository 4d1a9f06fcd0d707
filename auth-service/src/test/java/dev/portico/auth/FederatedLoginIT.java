package dev.portico.auth;

import static dev.portico.auth.HostedService.DOMAIN;
import static dev.portico.auth.HostedService.begin;
import static dev.portico.auth.HostedService.goesOn;
import static dev.portico.auth.HostedService.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.LoginPage;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.signin.Profile;
import dev.portico.auth.signin.SignIn;
import dev.portico.auth.signin.SignIns;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signing in at an identity provider of the pool: another pool, which knows nothing of Portico. */
class FederatedLoginIT {
  private static final String COOKIE = "__Host-portico-auth";
  private static final String USERS = "/v1/auth/users/";
  private static final String RESPONSE = DOMAIN + "/oauth2/idpresponse";
  private static final Pool PARTNER = Pool.create();
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = start();

  private final PageClient browser = SERVICE.browser();
  private final LoginPage login = new LoginPage();

  private static RunningService start() {
    PARTNER.provideTo(POOL);
    return HostedService.startForProvider(POOL);
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  @AfterEach
  void close() {
    login.close();
  }

  /** What the provider sends the browser back with that begins at a page, once it has signed in. */
  private String atProvider(PageClient from, String path, String address) {
    String authorize = begin(from, path);
    assertThat(SiteVisit.query(authorize)).containsEntry("identity_provider", Pool.PROVIDER);
    String provider = login.lead(authorize);
    assertThat(provider).startsWith("http://localhost:").contains("state=", "nonce=");
    String back = login.signIn(provider, address);
    assertThat(back).startsWith(RESPONSE + "?code=");
    return back;
  }

  private void signIn(String address) {
    Answer signedIn = open(browser, login.lead(atProvider(browser, "/sign-in", address)));
    assertThat(signedIn.header("Location")).as(signedIn.text()).isEqualTo("/account");
    assertThat(browser.follow(signedIn).text()).contains("<h1>Your account</h1>", address);
  }

  @Test
  void aPersonOfTheProviderHasASessionAtASiteUntilSigningOut() {
    String address = PARTNER.account();
    String theirs =
        PARTNER
            .cognito()
            .adminGetUser(get -> get.userPoolId(PARTNER.id()).username(address))
            .username();
    var docs = new SiteVisit(SERVICE, "docs");
    URI pushed = docs.pushed();
    Answer stranger = browser.get(pushed.getRawPath() + '?' + pushed.getRawQuery());
    String back = atProvider(browser, stranger.header("Location"), address);
    String site = browser.follow(open(browser, login.lead(back))).header("Location");
    assertThat(site).startsWith(docs.redirectUri() + '?');
    Answer session = docs.redeem(String.valueOf(SiteVisit.query(site).get("code")));
    JsonNode identity = session.json().path("identity");
    assertThat(identity.path("username").asText()).isEqualTo("Partner_" + theirs);
    assertThat(identity.path("email").asText()).isEqualTo(address);
    assertThat(identity.path("emailVerified").asBoolean()).isTrue();
    assertThat(identity.at("/groups/0").asText()).isEqualTo(POOL.id() + "_Partner");
    assertThat(identity.at("/claims/identities").isMissingNode()).isTrue();
    String known = session.field("session");
    assertThat(docs.state(known)).isEqualTo("active");

    browser.get("/sign-out");
    String out = goesOn(browser.submit("/sign-out"));
    assertThat(docs.state(known)).isEqualTo("ended");
    assertThat(open(browser, login.lead(out)).text()).contains("You are signed out");
    assertThat(browser.cookie(COOKIE)).isEmpty();
    assertThat(browser.get("/account").header("Location")).isEqualTo("/sign-in");
    // The pool has forgotten the browser, too, and asks the provider.
    assertThat(login.lead(begin(browser, "/sign-in"))).startsWith("http://localhost:");
  }

  @Test
  void whoComesAgainIsTheSame() {
    String address = PARTNER.account();
    signIn(address);
    var signIns = SERVICE.bean(SignIns.class);
    var first = signIns.find(browser.cookie(COOKIE)).orElseThrow();
    Answer refreshed = SERVICE.refresh(first.tokens().refreshToken());
    assertThat(SERVICE.me(refreshed.field("accessToken")).field("email")).isEqualTo(address);
    browser.setCookie(COOKIE, "");
    login.lead(DOMAIN + "/logout?client_id=" + SERVICE.clientId() + "&logout_uri=" + signedOut());
    String back = login.lead(login.lead(begin(browser, "/sign-in")));
    open(browser, login.lead(back));
    assertThat(signIns.find(browser.cookie(COOKIE)).orElseThrow().subject())
        .isEqualTo(first.subject());
  }

  private static String signedOut() {
    return HostedService.AUTH_HOST + "/signed-out";
  }

  @Test
  void whatComesBackOfAnotherBrowserSignsNobodyIn() {
    String back = atProvider(browser, "/sign-in", PARTNER.account());
    try (var other = new LoginPage()) {
      assertThat(other.lead(back)).startsWith("/error?error=invalid_request");
      assertThat(other.lead(back.replaceFirst("state=[^&]+", "state=forged")))
          .startsWith("/error?error=invalid_request");
    }
    // That the code passed another browser is the end of it here as well.
    assertThat(login.lead(back)).startsWith("/error?error=invalid_request");
    assertThat(browser.cookie(COOKIE)).isEmpty();

    String good = login.lead(login.lead(login.lead(begin(browser, "/sign-in"))));
    var victim = SERVICE.browser();
    assertThat(open(victim, good).status()).as("begun by another").isEqualTo(400);
    assertThat(open(browser, good.replaceFirst("state=[^&]+", "state=AAAAAAAA.x")).status())
        .isEqualTo(400);
    assertThat(open(browser, good).header("Location")).isEqualTo("/account");
  }

  @Test
  void whatTheProviderRefusesEndsInAPageThatSaysSo() {
    String provider = login.lead(begin(browser, "/sign-in"));
    String back =
        login.lead(
            RESPONSE + "?error=access_denied&state=" + SiteVisit.query(provider).get("state"));
    assertThat(back).startsWith(HostedService.CALLBACK).contains("error=access_denied");
    Answer refused = open(browser, back);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("The sign-in was not completed");
    assertThat(browser.cookie(COOKIE)).isEmpty();
  }

  @Test
  void aPersonOfTheProviderAdministersAndIsAdministered() {
    String group = "admins";
    POOL.cognito().createGroup(made -> made.userPoolId(POOL.id()).groupName(group));
    var ann = signedIn(PARTNER.account());
    String annsName = Profile.of(ann).username();
    POOL.cognito()
        .adminAddUserToGroup(
            made -> made.userPoolId(POOL.id()).username(annsName).groupName(group));
    String token = SERVICE.refresh(ann.tokens().refreshToken()).field("accessToken");

    // The sub is enough to find somebody by, though Cognito does not take it for a name.
    Answer own = SERVICE.call("GET", USERS + ann.subject(), "", token);
    assertThat(own.status()).as(own.text()).isEqualTo(200);
    assertThat(own.field("username")).isEqualTo(annsName).startsWith("Partner_");
    assertThat(own.field("status")).isEqualTo("EXTERNAL_PROVIDER");
    assertThat(own.json().get("groups").toString()).contains(group);
    assertThat(SERVICE.call("DELETE", USERS + ann.subject(), "", token).problem())
        .isEqualTo("own-account");

    var bob = signedIn(PARTNER.account());
    String member = "/v1/auth/groups/" + group + "/members/" + bob.subject();
    assertThat(SERVICE.call("PUT", member, "", token).status()).isEqualTo(204);
    assertThat(
            SERVICE.call("GET", USERS + bob.subject(), "", token).json().get("groups").toString())
        .contains(group);
    String out = USERS + bob.subject() + "/sign-out";
    assertThat(SERVICE.call("POST", out, "", token).status()).isEqualTo(204);
    assertThat(SERVICE.refresh(bob.tokens().refreshToken()).status()).isEqualTo(401);
    assertThat(SERVICE.call("GET", USERS + UUID.randomUUID(), "", token).status()).isEqualTo(404);

    POOL.cognito()
        .adminRemoveUserFromGroup(
            made -> made.userPoolId(POOL.id()).username(annsName).groupName(group));
    assertThat(SERVICE.call("GET", USERS + ann.subject(), "", token).status()).isEqualTo(403);
  }

  /** Signs in another browser. */
  private SignIn signedIn(String address) {
    var other = SERVICE.browser();
    try (var page = new LoginPage()) {
      String back = page.signIn(page.lead(begin(other, "/sign-in")), address);
      assertThat(open(other, page.lead(back)).header("Location")).isEqualTo("/account");
    }
    return SERVICE.bean(SignIns.class).find(other.cookie(COOKIE)).orElseThrow();
  }

  @Test
  void thereIsNoPasswordToSignInWithOrToChange() {
    String address = PARTNER.account();
    signIn(address);
    var known = SERVICE.bean(SignIns.class).find(browser.cookie(COOKIE)).orElseThrow();
    for (String name : List.of(address, known.subject(), Profile.of(known).username())) {
      assertThat(SERVICE.signIn(name, Pool.PASSWORD).problem()).isEqualTo("sign-in-refused");
    }
    browser.get("/account/password");
    Answer refused =
        browser.submit(
            "/account/password",
            "currentPassword",
            Pool.PASSWORD,
            "newPassword",
            "Battery-Staple-8");
    assertThat(refused.status()).isEqualTo(422);
  }
}
