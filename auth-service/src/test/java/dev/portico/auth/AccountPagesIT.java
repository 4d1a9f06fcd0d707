package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;

/** The pages of one's own account, over real sockets. */
class AccountPagesIT {
  private static final Pool POOL = Pool.create();
  private static RunningService service;

  @BeforeAll
  static void start() {
    POOL.cognito()
        .setUserPoolMfaConfig(
            config ->
                config
                    .userPoolId(POOL.id())
                    .mfaConfiguration(UserPoolMfaType.OPTIONAL)
                    .softwareTokenMfaConfiguration(totp -> totp.enabled(true)));
    service = RunningService.start(POOL, client -> {});
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static PageClient signedIn(String address) {
    var browser = service.browser();
    assertThat(SignInPagesIT.signIn(browser, address, Pool.PASSWORD).status()).isEqualTo(303);
    return browser;
  }

  @Test
  void nothingOfAnAccountIsForOthers() {
    var browser = service.browser();
    for (String page :
        new String[] {
          "/account",
          "/account/password",
          "/account/email",
          "/account/email/code",
          "/account/authenticator",
          "/account/delete"
        }) {
      assertThat(browser.get(page).header("Location")).as(page).startsWith("/sign-in");
    }
    browser.get("/sign-in");
    for (String form :
        new String[] {
          "/account/password",
          "/account/email",
          "/account/email/code",
          "/account/email/resend",
          "/account/authenticator",
          "/account/authenticator/remove",
          "/account/delete"
        }) {
      assertThat(browser.submit(form).header("Location")).as(form).startsWith("/sign-in");
    }
  }

  @Test
  void whoMustSignInFirstComesBackToThePage() {
    var browser = service.browser();
    Answer asked = browser.follow(browser.get("/.well-known/change-password"));
    assertThat(asked.header("Location")).isEqualTo("/sign-in?next=password");
    browser.follow(asked);
    Answer signedIn =
        browser.submit(
            "/sign-in?next=password", "username", POOL.account(), "password", Pool.PASSWORD);
    assertThat(browser.follow(signedIn).text()).contains("Change your password");
  }

  @Test
  void thePasswordIsChangedByTheOldOne() {
    String address = POOL.account();
    var browser = signedIn(address);
    assertThat(browser.get("/account/password").text())
        .contains("autocomplete=\"username\"", "value=\"" + address + '"');
    Answer wrong = change(browser, "Wrong-Password-1", "Battery-Staple-8");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text()).contains("<a href=\"#currentPassword\">The current password is wrong");
    assertThat(change(browser, Pool.PASSWORD, "battery-staple-8").text())
        .contains("needs an upper-case letter");
    Answer done = browser.follow(change(browser, Pool.PASSWORD, "Battery-Staple-8"));
    assertThat(done.text()).contains("Your password is changed.", "<h1>Your account</h1>");
    assertThat(service.signIn(address, "Battery-Staple-8").status()).isEqualTo(200);
  }

  private static Answer change(PageClient browser, String current, String next) {
    return browser.submit("/account/password", "currentPassword", current, "newPassword", next);
  }

  @Test
  void anotherAddressIsProven() {
    String address = POOL.account();
    var browser = signedIn(address);
    browser.get("/account/email");
    assertThat(browser.submit("/account/email", "email", "nonsense").status()).isEqualTo(422);
    String next = Pool.freshAddress();
    Answer asked = browser.follow(browser.submit("/account/email", "email", next));
    assertThat(asked.text()).contains("Confirm your new address", next);
    assertThat(browser.submit("/account/email/code", "code", "x").text())
        .contains("The code is wrong");
    Answer again = browser.follow(browser.submit("/account/email/resend"));
    assertThat(again.text()).contains("on its way", next);
    Answer done = browser.follow(browser.submit("/account/email/code", "code", Pool.codeFor(next)));
    assertThat(done.text()).contains("Your e-mail address is confirmed.", next);
  }

  /** Equal for an address that is somebody else's. */
  @Test
  void anAddressThatIsTakenIsAnsweredAlike() {
    String taken = POOL.account();
    var browser = signedIn(POOL.account());
    browser.get("/account/email");
    Answer answer = browser.submit("/account/email", "email", taken);
    assertThat(answer.header("Location")).isEqualTo("/account/email/code");
  }

