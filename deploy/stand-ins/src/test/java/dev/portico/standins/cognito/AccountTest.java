package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.attribute;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.AwsClient.Answer;
import dev.portico.standins.cognito.fixture.Realm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccountTest {
  private static final String ANN = "ann@example.com";
  private static final String EXPIRED = "Invalid code provided, please request a code again.";

  @TempDir Path folder;
  private Realm realm;

  @BeforeEach
  void open() {
    realm = Realm.open(folder);
  }

  @AfterEach
  void close() {
    realm.close();
  }

  private Answer signUp(String name, String password) {
    return realm.aws.open(
        "SignUp", json("ClientId", realm.clientId, "Username", name, "Password", password));
  }

  private Answer confirm(String code) {
    return realm.aws.open(
        "ConfirmSignUp",
        json("ClientId", realm.clientId, "Username", ANN, "ConfirmationCode", code));
  }

  private String sentCode() {
    return realm.standIn.messages().getFirst().secret();
  }

  private static String wrong(String code) {
    return code.equals("000000") ? "000001" : "000000";
  }

  @Test
  void passwordsBeginAndEndWithoutWhiteSpace() {
    for (String password : new String[] {' ' + Realm.PASSWORD, Realm.PASSWORD + ' ', "x"}) {
      refused(
          signUp(ANN, password),
          "InvalidParameterException",
          "1 validation error detected: Value at 'password' failed to satisfy constraint: Member"
              + " must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$");
    }
    assertThat(signUp(ANN, "Inner-Space is-1").status()).isEqualTo(200);
  }

  @Test
  void signUpConfirmSignIn() {
    var signedUp = signUp(ANN, Realm.PASSWORD);
    assertThat(signedUp.text("/CodeDeliveryDetails/Destination")).isEqualTo("a***@e***");
    assertThat(signedUp.body().path("UserConfirmed").asBoolean(true)).isFalse();
    refused(
        realm.signIn(ANN, Realm.PASSWORD), "UserNotConfirmedException", "User is not confirmed.");
    refused(
        confirm(wrong(sentCode())),
        "CodeMismatchException",
        "Invalid verification code provided, please try again.");
    assertThat(confirm(sentCode()).status()).isEqualTo(200);
    refused(
        confirm(sentCode()),
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED");
    assertThat(realm.signIn(ANN, Realm.PASSWORD).status()).isEqualTo(200);
    var user = realm.admin("AdminGetUser", ANN);
    assertThat(user.text("/Username")).isEqualTo(signedUp.text("/UserSub"));
    assertThat(user.body().path("UserAttributes").toString())
        .contains("{\"Name\":\"email_verified\",\"Value\":\"true\"}");
  }

  @Test
  void codesExpireAndTheirEntryIsLimited() {
    signUp(ANN, Realm.PASSWORD);
    realm.standIn.clock().advance(Duration.ofHours(24));
    refused(confirm(sentCode()), "ExpiredCodeException", EXPIRED);
    realm.aws.open("ResendConfirmationCode", json("ClientId", realm.clientId, "Username", ANN));
    for (int i = 0; i < 5; i++) {
      assertThat(confirm(wrong(sentCode())).error()).isEqualTo("CodeMismatchException");
    }
    refused(
        confirm(sentCode()),
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.");
  }

  @ParameterizedTest
  @CsvSource({
    "Sh0rt-1, Password not long enough",
    "lower-case-7, Password must have uppercase characters",
    "UPPER-CASE-7, Password must have lowercase characters",
    "No-Numbers-Here, Password must have numeric characters",
    "NoSymbols77, Password must have symbol characters"
  })
  void thePasswordPolicyHolds(String password, String reason) {
    refused(
        signUp(ANN, password),
        "InvalidPasswordException",
        "Password did not conform with policy: " + reason);
  }

  @Test
  void anAddressIsTakenWhateverItsCase() {
    signUp(ANN, Realm.PASSWORD);
    refused(
        signUp("Ann@Example.com", Realm.PASSWORD),
        "UsernameExistsException",
        "An account with the given email already exists.");
    refused(
        signUp("ann", Realm.PASSWORD), "InvalidParameterException", "Username should be an email.");
  }

  @Test
  void aClosedPoolTakesNoSignUps(@TempDir Path other) {
    try (var closed =
        Realm.open(
            other,
            Map.of("AdminCreateUserConfig", Map.of("AllowAdminCreateUserOnly", true)),
            Map.of())) {
      refused(
          closed.aws.open(
              "SignUp",
              json("ClientId", closed.clientId, "Username", "ann", "Password", Realm.PASSWORD)),
          "NotAuthorizedException",
          "SignUp is not permitted for this user pool");
    }
  }

  @Test
  void nobodyVerifiesTheirOwnAddress() {
    refused(
        realm.aws.open(
            "SignUp",
            json(
                "ClientId",
                realm.clientId,
                "Username",
                ANN,
                "Password",
                Realm.PASSWORD,
                "UserAttributes",
                List.of(attribute("email_verified", "true")))),
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute");
  }

  @Test
  void aForgottenPasswordIsReplacedByCode() {
    realm.user(ANN);
    var sent = realm.aws.open("ForgotPassword", json("ClientId", realm.clientId, "Username", ANN));
    assertThat(sent.text("/CodeDeliveryDetails/Destination")).isEqualTo("a***@e***");
    assertThat(confirmForgot(ANN, "Another-Horse-8").status()).isEqualTo(200);
    assertThat(realm.signIn(ANN, "Another-Horse-8").status()).isEqualTo(200);
    refused(confirmForgot(ANN, "Another-Horse-8"), "ExpiredCodeException", EXPIRED);
  }

  private Answer confirmForgot(String name, String password) {
    return realm.aws.open(
        "ConfirmForgotPassword",
        json(
            "ClientId",
            realm.clientId,
            "Username",
            name,
            "ConfirmationCode",
            sentCode(),
            "Password",
            password));
  }

  @Test
  void recoveryDoesNotTellWhoExists() {
    realm.user(ANN);
    realm.aws.open("ForgotPassword", json("ClientId", realm.clientId, "Username", ANN));
    var sent =
        realm.aws.open(
            "ForgotPassword", json("ClientId", realm.clientId, "Username", "nobody@example.com"));
    assertThat(sent.text("/CodeDeliveryDetails/Destination")).isEqualTo("n***@e***");
    refused(confirmForgot("nobody@example.com", Realm.PASSWORD), "ExpiredCodeException", EXPIRED);
  }

  @Test
  void messagesAreLimitedPerHour() {
    realm.user(ANN);
    var forgotten = json("ClientId", realm.clientId, "Username", ANN);
    for (int i = 0; i < 10; i++) {
      assertThat(realm.aws.open("ForgotPassword", forgotten).status()).isEqualTo(200);
    }
    assertThat(realm.aws.open("ForgotPassword", forgotten).error())
        .isEqualTo("LimitExceededException");
  }

  @Test
  void aClientWithASecretMustProveIt() {
    var client =
        realm.aws.signed(
            "CreateUserPoolClient",
            json("UserPoolId", realm.poolId, "ClientName", "secret", "GenerateSecret", true));
    var id = client.text("/UserPoolClient/ClientId");
    var secret = client.text("/UserPoolClient/ClientSecret");
    refused(
        signUpWith(id, null),
        "NotAuthorizedException",
        "Client " + id + " is configured with secret but SECRET_HASH was not received");
    refused(
        signUpWith(id, AwsClient.secretHash(secret, "bob@example.com", id)),
        "NotAuthorizedException",
        "Unable to verify secret hash for client " + id);
    assertThat(signUpWith(id, AwsClient.secretHash(secret, ANN, id)).status()).isEqualTo(200);
  }

  private Answer signUpWith(String client, @Nullable String hash) {
    return realm.aws.open(
        "SignUp",
        hash == null
            ? json("ClientId", client, "Username", ANN, "Password", Realm.PASSWORD)
            : json(
                "ClientId", client,
                "Username", ANN,
                "Password", Realm.PASSWORD,
                "SecretHash", hash));
  }
}
