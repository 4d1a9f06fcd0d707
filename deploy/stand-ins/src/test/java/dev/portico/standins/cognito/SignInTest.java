package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient.Answer;
import dev.portico.standins.cognito.fixture.Realm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignInTest {
  private static final String ANN = "ann@example.com";

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

  static void refused(Answer answer, String error, String message) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo(error);
    assertThat(answer.message()).isEqualTo(message);
    assertThat(answer.text("/__type")).isEqualTo(error);
  }

  @Test
  void aPasswordYieldsTokensThatWork() {
    var sub = realm.user(ANN);
    var signedIn = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(signedIn.text("/AuthenticationResult/TokenType")).isEqualTo("Bearer");
    assertThat(signedIn.body().at("/AuthenticationResult/ExpiresIn").asInt()).isEqualTo(3600);
    var me = realm.getUser(signedIn.text("/AuthenticationResult/AccessToken"));
    assertThat(me.text("/Username")).isEqualTo(sub);
    var refreshed = realm.refresh(signedIn.text("/AuthenticationResult/RefreshToken"));
    assertThat(refreshed.text("/AuthenticationResult/RefreshToken")).isEmpty();
    assertThat(realm.getUser(refreshed.text("/AuthenticationResult/AccessToken")).status())
        .isEqualTo(200);
  }

  @Test
  void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
    realm.user(ANN);
    refused(
        realm.signIn(ANN, "wrong"), "NotAuthorizedException", "Incorrect username or password.");
    refused(
        realm.signIn("bob@example.com", "wrong"),
        "NotAuthorizedException",
        "Incorrect username or password.");
  }

  @Test
  void fiveWrongPasswordsLockForASecond() {
    realm.user(ANN);
    for (int i = 0; i < 5; i++) {
      realm.signIn(ANN, "wrong");
    }
    // However long the next call takes.
    realm.standIn.clock().advance(Duration.ofSeconds(-30));
    refused(
        realm.signIn(ANN, Realm.PASSWORD), "NotAuthorizedException", "Password attempts exceeded");
    realm.standIn.clock().advance(Duration.ofSeconds(32));
    assertThat(realm.signIn(ANN, Realm.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void aDisabledUserIsRefusedEverywhere() {
    realm.user(ANN);
    var tokens = realm.signIn(ANN, Realm.PASSWORD);
    realm.standIn.clock().advance(Duration.ofSeconds(2));
    assertThat(realm.admin("AdminDisableUser", ANN).status()).isEqualTo(200);
    refused(realm.signIn(ANN, Realm.PASSWORD), "NotAuthorizedException", "User is disabled.");
    refused(
        realm.refresh(tokens.text("/AuthenticationResult/RefreshToken")),
        "NotAuthorizedException",
        "User is disabled.");
    refused(
        realm.getUser(tokens.text("/AuthenticationResult/AccessToken")),
        "NotAuthorizedException",
        "User is disabled.");
    realm.admin("AdminEnableUser", ANN);
    assertThat(realm.signIn(ANN, Realm.PASSWORD).status()).isEqualTo(200);
    // AWS promises an end of the access tokens, and of nothing else.
    refused(
        realm.getUser(tokens.text("/AuthenticationResult/AccessToken")),
        "NotAuthorizedException",
        "Access Token has been revoked");
    var refreshed = realm.refresh(tokens.text("/AuthenticationResult/RefreshToken"));
    assertThat(realm.getUser(refreshed.text("/AuthenticationResult/AccessToken")).status())
        .isEqualTo(200);
  }

  @Test
  void aTemporaryPasswordMustBeChangedOnceWithinItsSession() {
    invite();
    var challenged = realm.signIn(ANN, "Temporary-1");
    assertThat(challenged.text("/ChallengeName")).isEqualTo("NEW_PASSWORD_REQUIRED");
    var session = challenged.text("/Session");
    refused(
        newPassword(session, "short"),
        "InvalidPasswordException",
        "Password did not conform with policy: Password not long enough");
    assertThat(newPassword(session, Realm.PASSWORD).text("/AuthenticationResult/AccessToken"))
        .isNotEmpty();
    refused(
        newPassword(session, Realm.PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.");
    assertThat(realm.signIn(ANN, Realm.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void sessionsExpireAndCannotBeMadeUp() {
    invite();
    var session = realm.signIn(ANN, "Temporary-1").text("/Session");
    refused(
        newPassword("x".repeat(40), Realm.PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user.");
    realm.standIn.clock().advance(Duration.ofMinutes(3).plusSeconds(1));
    refused(
        newPassword(session, Realm.PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.");
    realm.standIn.clock().advance(Duration.ofDays(7));
    refused(
        realm.signIn(ANN, "Temporary-1"),
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.");
  }

  private void invite() {
    assertThat(
            realm
                .aws
                .signed(
                    "AdminCreateUser",
                    json(
                        "UserPoolId",
                        realm.poolId,
                        "Username",
                        ANN,
                        "TemporaryPassword",
                        "Temporary-1"))
                .text("/User/UserStatus"))
        .isEqualTo("FORCE_CHANGE_PASSWORD");
    assertThat(realm.standIn.messages().getFirst().secret()).isEqualTo("Temporary-1");
  }

  private Answer newPassword(String session, String password) {
    return realm.aws.signed(
        "AdminRespondToAuthChallenge",
        json(
            "UserPoolId",
            realm.poolId,
            "ClientId",
            realm.clientId,
            "ChallengeName",
            "NEW_PASSWORD_REQUIRED",
            "Session",
            session,
            "ChallengeResponses",
            Map.of("USERNAME", ANN, "NEW_PASSWORD", password)));
  }

  @Test
  void flowsThatTheClientDoesNotAllowAreRefused() {
    var client =
        realm
            .aws
            .signed(
                "CreateUserPoolClient",
                json(
                    "UserPoolId",
                    realm.poolId,
                    "ClientName",
                    "narrow",
                    "ExplicitAuthFlows",
                    List.of("ALLOW_USER_SRP_AUTH")))
            .text("/UserPoolClient/ClientId");
    refused(
        initiate(client, "USER_PASSWORD_AUTH"),
        "InvalidParameterException",
        "USER_PASSWORD_AUTH flow not enabled for this client");
    refused(
        initiate(client, "CUSTOM_AUTH"),
        "InvalidParameterException",
        "Custom auth lambda trigger is not configured for the user pool.");
    refused(
        initiate(realm.clientId, "ADMIN_USER_PASSWORD_AUTH"),
        "InvalidParameterException",
        "Initiate Auth method not supported.");
    assertThat(initiate(client, "USER_AUTH").status()).isEqualTo(501);
  }

  private Answer initiate(String client, String flow) {
    return realm.aws.open(
        "InitiateAuth",
        json(
            "ClientId", client,
            "AuthFlow", flow,
            "AuthParameters", Map.of("USERNAME", ANN, "PASSWORD", Realm.PASSWORD)));
  }
}