  @Test
  void anAppIsSetUpAndRemoved() {
    String address = POOL.account();
    var browser = signedIn(address);
    Answer page = browser.get("/account/authenticator");
    String secret = SignInPagesIT.secret(page);
    assertThat(SignInPagesIT.secret(browser.get("/account/authenticator")))
        .as("as long as it is not in use")
        .isEqualTo(secret);
    assertThat(browser.submit("/account/authenticator", "code", "1").text())
        .contains("The code is wrong", "class=\"qr\"");
    Answer on =
        browser.follow(
            browser.submit("/account/authenticator", "code", SignInPagesIT.code(secret, 0)));
    assertThat(on.text()).contains("asks for a code of your app from now on", "In use");
    assertThat(service.signIn(address, Pool.PASSWORD).field("challenge"))
        .isEqualTo("SOFTWARE_TOKEN_MFA");
    assertThat(browser.get("/account/authenticator").text())
        .contains("Remove your authenticator app");
    Answer off = browser.follow(browser.submit("/account/authenticator/remove"));
    assertThat(off.text()).contains("Not in use");
    assertThat(service.signIn(address, Pool.PASSWORD).json().has("accessToken")).isTrue();
  }

  @Test
  void anAccountIsDeletedWithAllThatItHadOpen() {
    String address = POOL.account();
    var browser = signedIn(address);
    var other = signedIn(address);
    browser.get("/account/delete");
    Answer unsure = browser.submit("/account/delete");
    assertThat(unsure.text()).contains("<a href=\"#understood\">Tick the box");
    Answer gone = browser.submit("/account/delete", "understood", "true");
    assertThat(browser.follow(gone).text()).contains("Your account is deleted");
    assertThat(browser.cookie("__Host-portico-auth")).isEmpty();
    assertThat(other.get("/account").header("Location")).isEqualTo("/sign-in");
    assertThat(SignInPagesIT.signIn(browser, address, Pool.PASSWORD).status()).isEqualTo(422);
  }

  @Test
  void anAdministratorIsNotDeletedByTheirOwnDoing() {
    String address = POOL.account();
    POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("admins"));
    POOL.cognito()
        .adminAddUserToGroup(
            add -> add.userPoolId(POOL.id()).groupName("admins").username(address));
    var browser = signedIn(address);
    assertThat(browser.get("/account").text()).contains("admins");
    browser.get("/account/delete");
    Answer refused = browser.submit("/account/delete", "understood", "true");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("Ask another administrator");
    assertThat(browser.get("/account").status()).isEqualTo(200);
  }

  @Test
  void signingOutEndsItHereOrEverywhere() {
    String address = POOL.account();
    var here = signedIn(address);
    var there = signedIn(address);
    var third = signedIn(address);
    assertThat(here.get("/sign-out").text()).contains(address, "Sign out on all my devices");
    String cookie = here.cookie("__Host-portico-auth");
    Answer out = here.submit("/sign-out");
    assertThat(here.follow(out).text()).contains("You are signed out");
    assertThat(here.cookie("__Host-portico-auth")).isEmpty();
    here.setCookie("__Host-portico-auth", cookie);
    assertThat(here.get("/account").header("Location")).isEqualTo("/sign-in");
    assertThat(there.get("/account").status()).isEqualTo(200);
    there.get("/sign-out");
    there.submit("/sign-out", "everywhere", "true");
    assertThat(third.get("/account").header("Location")).isEqualTo("/sign-in");
    assertThat(third.get("/sign-out").header("Location")).isEqualTo("/signed-out");
  }

  /** Cognito knows what was ended past this service; asking it, so do we. */
  @Test
  void whatWasEndedAtThePoolIsOverHere() {
    String address = POOL.account();
    var browser = signedIn(address);
    POOL.cognito().adminUserGlobalSignOut(out -> out.userPoolId(POOL.id()).username(address));
    Answer page = browser.get("/account");
    assertThat(page.header("Location")).isEqualTo("/sign-in");
    assertThat(browser.cookie("__Host-portico-auth")).isEmpty();
  }

  /** A device that was left open locks nobody out of their account. */
  @Test
  void whoSignedInLongAgoSignsInAgainBeforeWhatLocksOut() {
    String address = POOL.account();
    var clock = Pool.standIn().clock();
    Duration offset = clock.offset();
    clock.offset(offset.minusMinutes(16));
    PageClient browser;
    try {
      browser = signedIn(address);
    } finally {
      clock.offset(offset);
    }
    assertThat(browser.get("/account/password").status()).isEqualTo(200);
    for (String page : new String[] {"email", "authenticator", "delete"}) {
      Answer asked = browser.get("/account/" + page);
      assertThat(asked.header("Location")).isEqualTo("/sign-in?next=" + page);
    }
    Answer form = browser.follow(browser.get("/account/email"));
    assertThat(form.text())
        .contains("Please sign in again before you change this", "value=\"" + address + '"');
    Answer again =
        browser.submit("/sign-in?next=email", "username", address, "password", Pool.PASSWORD);
    assertThat(again.header("Location")).isEqualTo("/account/email");
    assertThat(browser.follow(again).text()).contains("Change your e-mail address");
  }
}
