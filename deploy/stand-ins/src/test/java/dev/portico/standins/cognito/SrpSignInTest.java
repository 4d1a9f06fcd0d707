package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient.Answer;
import dev.portico.standins.cognito.fixture.Realm;
import dev.portico.standins.cognito.fixture.SrpClient;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SrpSignInTest {
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

  private Answer begin(String name, String clientPublic) {
    return realm.aws.open(
        "InitiateAuth",
        json(
            "ClientId",
            realm.clientId,
            "AuthFlow",
            "USER_SRP_AUTH",
            "AuthParameters",
            Map.of("USERNAME", name, "SRP_A", clientPublic)));
  }

  private Answer prove(SrpClient srp, Answer begun, String password) {
    var user = begun.text("/ChallengeParameters/USER_ID_FOR_SRP");
    var block = begun.text("/ChallengeParameters/SECRET_BLOCK");
    var time = SrpClient.timestamp();
    var signature =
        srp.signature(
            user,
            password,
            begun.text("/ChallengeParameters/SALT"),
            begun.text("/ChallengeParameters/SRP_B"),
            block,
            time);
    return realm.aws.open(
        "RespondToAuthChallenge",
        json(
            "ClientId",
            realm.clientId,
            "ChallengeName",
            "PASSWORD_VERIFIER",
            "ChallengeResponses",
            Map.of(
                "USERNAME", user,
                "PASSWORD_CLAIM_SECRET_BLOCK", block,
                "TIMESTAMP", time,
                "PASSWORD_CLAIM_SIGNATURE", signature)));
  }

  @Test
  void theRightPasswordProvesItself() {
    var sub = realm.user(ANN);
    long seed = System.nanoTime();
    var random = new Random(seed);
    // Several, since leading zeros and sign bits go wrong only now and then.
    for (int i = 0; i < 12; i++) {
      var srp = new SrpClient(realm.poolId, new BigInteger(1024, random));
      var begun = begin(ANN, srp.publicValue());
      assertThat(begun.text("/ChallengeName")).isEqualTo("PASSWORD_VERIFIER");
      assertThat(begun.text("/ChallengeParameters/USERNAME")).isEqualTo(sub);
      var proved = prove(srp, begun, Realm.PASSWORD);
      assertThat(proved.text("/AuthenticationResult/AccessToken"))
          .as("seed " + seed + ", round " + i + ": " + proved.body())
          .isNotEmpty();
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndTheExchangeIsOver() {
    realm.user(ANN);
    var srp = new SrpClient(realm.poolId);
    var begun = begin(ANN, srp.publicValue());
    refused(
        prove(srp, begun, "wrong"), "NotAuthorizedException", "Incorrect username or password.");
    refused(
        prove(srp, begun, Realm.PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.");
  }

  @Test
  void anExchangeExpires() {
    realm.user(ANN);
    var srp = new SrpClient(realm.poolId);
    var begun = begin(ANN, srp.publicValue());
    realm.standIn.clock().advance(Duration.ofMinutes(4));
    refused(
        prove(srp, begun, Realm.PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.");
  }

  @Test
  void anUnknownUserLooksLikeAKnownOne() {
    var srp = new SrpClient(realm.poolId);
    var begun = begin("nobody@example.com", srp.publicValue());
    assertThat(begun.text("/ChallengeName")).isEqualTo("PASSWORD_VERIFIER");
    assertThat(begin("nobody@example.com", srp.publicValue()).text("/ChallengeParameters/SALT"))
        .isEqualTo(begun.text("/ChallengeParameters/SALT"));
    refused(
        prove(srp, begun, Realm.PASSWORD),
        "NotAuthorizedException",
        "Incorrect username or password.");
  }

  @Test
  void aPublicValueThatGivesTheKeyAwayIsRefused() {
    realm.user(ANN);
    for (var zero : new String[] {"0", "-1", "xyz"}) {
      assertThat(begin(ANN, zero).error()).isEqualTo("InvalidParameterException");
    }
  }

  @Test
  void aTemporaryPasswordLeadsOn() {
    realm.aws.signed(
        "AdminCreateUser",
        json("UserPoolId", realm.poolId, "Username", ANN, "TemporaryPassword", "Temporary-1"));
    var srp = new SrpClient(realm.poolId);
    var challenged = prove(srp, begin(ANN, srp.publicValue()), "Temporary-1");
    assertThat(challenged.text("/ChallengeName")).isEqualTo("NEW_PASSWORD_REQUIRED");
  }
}
