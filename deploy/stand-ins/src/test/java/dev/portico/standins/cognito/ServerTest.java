package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.Realm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerTest {
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

  @Test
  void administratorsMustSign() {
    var body = json("MaxResults", 10);
    assertThat(realm.aws.open("ListUserPools", body).error())
        .isEqualTo("MissingAuthenticationTokenException");
    assertThat(realm.aws.signed("ListUserPools", body).status()).isEqualTo(200);
    assertThat(
            realm.aws.signed("ListUserPools", body, json("MaxResults", 11), Instant.now()).error())
        .isEqualTo("InvalidSignatureException");
    assertThat(
            realm
                .aws
                .signed("ListUserPools", body, body, Instant.now().minus(Duration.ofMinutes(6)))
                .error())
        .isEqualTo("InvalidSignatureException");
    try (var wrongSecret = new AwsClient(realm.standIn.endpoint(), "porticolocal", "guess");
        var wrongKey = new AwsClient(realm.standIn.endpoint(), "other", "portico-local-secret")) {
      assertThat(wrongSecret.signed("ListUserPools", body).error())
          .isEqualTo("InvalidSignatureException");
      assertThat(wrongKey.signed("ListUserPools", body).error())
          .isEqualTo("UnrecognizedClientException");
    }
  }

  @Test
  void whatIsMissingOrUnknownIsNamed() {
    var missing = realm.aws.signed("AdminGetUser", json("UserPoolId", realm.poolId));
    assertThat(missing.error()).isEqualTo("InvalidParameterException");
    assertThat(missing.message())
        .isEqualTo(
            "1 validation error detected: Value null at 'username' failed to satisfy constraint:"
                + " Member must not be null");
    assertThat(realm.aws.open("GetUser", "not json").error()).isEqualTo("SerializationException");
    var unsupported = realm.aws.open("ForgetDevice", "{}");
    assertThat(unsupported.status()).isEqualTo(501);
    assertThat(unsupported.message()).contains("ForgetDevice");
    assertThat(realm.admin("AdminGetUser", "nobody").error()).isEqualTo("UserNotFoundException");
    assertThat(realm.aws.signed("DescribeUserPool", json("UserPoolId", "us-east-1_none")).message())
        .isEqualTo("User pool us-east-1_none does not exist.");
  }

  @Test
  void everythingOutlivesARestart() {
    realm.user(ANN);
    var tokens = realm.signIn(ANN, Realm.PASSWORD);
    var access = tokens.text("/AuthenticationResult/AccessToken");
    realm.standIn.close();
    try (var again = CognitoStandIn.start(CognitoSettings.local(0, folder));
        var aws = new AwsClient(again.endpoint(), "porticolocal", "portico-local-secret")) {
      assertThat(aws.open("GetUser", json("AccessToken", access)).status()).isEqualTo(200);
      assertThat(
              aws.signed(
                      "ListUsers", json("UserPoolId", realm.poolId, "Filter", "email ^= \"ann\""))
                  .body()
                  .path("Users"))
          .hasSize(1);
      assertThat(
              aws.signed("ListUserPoolClients", json("UserPoolId", realm.poolId))
                  .text("/UserPoolClients/0/ClientId"))
          .isEqualTo(realm.clientId);
    }
  }

  @Test
  void noPasswordIsInTheFolder() throws IOException {
    realm.user(ANN);
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain(Realm.PASSWORD);
      }
    }
  }

  @Test
  void codesAreReadableByPeopleAndPrograms() {
    realm.aws.open(
        "SignUp", json("ClientId", realm.clientId, "Username", ANN, "Password", Realm.PASSWORD));
    var code = realm.standIn.messages().getFirst().secret();
    assertThat(get("/messages")).contains(ANN, code);
    assertThat(get("/messages.json")).contains("\"code\":\"" + code + "\"", "\"SIGN_UP\"");
  }

  private String get(String path) {
    return realm
        .aws
        .exchange(HttpRequest.newBuilder(realm.standIn.endpoint().resolve(path)))
        .body();
  }

  @Test
  void theClockCanBeSetFromOutside() {
    var set =
        HttpRequest.newBuilder(realm.standIn.endpoint().resolve("/clock"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"advance\":\"PT2H\"}"));
    assertThat(realm.aws.exchange(set).body()).contains("\"offset\":\"PT2H\"");
    assertThat(realm.standIn.clock().offset()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void codesAreNotShownUnderAForeignName() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), realm.standIn.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /messages.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void itListensOnTheLoopbackOnlyUnlessTold(@TempDir Path other) {
    var local = CognitoSettings.local(0, other);
    var open =
        new CognitoSettings(
            "0.0.0.0", 0, other, local.credentials(), CognitoSettings.AWS_ISSUER, false);
    assertThatThrownBy(() -> CognitoStandIn.start(open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--beyond-loopback");
  }

  @Test
  void theConfigurationPointsToTheKeys() {
    assertThat(get("/" + realm.poolId + "/.well-known/openid-configuration"))
        .contains("\"jwks_uri\":\"" + realm.standIn.keySet(realm.poolId) + "\"")
        .contains("https://cognito-idp.us-east-1.amazonaws.com/" + realm.poolId);
  }
}
