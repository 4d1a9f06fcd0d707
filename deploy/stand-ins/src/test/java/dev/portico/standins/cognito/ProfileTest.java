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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes that people change themselves, and addresses that they prove. */
final class ProfileTest {
  private static final String ANN = "ann@example.com";
  private static final String BOB = "bob@example.com";
  private static final Map<String, Object> POOL =
      Map.of("UsernameAttributes", List.of("email"), "AutoVerifiedAttributes", List.of("email"));
  private static final Map<String, Object> KEEPING =
      Map.of(
          "UsernameAttributes",
          List.of("email"),
          "AutoVerifiedAttributes",
          List.of("email"),
          "UserAttributeUpdateSettings",
          Map.of("AttributesRequireVerificationBeforeUpdate", List.of("email")));

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // Each test opens one with the pool that it needs.
  private Realm realm;

  @AfterEach
  void close() {
    realm.close();
  }

  private String open(Map<String, Object> pool, Map<String, Object> client) {
    realm =
        Realm.open(
            folder,
            pool,
            Map.of(
                "ExplicitAuthFlows",
                List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH"),
                "WriteAttributes",
                client.getOrDefault("WriteAttributes", List.of())));
    realm.user(ANN);
    return realm.signIn(ANN, Realm.PASSWORD).text("/AuthenticationResult/AccessToken");
  }

  private Answer update(String token, String name, String value) {
    return realm.aws.open(
        "UpdateUserAttributes",
        json("AccessToken", token, "UserAttributes", List.of(attribute(name, value))));
  }

  private Answer verify(String token, String code) {
    return realm.aws.open(
        "VerifyUserAttribute", json("AccessToken", token, "AttributeName", "email", "Code", code));
  }

  private Answer sendCode(String token) {
    return realm.aws.open(
        "GetUserAttributeVerificationCode", json("AccessToken", token, "AttributeName", "email"));
  }

  private String attributes(String token) {
    return realm.getUser(token).body().path("UserAttributes").toString();
  }

  private String sentCode() {
    return realm.standIn.messages().getFirst().secret();
  }

  private static String pair(String name, String value) {
    return "{\"Name\":\"" + name + "\",\"Value\":\"" + value + "\"}";
  }

  @Test
  void attributesAreSetAndRemoved() {
    var token = open(POOL, Map.of());
    assertThat(update(token, "name", "Ann").body().path("CodeDeliveryDetailsList")).isEmpty();
    assertThat(attributes(token)).contains(pair("name", "Ann"));
    assertThat(update(token, "name", "").status()).isEqualTo(200);
    assertThat(attributes(token)).doesNotContain("\"name\"");
    update(token, "name", "Ann");
    assertThat(
            realm
                .aws
                .open(
                    "DeleteUserAttributes",
                    json("AccessToken", token, "UserAttributeNames", List.of("name")))
                .status())
        .isEqualTo(200);
    assertThat(attributes(token)).doesNotContain("\"name\"");
  }

