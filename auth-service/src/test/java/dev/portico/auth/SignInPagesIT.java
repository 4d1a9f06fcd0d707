package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.cognito.mfa.Totp;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SetUserPoolMfaConfigRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;

/** The pages by which people come in, over real sockets. */
class SignInPagesIT {
  private static final Pattern SECRET = Pattern.compile("<code class=\"secret\">([A-Z2-7 ]+)<");
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

  private static PageClient browser() {
    return service.browser();
  }

  static Answer signIn(PageClient browser, String name, String password) {
    browser.get("/sign-in");
    return browser.submit("/sign-in", "username", name, "password", password);
  }

  private static void isAccountOf(Answer page, String address) {
    assertThat(page.status()).as(page.text()).isEqualTo(200);
    assertThat(page.text()).contains("<h1>Your account</h1>", address);
  }

  @Test
  void somebodyNewSignsUpConfirmsAndSignsIn() {
    var browser = browser();
    String address = Pool.freshAddress();
    assertThat(browser.follow(browser.get("/")).text()).contains("<h1>Sign in</h1>");
    browser.get("/sign-up");
    Answer waits =
        browser.follow(browser.submit("/sign-up", "email", address, "newPassword", Pool.PASSWORD));
    assertThat(waits.text()).contains("Confirm your e-mail address", "value=\"" + address + '"');

    Answer early = signIn(browser, address, Pool.PASSWORD);
    assertThat(early.header("Location")).isEqualTo("/confirm");
    browser.follow(early);
    String first = Pool.codeFor(address);
    Answer again = browser.follow(browser.submit("/confirm/resend", "username", address));
    assertThat(again.text()).contains("another one is on its way", "value=\"" + address + '"');
    assertThat(browser.get("/confirm").text()).as("said once").doesNotContain("on its way");
    String code = Pool.codeFor(address);
    Answer wrong = browser.submit("/confirm", "username", address, "code", other(first, code));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text()).contains("The code is wrong", "href=\"#code\"");
    Answer confirmed =
        browser.follow(browser.submit("/confirm", "username", address, "code", ' ' + code));
    assertThat(confirmed.text()).contains("Your account is confirmed", "value=\"" + address + '"');

