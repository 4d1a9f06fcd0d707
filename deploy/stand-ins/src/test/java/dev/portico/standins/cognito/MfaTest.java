package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.AwsClient.Answer;
import dev.portico.standins.cognito.fixture.Realm;
import dev.portico.standins.cognito.mfa.Totp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second factors. */
final class MfaTest {
  private static final String ANN = "ann@example.com";

  @TempDir Path folder;
  private Realm realm;

  @BeforeEach
  void open() {
    realm = Realm.open(folder);
    realm.user(ANN);
  }

  @AfterEach
  void close() {
    realm.close();
  }

  private void configure(String mode, boolean totp, boolean email) {
    configure(mode, totp, email, false);
  }

  private void configure(String mode, boolean totp, boolean email, boolean texts) {
    var body = new HashMap<String, Object>();
    body.put("UserPoolId", realm.poolId);
    body.put("MfaConfiguration", mode);
    if (totp) {
      body.put("SoftwareTokenMfaConfiguration", Map.of("Enabled", true));
    }
    if (email) {
      body.put("EmailMfaConfiguration", Map.of("Subject", "Code"));
    }
    if (texts) {
      body.put(
          "SmsMfaConfiguration",
          Map.of(
              "SmsConfiguration", Map.of("SnsCallerArn", "arn:aws:iam::000000000000:role/texts")));
    }
    var pairs = body.entrySet().stream().flatMap(e -> Stream.of(e.getKey(), e.getValue()));
    var set = realm.aws.signed("SetUserPoolMfaConfig", json(pairs.toArray()));
    assertThat(set.status()).as(set.body().toString()).isEqualTo(200);
    assertThat(set.text("/MfaConfiguration")).isEqualTo(mode);
  }

  private String token() {
    return realm.signIn(ANN, Realm.PASSWORD).text("/AuthenticationResult/AccessToken");
  }

  /** A code that was not used yet: time goes on by a step. */
  private String code(String secret) {
    realm.standIn.clock().advance(Duration.ofSeconds(30));
    return Totp.at(secret, realm.standIn.clock().instant().getEpochSecond());
  }

  private static String wrong(String code) {
    return code.equals("000000") ? "000001" : "000000";
  }

  private String enrol(String token) {
    var secret =
        realm.aws.open("AssociateSoftwareToken", json("AccessToken", token)).text("/SecretCode");
    assertThat(secret).matches("[A-Z2-7]{52}");
    refused(
        realm.aws.open(
            "VerifySoftwareToken", json("AccessToken", token, "UserCode", wrong(code(secret)))),
        "EnableSoftwareTokenMFAException",
        "Code mismatch");
    var verified =
        realm.aws.open(
            "VerifySoftwareToken",
            json(
                "AccessToken",
                token,
                "UserCode",
                code(secret),
                "FriendlyDeviceName",
                "Ann's phone"));
    assertThat(verified.text("/Status")).isEqualTo("SUCCESS");
    return secret;
  }

  private Answer prefer(String token, String settings, boolean on) {
    return realm.aws.open(
        "SetUserMFAPreference",
        json("AccessToken", token, settings, Map.of("Enabled", on, "PreferredMfa", on)));
  }

  private Answer respond(String challenge, String session, String name, String value) {
    return realm.aws.open(
        "RespondToAuthChallenge",
        json(
            "ClientId",
            realm.clientId,
            "ChallengeName",
            challenge,
            "Session",
            session,
            "ChallengeResponses",
            name.isEmpty() ? Map.of("USERNAME", ANN) : Map.of("USERNAME", ANN, name, value)));
  }

  private Answer enter(String session, String code) {
    return respond("SOFTWARE_TOKEN_MFA", session, "SOFTWARE_TOKEN_MFA_CODE", code);
  }