  @Test
  void someCannotBeChanged() {
    var token = open(POOL, Map.of("WriteAttributes", List.of("name", "email")));
    refused(
        update(token, "email_verified", "true"),
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute");
    refused(
        update(token, "nickname", "x"),
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute");
    assertThat(update(token, "sub", "x").error()).isEqualTo("InvalidParameterException");
    assertThat(update(token, "unknown", "x").error()).isEqualTo("InvalidParameterException");
    assertThat(update(token, "email", "").error()).isEqualTo("InvalidParameterException");
    assertThat(update(token, "email", "none").error()).isEqualTo("InvalidParameterException");
    assertThat(update("x.y.z", "name", "Ann").error()).isEqualTo("NotAuthorizedException");
    assertThat(update(token, "name", "Ann").status()).isEqualTo(200);
  }

  @Test
  void anAddressIsReplacedAtOnceAndProvedLater() {
    var token = open(POOL, Map.of());
    var answer = update(token, "email", BOB);
    assertThat(answer.text("/CodeDeliveryDetailsList/0/Destination")).isEqualTo("b***@e***");
    assertThat(attributes(token)).contains(pair("email", BOB), pair("email_verified", "false"));
    refused(
        verify(token, sentCode().equals("000000") ? "000001" : "000000"),
        "CodeMismatchException",
        "Invalid verification code provided, please try again.");
    assertThat(verify(token, sentCode()).status()).isEqualTo(200);
    assertThat(attributes(token)).contains(pair("email_verified", "true"));
    assertThat(verify(token, sentCode()).error()).isEqualTo("ExpiredCodeException");
  }

  @Test
  void anAddressIsKeptUntilTheOtherIsProvedWhereThePoolSaysSo() {
    var token = open(KEEPING, Map.of());
    update(token, "email", BOB);
    assertThat(realm.standIn.messages().getFirst().to()).isEqualTo(BOB);
    assertThat(attributes(token)).contains(pair("email", ANN), pair("email_verified", "true"));
    assertThat(sendCode(token).text("/CodeDeliveryDetails/Destination")).isEqualTo("b***@e***");
    assertThat(verify(token, sentCode()).status()).isEqualTo(200);
    assertThat(attributes(token)).contains(pair("email", BOB), pair("email_verified", "true"));
    assertThat(realm.signIn(BOB, Realm.PASSWORD).status()).isEqualTo(200);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).status()).isEqualTo(400);
  }

  @Test
  void aCodeProvesOnlyTheAddressThatItWasSentTo() {
    var token = open(Map.of("UsernameAttributes", List.of("email")), Map.of());
    update(token, "email", BOB);
    sendCode(token);
    var codeOfBob = sentCode();
    update(token, "email", "carol@example.com");
    assertThat(verify(token, codeOfBob).error()).isEqualTo("ExpiredCodeException");
  }

  @Test
  void anAddressOfAnotherIsRefused() {
    var token = open(KEEPING, Map.of());
    realm.user(BOB);
    refused(
        update(token, "email", BOB),
        "AliasExistsException",
        "An account with the given email already exists.");
    // Taken only after the code was sent.
    update(token, "email", "carol@example.com");
    var code = sentCode();
    realm.user("carol@example.com");
    assertThat(verify(token, code).error()).isEqualTo("AliasExistsException");
    assertThat(attributes(token)).contains(pair("email", ANN));
  }

  @Test
  void codesExpireAndAreBounded() {
    var token = open(KEEPING, Map.of());
    update(token, "email", BOB);
    var code = sentCode();
    realm.standIn.clock().advance(Duration.ofHours(24));
    var later = realm.signIn(ANN, Realm.PASSWORD).text("/AuthenticationResult/AccessToken");
    assertThat(verify(later, code).error()).isEqualTo("ExpiredCodeException");
    for (int i = 0; i < 10; i++) {
      assertThat(sendCode(later).status()).isEqualTo(200);
    }
    assertThat(sendCode(later).error()).isEqualTo("LimitExceededException");
    var sent = sentCode();
    for (int i = 0; i < 5; i++) {
      verify(later, sent.equals("000000") ? "000001" : "000000");
    }
    assertThat(verify(later, sent).error()).isEqualTo("LimitExceededException");
  }

  @Test
  void whatWaitsOutlivesARestart() {
    var token = open(KEEPING, Map.of());
    update(token, "email", BOB);
    var code = sentCode();
    var poolId = realm.poolId;
    realm.standIn.close();
    try (var again = CognitoStandIn.start(CognitoSettings.local(0, folder));
        var aws = new AwsClient(again.endpoint(), "porticolocal", "portico-local-secret")) {
      assertThat(
              aws.open(
                      "VerifyUserAttribute",
                      json("AccessToken", token, "AttributeName", "email", "Code", code))
                  .status())
          .isEqualTo(200);
      assertThat(
              aws.signed("AdminGetUser", json("UserPoolId", poolId, "Username", BOB))
                  .body()
                  .toString())
          .contains(pair("email", BOB));
    }
  }
}