    Answer signedIn = browser.submit("/sign-in", "username", address, "password", Pool.PASSWORD);
    assertThat(signedIn.header("Location")).isEqualTo("/account");
    isAccountOf(browser.follow(signedIn), address);
    assertThat(browser.get("/").header("Location")).isEqualTo("/account");
  }

  private static String other(String... codes) {
    for (String guess : List.of("000000", "000001", "000002")) {
      if (!List.of(codes).contains(guess)) {
        return guess;
      }
    }
    throw new AssertionError();
  }

  @Test
  void aFormThatIsNotFilledInSaysSoAtEachField() {
    var browser = browser();
    browser.get("/sign-in");
    Answer empty = browser.submit("/sign-in", "username", "  ", "password", "");
    assertThat(empty.status()).isEqualTo(422);
    assertThat(empty.text())
        .contains(
            "<title>Error: Sign in – Portico</title>",
            "role=\"alert\"",
            "<a href=\"#username\">Enter your e-mail address or user name</a>",
            "<a href=\"#password\">Enter your password</a>",
            "aria-describedby=\"username-fault\"",
            "aria-invalid=\"true\"");
    Answer wrong = browser.submit("/sign-in", "username", "a<b>&\"'@x", "password", "secret-word");
    assertThat(wrong.text())
        .contains("value=\"a&lt;b")
        .doesNotContain("secret-word", "<b>", "\"'@x");
    browser.get("/sign-up");
    Answer weak =
        browser.submit("/sign-up", "email", Pool.freshAddress(), "newPassword", "no-digits-Here");
    assertThat(weak.status()).isEqualTo(422);
    assertThat(weak.text())
        .contains(
            "The password needs a digit",
            "aria-describedby=\"newPassword-hint newPassword-fault\"");
  }

  /** Neither the answer nor where it leads tells whether there is an account. */
  @Test
  void knownAndUnknownAccountsAreAnsweredAlike() {
    String known = POOL.account();
    var browser = browser();
    for (var form :
        List.of(
            List.of("/sign-in", "username", "password", "Wrong-Password-1"),
            List.of("/sign-up", "email", "newPassword", Pool.PASSWORD),
            List.of("/confirm", "username", "code", "000000"),
            List.of("/confirm/resend", "username", "code", ""),
            List.of("/forgot", "username", "code", ""),
            List.of("/reset/resend", "username", "code", ""))) {
      String unknown = Pool.freshAddress();
      browser.get("/sign-in");
      Answer one = browser.submit(form.get(0), form.get(1), known, form.get(2), form.get(3));
      Answer two = browser.submit(form.get(0), form.get(1), unknown, form.get(2), form.get(3));
      assertThat(two.status()).as(form.get(0)).isEqualTo(one.status()).isIn(303, 422);
      assertThat(two.header("Location")).isEqualTo(one.header("Location"));
      assertThat(two.text().replace(unknown, known)).isEqualTo(one.text());
      assertThat(shape(two)).isEqualTo(shape(one));
    }
    browser.get("/reset");
    Answer one = reset(browser, known, "000000");
    String unknown = Pool.freshAddress();
    Answer two = reset(browser, unknown, "000000");
    assertThat(one.status()).isEqualTo(422);
    assertThat(two.text().replace(unknown, known)).isEqualTo(one.text());
  }

  /** Header fields, without what is random in them. */
  private static List<String> shape(Answer answer) {
    return answer.response().headers().map().entrySet().stream()
        .map(
            field ->
                field.getKey().toLowerCase(Locale.ROOT)
                    + field.getValue().toString().replaceAll("=t1\\.[^;]+|Expires=[^;]+", ""))
        .filter(field -> !field.startsWith("date[") && !field.startsWith("x-request-id["))
        .sorted()
        .toList();
  }

  private static Answer reset(PageClient browser, String name, String code) {
    return browser.submit(
        "/reset", "username", name, "code", code, "newPassword", "Battery-Staple-8");
  }

  @Test
  void aForgottenPasswordIsReplacedAndOpensNothingAnyMore() {
    String address = POOL.account();
    var thief = browser();
    isAccountOf(thief.follow(signIn(thief, address, Pool.PASSWORD)), address);
    var browser = browser();
    browser.get("/forgot");
    Answer sent = browser.follow(browser.submit("/forgot", "username", address));
    assertThat(sent.text()).contains("Choose a new password", "value=\"" + address + '"');
    Answer weak =
        browser.submit(
            "/reset", "username", address, "code", Pool.codeFor(address), "newPassword", "short");
    assertThat(weak.text()).contains("The password is too short");
    Answer done = browser.follow(reset(browser, address, Pool.codeFor(address)));
    assertThat(done.text()).contains("Your password is changed", "value=\"" + address + '"');
    assertThat(signIn(browser, address, Pool.PASSWORD).status()).isEqualTo(422);
    assertThat(signIn(browser, address, "Battery-Staple-8").status()).isEqualTo(303);
    assertThat(thief.get("/account").header("Location")).isEqualTo("/sign-in");
  }

  @Test
  void aTemporaryPasswordIsReplaced() {
    String address = POOL.invited("Temporary-Word-1");
    var browser = browser();
    Answer asked = signIn(browser, address, "Temporary-Word-1");
    assertThat(asked.header("Location")).isEqualTo("/challenge");
    Answer form = browser.follow(asked);
    assertThat(form.text()).contains("Choose your password", "readonly");
    assertThat(browser.submit("/challenge", "newPassword", " x").text())
        .contains("no space at either end");
    assertThat(browser.submit("/challenge", "newPassword", "nodigits").status()).isEqualTo(422);
    Answer done = browser.submit("/challenge", "newPassword", Pool.PASSWORD);
    isAccountOf(browser.follow(done), address);
    // The step is over: its page leads back to the beginning.
    assertThat(browser.follow(browser.get("/challenge")).text()).contains("Please sign in again");
  }

  @Test
  void aStepIsOfItsBrowserAlone() {
    String address = POOL.invited("Temporary-Word-1");
    var browser = browser();
    signIn(browser, address, "Temporary-Word-1");
    var other = browser();
    other.get("/sign-in");
    other.setCookie("__Host-portico-step", browser.cookie("__Host-portico-step"));
    assertThat(other.get("/challenge").header("Location")).isEqualTo("/sign-in");
    assertThat(browser.get("/challenge").status()).isEqualTo(200);
    browser.setCookie("__Host-portico-step", "t1.AAAA");
    assertThat(browser.get("/challenge").header("Location")).isEqualTo("/sign-in");
  }

  private static Pool secured(
      UserPoolMfaType mode, Consumer<SetUserPoolMfaConfigRequest.Builder> more) {
    var pool = Pool.create();
    pool.cognito()
        .setUserPoolMfaConfig(
            config -> {
              config
                  .userPoolId(pool.id())
                  .mfaConfiguration(mode)
                  .softwareTokenMfaConfiguration(totp -> totp.enabled(true));
              more.accept(config);
            });
    return pool;
  }

  /** The secret that a page shows. */
  static String secret(Answer page) {
    var found = SECRET.matcher(page.text());
    assertThat(found.find()).as(page.text()).isTrue();
    return found.group(1).replace(" ", "");
  }

  /** The code that an app shows, some steps of 30 seconds ahead. */
  static String code(String secret, int ahead) {
    return Totp.at(secret, Pool.standIn().clock().instant().getEpochSecond() + 30L * ahead);
  }

  @Test
  void aPoolThatDemandsAnAppHasItSetUpAndAsksForIt() {
    var pool = secured(UserPoolMfaType.ON, config -> {});
    try (var secure = RunningService.start(pool, client -> {})) {
      String address = pool.account();
      var browser = secure.browser();
      Answer page = browser.follow(signIn(browser, address, Pool.PASSWORD));
      assertThat(page.text())
          .contains("Set up an authenticator app", "src=\"data:image/png;base64,", "otpauth://");
      assertThat(page.header("Content-Security-Policy")).contains("img-src 'self' data:;");
      String secret = secret(page);
      Answer wrong = browser.submit("/challenge", "code", "12345");
      assertThat(wrong.status()).isEqualTo(422);
      assertThat(secret(wrong)).as("the app is the same").isEqualTo(secret);
      isAccountOf(browser.follow(browser.submit("/challenge", "code", code(secret, 0))), address);

      var other = secure.browser();
      Answer asked = other.follow(signIn(other, address, Pool.PASSWORD));
      assertThat(asked.text()).contains("Enter a code", "autocomplete=\"one-time-code\"");
      assertThat(other.submit("/challenge", "code", "").text()).contains("Enter the code");
      assertThat(other.submit("/challenge", "code", "000000").status()).isEqualTo(422);
      assertThat(other.get("/account").header("Location")).isEqualTo("/sign-in");
      other.follow(signIn(other, address, Pool.PASSWORD));
      isAccountOf(other.follow(other.submit("/challenge", "code", code(secret, 1))), address);
    }
  }

  @Test
  void whoHasSeveralFactorsChooses() {
    var pool =
        secured(
            UserPoolMfaType.OPTIONAL,
            config -> config.emailMfaConfiguration(email -> email.subject("Code")));
    try (var secure = RunningService.start(pool, client -> {})) {
      String address = pool.account();
      String token = secure.signIn(address, Pool.PASSWORD).field("accessToken");
      String secret = secure.call("POST", "/v1/auth/mfa/totp", "", token).field("secret");
      secure.call(
          "POST", "/v1/auth/mfa/totp/verify", "{\"code\":\"" + code(secret, 0) + "\"}", token);
      pool.cognito()
          .setUserMFAPreference(
              request ->
                  request
                      .accessToken(token)
                      .softwareTokenMfaSettings(totp -> totp.enabled(true))
                      .emailMfaSettings(email -> email.enabled(true)));
      var browser = secure.browser();
      Answer choice = browser.follow(signIn(browser, address, Pool.PASSWORD));
      assertThat(choice.text())
          .contains("<fieldset", "A code from your authenticator app", "A code sent by e-mail");
      Answer none = browser.submit("/challenge");
      assertThat(none.text()).contains("<a href=\"#factor-0\">Choose one</a>");
      assertThat(browser.submit("/challenge", "factor", "MFA_SETUP").status()).isEqualTo(422);
      Answer mailed = browser.follow(browser.submit("/challenge", "factor", "EMAIL_OTP"));
      assertThat(mailed.text()).contains("sent by e-mail to u***@e***");
      isAccountOf(
          browser.follow(browser.submit("/challenge", "code", Pool.codeFor(address))), address);
    }
  }

  @Test
  void aCodeByTextMessageIsChosenAndEntered() {
    var pool =
        secured(
            UserPoolMfaType.OPTIONAL,
            config ->
                config
                    .emailMfaConfiguration(email -> email.subject("Code"))
                    .smsMfaConfiguration(SecondFactorIT::texts));
    try (var secure = RunningService.start(pool, client -> {})) {
      String address = pool.account();
      String number = pool.phoneNumber(address);
      String token = secure.signIn(address, Pool.PASSWORD).field("accessToken");
      pool.cognito()
          .setUserMFAPreference(
              request ->
                  request
                      .accessToken(token)
                      .smsMfaSettings(sms -> sms.enabled(true))
                      .emailMfaSettings(email -> email.enabled(true)));
      var browser = secure.browser();
      Answer choice = browser.follow(signIn(browser, address, Pool.PASSWORD));
      assertThat(choice.text()).contains("A code sent as a text message", "A code sent by e-mail");
      Answer texted = browser.follow(browser.submit("/challenge", "factor", "SMS_MFA"));
      assertThat(texted.text())
          .contains("sent as a text message to +*******" + number.substring(8))
          .doesNotContain(number);
      String code = Pool.codeFor(number);
      String guess = code.equals("000000") ? "000001" : "000000";
      assertThat(browser.submit("/challenge", "code", guess).text())
          .contains("The code is wrong, has expired or was tried too often");
      isAccountOf(browser.follow(browser.submit("/challenge", "code", code)), address);
    }
  }

  @Test
  void aClosedPoolTakesNobodyIn() {
    var pool =
        Pool.create(
            settings ->
                settings.adminCreateUserConfig(config -> config.allowAdminCreateUserOnly(true)));
    try (var closed = RunningService.start(pool, client -> {})) {
      var browser = closed.browser();
      browser.get("/sign-up");
      Answer refused =
          browser.submit("/sign-up", "email", Pool.freshAddress(), "newPassword", Pool.PASSWORD);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).contains("No new accounts here");
    }
  }

  @Test
  void whoTriesTooOftenIsToldSoInTheForm() {
    try (var strict =
        RunningService.start(
            POOL,
            client -> {},
            settings -> settings.put("portico.limit.attempts-per-account", 2))) {
      var browser = strict.browser();
      String unknown = Pool.freshAddress();
      signIn(browser, unknown, "Wrong-Password-1");
      // The API and the pages count together.
      strict.signIn(unknown, "Wrong-Password-1");
      Answer busy = signIn(browser, unknown, "Wrong-Password-1");
      assertThat(busy.status()).isEqualTo(429);
      assertThat(busy.header("Retry-After")).isNotEmpty();
      assertThat(busy.text()).contains("Too many tries", "value=\"" + unknown + '"');
    }
  }

  @Test
  void anotherSignInEndsTheOneBefore() {
    String address = POOL.account();
    var browser = browser();
    signIn(browser, address, Pool.PASSWORD);
    String before = browser.cookie("__Host-portico-auth");
    signIn(browser, POOL.account(), Pool.PASSWORD);
    assertThat(browser.cookie("__Host-portico-auth")).isNotEqualTo(before);
    var old = browser();
    old.setCookie("__Host-portico-auth", before);
    assertThat(old.get("/account").header("Location")).isEqualTo("/sign-in");
    assertThat(browser.get("/account").status()).isEqualTo(200);
  }
}
