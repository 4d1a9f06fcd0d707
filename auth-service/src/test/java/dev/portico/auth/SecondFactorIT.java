package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.cognito.mfa.Totp;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SetUserPoolMfaConfigRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SmsMfaConfigType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;

/** Authenticator apps and codes by mail, by each kind of client. */
class SecondFactorIT {
  /** Kinds of app client. */
  enum Client {
    PLAIN,
    WITH_SECRET
  }

  private static final Pool OPTIONAL = pool(UserPoolMfaType.OPTIONAL, config -> {});
  private static final Pool REQUIRED = pool(UserPoolMfaType.ON, config -> {});
  private static final Map<Client, RunningService> BY_CHOICE = new EnumMap<>(Client.class);
  private static final Map<Client, RunningService> BY_RULE = new EnumMap<>(Client.class);

  private static Pool pool(
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

  private static RunningService start(Pool pool, Client kind) {
    return RunningService.start(pool, client -> client.generateSecret(kind == Client.WITH_SECRET));
  }

  private static RunningService byChoice(Client kind) {
    return BY_CHOICE.computeIfAbsent(kind, k -> start(OPTIONAL, k));
  }

  private static RunningService byRule(Client kind) {
    return BY_RULE.computeIfAbsent(kind, k -> start(REQUIRED, k));
  }

  @AfterAll
  static void stop() {
    BY_CHOICE.values().forEach(RunningService::close);
    BY_RULE.values().forEach(RunningService::close);
  }

  /** The present code, by which an app is proven. */
  private static String code(String secret) {
    return Totp.at(secret, Pool.standIn().clock().instant().getEpochSecond());
  }

  /** The code after it, which is accepted too, so that the sign-in need not wait for it. */
  private static String nextCode(String secret) {
    return Totp.at(secret, Pool.standIn().clock().instant().getEpochSecond() + 30);
  }

  /** As apps show it. */
  private static String grouped(String code) {
    return code.substring(0, 3) + ' ' + code.substring(3);
  }

  private static String wrong(String code) {
    return code.equals("000000") ? "000001" : "000000";
  }

  private static Answer challenge(
      RunningService service, Answer asked, String kind, String responses) {
    return service
        .api()
        .post(
            "/v1/auth/challenge",
            """
            {"username": "%s", "challenge": "%s", "session": "%s", "responses": %s}
            """
                .formatted(
                    asked.json().at("/parameters/username").asText(),
                    kind,
                    asked.field("session"),
                    responses));
  }

  private static Answer enter(RunningService service, Answer asked, String code) {
    return challenge(service, asked, "SOFTWARE_TOKEN_MFA", "{\"code\":\"" + code + "\"}");
  }

  private static Answer verify(RunningService service, String token, String code) {
    return service.call(
        "POST",
        "/v1/auth/mfa/totp/verify",
        "{\"code\":\"" + code + "\",\"device\":\"Ann's phone\"}",
        token);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void anAppIsEnrolledUsedAndRemoved(Client kind) {
    var service = byChoice(kind);
    String address = OPTIONAL.account();
    String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
    Answer enrolment = service.call("POST", "/v1/auth/mfa/totp", "", token);
    assertThat(enrolment.status()).as(enrolment.text()).isEqualTo(200);
    assertThat(enrolment.header("Cache-Control")).isEqualTo("no-store");
    String secret = enrolment.field("secret");
    assertThat(enrolment.field("uri"))
        .isEqualTo(
            "otpauth://totp/Portico:"
                + address.replace("@", "%40")
                + "?secret="
                + secret
                + "&issuer=Portico");
    assertThat(enrolment.field("qrCode")).startsWith("data:image/png;base64,iVBORw0KGgo");
    assertThat(enrolment.json().has("session")).isFalse();

    assertThat(verify(service, token, wrong(code(secret))).problem()).isEqualTo("invalid-code");
    assertThat(service.me(token).json().get("mfa")).isEmpty();
    assertThat(verify(service, token, "12345").problem()).isEqualTo("invalid-code");
    assertThat(verify(service, token, grouped(code(secret))).status()).isEqualTo(204);
    assertThat(service.me(token).json().at("/mfa/0").asText()).isEqualTo("SOFTWARE_TOKEN_MFA");

    Answer asked = service.signIn(address, Pool.PASSWORD);
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.field("challenge")).isEqualTo("SOFTWARE_TOKEN_MFA");
    assertThat(asked.json().has("accessToken")).isFalse();
    assertThat(service.signIn(address, "Wrong-Password-1").status()).isEqualTo(401);
    String code = nextCode(secret);
    Answer guess = enter(service, asked, wrong(code));
    assertThat(guess.status()).isEqualTo(400);
    assertThat(guess.problem()).isEqualTo("invalid-code");
    Answer missing = challenge(service, asked, "SOFTWARE_TOKEN_MFA", "{}");
    assertThat(missing.json().at("/errors/0/field").asText()).isEqualTo("responses.code");
    // A slip of the hand does not end the sign-in, nor does the space that apps show.
    for (String slip : new String[] {"12345", "12345a", "1234567"}) {
      assertThat(enter(service, asked, slip).problem()).as(slip).isEqualTo("invalid-code");
    }
    Answer signedIn = enter(service, asked, grouped(code));
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(200);
    assertThat(signedIn.header("Cache-Control")).isEqualTo("no-store");
    String second = signedIn.field("accessToken");
    assertThat(service.me(second).status()).isEqualTo(200);
    assertThat(enter(service, asked, code).problem()).isEqualTo("challenge-refused");
    // RFC 6238 section 5.2: not twice.
    Answer again = service.signIn(address, Pool.PASSWORD);
    assertThat(enter(service, again, code).problem()).isEqualTo("invalid-code");

    assertThat(service.call("DELETE", "/v1/auth/mfa/totp", "", second).status()).isEqualTo(204);
    assertThat(service.signIn(address, Pool.PASSWORD).json().has("accessToken")).isTrue();
    assertThat(service.me(second).json().get("mfa")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aPoolThatDemandsOneHasItSetUpAtTheFirstSignIn(Client kind) {
    var service = byRule(kind);
    String temporary = "Temporary-Word-1";
    String address = REQUIRED.invited(temporary);
    Answer first = service.signIn(address, temporary);
    Answer asked =
        challenge(
            service, first, "NEW_PASSWORD_REQUIRED", "{\"newPassword\":\"" + Pool.PASSWORD + "\"}");
    assertThat(asked.field("challenge")).as(asked.text()).isEqualTo("MFA_SETUP");
    assertThat(asked.json().at("/parameters/mfaTypes/0").asText()).isEqualTo("SOFTWARE_TOKEN_MFA");
    // Nothing is set up yet.
    assertThat(challenge(service, asked, "MFA_SETUP", "{\"code\":\"123456\"}").problem())
        .isEqualTo("challenge-refused");

    Answer enrolment = setUp(service, asked);
    assertThat(enrolment.status()).as(enrolment.text()).isEqualTo(200);
    assertThat(setUp(service, asked).problem()).isEqualTo("challenge-refused");
    String secret = enrolment.field("secret");
    String body =
        """
        {"username": "%s", "challenge": "MFA_SETUP", "session": "%s", "responses": {"code": "%s"}}
        """;
    String username = asked.json().at("/parameters/username").asText();
    String session = enrolment.field("session");
    Answer guess =
        service
            .api()
            .post("/v1/auth/challenge", body.formatted(username, session, wrong(code(secret))));
    assertThat(guess.problem()).isEqualTo("invalid-code");
    Answer slip =
        service.api().post("/v1/auth/challenge", body.formatted(username, session, "12345"));
    assertThat(slip.problem()).isEqualTo("invalid-code");
    Answer signedIn =
        service
            .api()
            .post("/v1/auth/challenge", body.formatted(username, session, grouped(code(secret))));
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(200);
    assertThat(signedIn.json().has("accessToken")).isTrue();
    Answer next = service.signIn(address, Pool.PASSWORD);
    assertThat(next.field("challenge")).isEqualTo("SOFTWARE_TOKEN_MFA");
    assertThat(enter(service, next, nextCode(secret)).json().has("accessToken")).isTrue();
  }

  private static Answer setUp(RunningService service, Answer asked) {
    return service
        .api()
        .post(
            "/v1/auth/challenge/totp",
            "{\"username\":\"%s\",\"session\":\"%s\"}"
                .formatted(
                    asked.json().at("/parameters/username").asText(), asked.field("session")));
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void whoHasSeveralChooses(Client kind) {
    var pool =
        pool(
            UserPoolMfaType.OPTIONAL,
            config -> config.emailMfaConfiguration(email -> email.subject("Code")));
    try (var service = start(pool, kind)) {
      String address = pool.account();
      String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
      String secret = service.call("POST", "/v1/auth/mfa/totp", "", token).field("secret");
      verify(service, token, code(secret));
      pool.cognito()
          .setUserMFAPreference(
              request ->
                  request
                      .accessToken(token)
                      .softwareTokenMfaSettings(totp -> totp.enabled(true))
                      .emailMfaSettings(email -> email.enabled(true)));
      Answer asked = service.signIn(address, Pool.PASSWORD);
      assertThat(asked.field("challenge")).isEqualTo("SELECT_MFA_TYPE");
      assertThat(asked.json().at("/parameters/mfaTypes").toString())
          .isEqualTo("[\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]");
      Answer unknown = challenge(service, asked, "SELECT_MFA_TYPE", "{\"mfaType\":\"MFA_SETUP\"}");
      assertThat(unknown.json().at("/errors/0/field").asText()).isEqualTo("responses.mfaType");
      Answer mailed = challenge(service, asked, "SELECT_MFA_TYPE", "{\"mfaType\":\"EMAIL_OTP\"}");
      assertThat(mailed.field("challenge")).as(mailed.text()).isEqualTo("EMAIL_OTP");
      assertThat(mailed.json().at("/parameters/destination").asText()).isEqualTo("u***@e***");
      String code = Pool.codeFor(address);
      assertThat(
              challenge(service, mailed, "EMAIL_OTP", "{\"code\":\"" + wrong(code) + "\"}")
                  .problem())
          .isEqualTo("invalid-code");
      Answer signedIn = challenge(service, mailed, "EMAIL_OTP", "{\"code\":\"" + code + "\"}");
      assertThat(signedIn.json().has("accessToken")).as(signedIn.text()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aCodeByTextMessageIsEntered(Client kind) {
    var pool =
        pool(
            UserPoolMfaType.OPTIONAL,
            config ->
                config
                    .emailMfaConfiguration(email -> email.subject("Code"))
                    .smsMfaConfiguration(SecondFactorIT::texts));
    try (var service = start(pool, kind)) {
      String address = pool.account();
      String number = pool.phoneNumber(address);
      String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
      prefer(pool, token, true);
      Answer preferred = service.signIn(address, Pool.PASSWORD);
      assertThat(preferred.field("challenge")).as(preferred.text()).isEqualTo("SMS_MFA");
      assertThat(preferred.json().at("/parameters/destination").asText())
          .isEqualTo("+*******" + number.substring(8));
      String code = Pool.codeFor(number);
      assertThat(textCode(service, preferred, wrong(code)).problem()).isEqualTo("invalid-code");
      Answer signedIn = textCode(service, preferred, grouped(code));
      assertThat(signedIn.json().has("accessToken")).as(signedIn.text()).isTrue();
      assertThat(service.me(token).json().get("mfa").toString())
          .isEqualTo("[\"EMAIL_OTP\",\"SMS_MFA\"]");
      // Once is enough.
      assertThat(textCode(service, preferred, code).problem()).isEqualTo("challenge-refused");

      prefer(pool, token, false);
      Answer choice = service.signIn(address, Pool.PASSWORD);
      assertThat(choice.json().at("/parameters/mfaTypes").toString())
          .isEqualTo("[\"SMS_MFA\",\"EMAIL_OTP\"]");
      Answer chosen = challenge(service, choice, "SELECT_MFA_TYPE", "{\"mfaType\":\"SMS_MFA\"}");
      assertThat(chosen.field("challenge")).as(chosen.text()).isEqualTo("SMS_MFA");
      assertThat(textCode(service, chosen, code).problem())
          .as("of before")
          .isEqualTo("invalid-code");
      assertThat(textCode(service, chosen, Pool.codeFor(number)).json().has("accessToken"))
          .isTrue();
    }
  }

  static void texts(SmsMfaConfigType.Builder texts) {
    texts.smsConfiguration(sms -> sms.snsCallerArn("arn:aws:iam::000000000000:role/texts"));
  }

  private static void prefer(Pool pool, String token, boolean texts) {
    pool.cognito()
        .setUserMFAPreference(
            request ->
                request
                    .accessToken(token)
                    .smsMfaSettings(sms -> sms.enabled(true).preferredMfa(texts))
                    .emailMfaSettings(email -> email.enabled(true)));
  }

  private static Answer textCode(RunningService service, Answer asked, String code) {
    return challenge(service, asked, "SMS_MFA", "{\"code\":\"" + code + "\"}");
  }

  @Test
  void poolsWithoutAndChallengesUnknownAreToldApart() {
    var plain = Pool.create();
    try (var service = start(plain, Client.PLAIN)) {
      String token = service.signIn(plain.account(), Pool.PASSWORD).field("accessToken");
      Answer refused = service.call("POST", "/v1/auth/mfa/totp", "", token);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.problem()).isEqualTo("mfa-not-offered");
      Answer unknown =
          service
              .api()
              .post(
                  "/v1/auth/challenge",
                  "{\"username\":\"u\",\"challenge\":\"DEVICE_SRP_AUTH\",\"session\":\""
                      + "s".repeat(20)
                      + "\",\"responses\":{}}");
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(unknown.json().at("/errors/0/field").asText()).isEqualTo("challenge");
    }
  }
}