  @Test
  void anAppIsAskedForOnceItIsPreferred() {
    configure("OPTIONAL", true, false);
    var token = token();
    refused(
        prefer(token, "SoftwareTokenMfaSettings", true),
        "InvalidParameterException",
        "User has not verified software token mfa");
    var secret = enrol(token);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).body().has("AuthenticationResult")).isTrue();
    assertThat(prefer(token, "SoftwareTokenMfaSettings", true).status()).isEqualTo(200);
    var user = realm.getUser(token).body();
    assertThat(user.path("UserMFASettingList").toString()).isEqualTo("[\"SOFTWARE_TOKEN_MFA\"]");
    assertThat(user.path("PreferredMfaSetting").asText()).isEqualTo("SOFTWARE_TOKEN_MFA");

    var asked = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(asked.text("/ChallengeName")).isEqualTo("SOFTWARE_TOKEN_MFA");
    assertThat(asked.text("/ChallengeParameters/FRIENDLY_DEVICE_NAME")).isEqualTo("Ann's phone");
    var session = asked.text("/Session");
    var code = code(secret);
    refused(enter(session, wrong(code)), "CodeMismatchException", "Invalid code received for user");
    var entered = enter(session, code);
    assertThat(entered.body().has("AuthenticationResult")).isTrue();
    refused(
        enter(session, code),
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.");
    // RFC 6238 section 5.2: the second attempt with the same code must be refused.
    refused(
        enter(realm.signIn(ANN, Realm.PASSWORD).text("/Session"), code),
        "ExpiredCodeException",
        "Your software token has already been used once.");

    assertThat(prefer(token(secret), "SoftwareTokenMfaSettings", false).status()).isEqualTo(200);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).body().has("AuthenticationResult")).isTrue();
  }

  private String token(String secret) {
    var session = realm.signIn(ANN, Realm.PASSWORD).text("/Session");
    return enter(session, code(secret)).text("/AuthenticationResult/AccessToken");
  }

  @Test
  void aPoolThatDemandsAFactorHasItSetUpAtSignIn() {
    configure("ON", true, false);
    var asked = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(asked.text("/ChallengeName")).isEqualTo("MFA_SETUP");
    assertThat(asked.text("/ChallengeParameters/MFAS_CAN_SETUP"))
        .isEqualTo("[\"SOFTWARE_TOKEN_MFA\"]");
    var first = asked.text("/Session");
    assertThat(respond("MFA_SETUP", first, "", "").error()).isEqualTo("InvalidParameterException");
    var associated = realm.aws.open("AssociateSoftwareToken", json("Session", first));
    var secret = associated.text("/SecretCode");
    var second = associated.text("/Session");
    assertThat(realm.aws.open("AssociateSoftwareToken", json("Session", first)).error())
        .isEqualTo("NotAuthorizedException");
    assertThat(
            realm
                .aws
                .open(
                    "VerifySoftwareToken", json("Session", second, "UserCode", wrong(code(secret))))
                .error())
        .isEqualTo("EnableSoftwareTokenMFAException");
    var verified =
        realm.aws.open("VerifySoftwareToken", json("Session", second, "UserCode", code(secret)));
    var signedIn = respond("MFA_SETUP", verified.text("/Session"), "", "");
    assertThat(signedIn.body().has("AuthenticationResult")).isTrue();
    assertThat(realm.signIn(ANN, Realm.PASSWORD).text("/ChallengeName"))
        .isEqualTo("SOFTWARE_TOKEN_MFA");
  }

  @Test
  void aSessionAnswersItsOwnChallengeOnly() {
    configure("ON", true, false);
    var setUp = realm.signIn(ANN, Realm.PASSWORD).text("/Session");
    refused(enter(setUp, "123456"), "NotAuthorizedException", "Invalid session for the user.");
    refused(
        respond("SELECT_MFA_TYPE", setUp, "ANSWER", "SOFTWARE_TOKEN_MFA"),
        "NotAuthorizedException",
        "Invalid session for the user.");
    assertThat(respond("NEW_PASSWORD_REQUIRED", setUp, "NEW_PASSWORD", Realm.PASSWORD).error())
        .isEqualTo("NotAuthorizedException");
    var other = "bob@example.com";
    realm.user(other);
    var bob = realm.signIn(other, Realm.PASSWORD).text("/Session");
    refused(
        respond("MFA_SETUP", bob, "", ""),
        "NotAuthorizedException",
        "Invalid session for the user.");
    realm.standIn.clock().advance(Duration.ofMinutes(4));
    refused(
        realm.aws.open("AssociateSoftwareToken", json("Session", setUp)),
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.");
  }

  @Test
  void wrongCodesLockTheFactorWhateverThePassword() {
    configure("OPTIONAL", true, false);
    var token = token();
    var secret = enrol(token);
    prefer(token, "SoftwareTokenMfaSettings", true);
    for (int i = 0; i < 5; i++) {
      var session = realm.signIn(ANN, Realm.PASSWORD).text("/Session");
      assertThat(enter(session, wrong(code(secret))).error()).isEqualTo("CodeMismatchException");
    }
    assertThat(realm.signIn(ANN, Realm.PASSWORD).error())
        .isEqualTo("TooManyFailedAttemptsException");
    realm.standIn.clock().advance(Duration.ofMinutes(15));
    assertThat(token(secret)).isNotEmpty();
  }

  @Test
  void codesByMailAreAFactorAndTheChoiceIsTheUsers() {
    configure("OPTIONAL", true, true);
    var token = token();
    enrol(token);
    realm.aws.open(
        "SetUserMFAPreference",
        json(
            "AccessToken",
            token,
            "SoftwareTokenMfaSettings",
            Map.of("Enabled", true),
            "EmailMfaSettings",
            Map.of("Enabled", true)));
    var asked = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(asked.text("/ChallengeName")).isEqualTo("SELECT_MFA_TYPE");
    assertThat(asked.text("/ChallengeParameters/MFAS_CAN_CHOOSE"))
        .isEqualTo("[\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]");
    assertThat(respond("SELECT_MFA_TYPE", asked.text("/Session"), "ANSWER", "SMS_MFA").error())
        .isEqualTo("InvalidParameterException");
    var mailed = respond("SELECT_MFA_TYPE", asked.text("/Session"), "ANSWER", "EMAIL_OTP");
    assertThat(mailed.text("/ChallengeName")).isEqualTo("EMAIL_OTP");
    assertThat(mailed.text("/ChallengeParameters/CODE_DELIVERY_DESTINATION"))
        .isEqualTo("a***@e***");
    var code = realm.standIn.messages().getFirst().secret();
    var session = mailed.text("/Session");
    refused(
        respond("EMAIL_OTP", session, "EMAIL_OTP_CODE", wrong(code)),
        "CodeMismatchException",
        "Invalid code received for user");
    var signedIn = respond("EMAIL_OTP", session, "EMAIL_OTP_CODE", code);
    assertThat(signedIn.body().has("AuthenticationResult")).isTrue();
    assertThat(respond("EMAIL_OTP", session, "EMAIL_OTP_CODE", code).error())
        .isEqualTo("NotAuthorizedException");
  }

  private void phoneNumber(String number) {
    var set =
        realm.aws.signed(
            "AdminUpdateUserAttributes",
            json(
                "UserPoolId",
                realm.poolId,
                "Username",
                ANN,
                "UserAttributes",
                List.of(AwsClient.attribute("phone_number", number))));
    assertThat(set.error()).isEqualTo(number.startsWith("+") ? "" : "InvalidParameterException");
  }

  @Test
  void codesByTextMessageAreAFactor() {
    configure("OPTIONAL", false, true, true);
    var token = token();
    refused(
        prefer(token, "SMSMfaSettings", true),
        "InvalidParameterException",
        "User does not have delivery config set to turn on SMS_MFA");
    phoneNumber("555 0100");
    phoneNumber("+15555550100");
    assertThat(prefer(token, "EmailMfaSettings", true).status()).isEqualTo(200);
    assertThat(prefer(token, "SMSMfaSettings", true).status()).isEqualTo(200);
    assertThat(realm.getUser(token).text("/PreferredMfaSetting")).isEqualTo("SMS_MFA");
    var both =
        realm.aws.open(
            "SetUserMFAPreference",
            json(
                "AccessToken",
                token,
                "SMSMfaSettings",
                Map.of("Enabled", true, "PreferredMfa", true),
                "EmailMfaSettings",
                Map.of("Enabled", true, "PreferredMfa", true)));
    assertThat(both.error()).isEqualTo("InvalidParameterException");

    var asked = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(asked.text("/ChallengeName")).isEqualTo("SMS_MFA");
    assertThat(asked.text("/ChallengeParameters/CODE_DELIVERY_DELIVERY_MEDIUM")).isEqualTo("SMS");
    assertThat(asked.text("/ChallengeParameters/CODE_DELIVERY_DESTINATION"))
        .isEqualTo("+*******0100");
    var message = realm.standIn.messages().getFirst();
    assertThat(message.to()).isEqualTo("+15555550100");
    assertThat(message.kind()).isEqualTo("SMS_MFA");
    var session = asked.text("/Session");
    var code = message.secret();
    refused(
        respond("SMS_MFA", session, "SMS_MFA_CODE", wrong(code)),
        "CodeMismatchException",
        "Invalid code received for user");
    refused(
        respond("EMAIL_OTP", session, "EMAIL_OTP_CODE", code),
        "NotAuthorizedException",
        "Invalid session for the user.");
    assertThat(respond("SMS_MFA", session, "SMS_MFA_CODE", code).body().has("AuthenticationResult"))
        .isTrue();

    assertThat(prefer(token, "SMSMfaSettings", false).status()).isEqualTo(200);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).text("/ChallengeName")).isEqualTo("EMAIL_OTP");
  }

  @Test
  void aPoolThatDemandsAFactorTextsWhoeverHasANumber() {
    configure("ON", true, false, true);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).text("/ChallengeName")).isEqualTo("MFA_SETUP");
    phoneNumber("+15555550100");
    assertThat(realm.signIn(ANN, Realm.PASSWORD).text("/ChallengeName")).isEqualTo("SMS_MFA");
  }

  @Test
  void poolsOfferWhatTheyAreToldTo() {
    assertThat(realm.aws.open("AssociateSoftwareToken", json("AccessToken", token())).error())
        .isEqualTo("SoftwareTokenMFANotFoundException");
    assertThat(
            realm
                .aws
                .signed(
                    "SetUserPoolMfaConfig",
                    json("UserPoolId", realm.poolId, "MfaConfiguration", "ON"))
                .error())
        .isEqualTo("InvalidParameterException");
    assertThat(
            realm
                .aws
                .signed(
                    "SetUserPoolMfaConfig",
                    json(
                        "UserPoolId",
                        realm.poolId,
                        "MfaConfiguration",
                        "ON",
                        "SmsMfaConfiguration",
                        Map.of()))
                .error())
        .as("a role that may send text messages is missing")
        .isEqualTo("InvalidParameterException");
    configure("OPTIONAL", true, false, true);
    var known = realm.aws.signed("GetUserPoolMfaConfig", json("UserPoolId", realm.poolId));
    assertThat(known.body().at("/SoftwareTokenMfaConfiguration/Enabled").asBoolean()).isTrue();
    var pool = realm.aws.signed("DescribeUserPool", json("UserPoolId", realm.poolId));
    assertThat(pool.text("/UserPool/MfaConfiguration")).isEqualTo("OPTIONAL");
    assertThat(pool.body().at("/UserPool").has("SoftwareTokenMfaConfiguration")).isFalse();
    assertThat(pool.body().at("/UserPool").has("SmsMfaConfiguration")).isFalse();
    assertThat(known.text("/SmsMfaConfiguration/SmsConfiguration/SnsCallerArn")).isNotEmpty();
  }

  @Test
  void factorsOutliveARestart() {
    configure("OPTIONAL", true, false);
    var token = token();
    enrol(token);
    prefer(token, "SoftwareTokenMfaSettings", true);
    realm.standIn.close();
    try (var again = CognitoStandIn.start(CognitoSettings.local(0, folder));
        var aws = new AwsClient(again.endpoint(), "porticolocal", "portico-local-secret")) {
      var asked =
          aws.signed(
              "AdminInitiateAuth",
              json(
                  "UserPoolId",
                  realm.poolId,
                  "ClientId",
                  realm.clientId,
                  "AuthFlow",
                  "ADMIN_USER_PASSWORD_AUTH",
                  "AuthParameters",
                  Map.of("USERNAME", ANN, "PASSWORD", Realm.PASSWORD)));
      assertThat(asked.text("/ChallengeName")).isEqualTo("SOFTWARE_TOKEN_MFA");
    }
  }
}
