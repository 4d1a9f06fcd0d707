package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.standins.cognito.fixture.AwsClient.Answer;
import dev.portico.standins.cognito.fixture.Realm;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenTest {
  private static final String ANN = "ann@example.com";
  private static final String REVOKED = "Access Token has been revoked";

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

  private static String access(Answer answer) {
    return answer.text("/AuthenticationResult/AccessToken");
  }

  private static String refresh(Answer answer) {
    return answer.text("/AuthenticationResult/RefreshToken");
  }

  private static JsonNode part(String token, int index) throws IOException {
    return new ObjectMapper()
        .readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
  }

  @Test
  void claimsAreThoseOfCognito() throws IOException {
    var sub = realm.user(ANN);
    for (var group : List.of("publishers", "admins")) {
      realm.aws.signed("CreateGroup", json("UserPoolId", realm.poolId, "GroupName", group));
      realm.aws.signed(
          "AdminAddUserToGroup",
          json("UserPoolId", realm.poolId, "Username", ANN, "GroupName", group));
    }
    var tokens = realm.signIn(ANN, Realm.PASSWORD);
    var access = part(access(tokens), 1);
    assertThat(access.path("iss").asText())
        .isEqualTo("https://cognito-idp.us-east-1.amazonaws.com/" + realm.poolId);
    assertThat(access.path("sub").asText()).isEqualTo(sub);
    assertThat(access.path("username").asText()).isEqualTo(sub);
    assertThat(access.path("client_id").asText()).isEqualTo(realm.clientId);
    assertThat(access.path("token_use").asText()).isEqualTo("access");
    assertThat(access.path("scope").asText()).isEqualTo("aws.cognito.signin.user.admin");
    assertThat(access.path("cognito:groups").toString()).isEqualTo("[\"admins\",\"publishers\"]");
    assertThat(access.path("exp").asLong() - access.path("iat").asLong()).isEqualTo(3600);
    assertThat(access.has("aud")).isFalse();
    var id = part(tokens.text("/AuthenticationResult/IdToken"), 1);
    assertThat(id.path("aud").asText()).isEqualTo(realm.clientId);
    assertThat(id.path("token_use").asText()).isEqualTo("id");
    assertThat(id.path("cognito:username").asText()).isEqualTo(sub);
    assertThat(id.path("email").asText()).isEqualTo(ANN);
    assertThat(id.path("email_verified").isBoolean()).isTrue();
    assertThat(id.path("origin_jti")).isEqualTo(access.path("origin_jti"));
    assertThat(id.path("jti")).isNotEqualTo(access.path("jti"));
  }

  @Test
  void thePublishedKeyVerifies() throws IOException, GeneralSecurityException {
    realm.user(ANN);
    var token = access(realm.signIn(ANN, Realm.PASSWORD));
    var keys =
        new ObjectMapper()
            .readTree(
                realm
                    .aws
                    .exchange(HttpRequest.newBuilder(realm.standIn.keySet(realm.poolId)))
                    .body());
    var key = keys.at("/keys/0");
    assertThat(key.path("kid")).isEqualTo(part(token, 0).path("kid"));
    var decoder = Base64.getUrlDecoder();
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    new BigInteger(1, decoder.decode(key.path("n").asText())),
                    new BigInteger(1, decoder.decode(key.path("e").asText())))));
    int dot = token.lastIndexOf('.');
    signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(decoder.decode(token.substring(dot + 1)))).isTrue();
  }

  @Test
  void forgedAndForeignTokensAreRefused() {
    realm.user(ANN);
    var tokens = realm.signIn(ANN, Realm.PASSWORD);
    var access = access(tokens);
    int dot = access.lastIndexOf('.');
    var unsigned =
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII))
            + access.substring(access.indexOf('.'), dot + 1);
    var signature = access.substring(dot + 1);
    var altered =
        access.substring(0, dot + 1)
            + (signature.startsWith("A") ? "B" : "A")
            + signature.substring(1);
    for (var forged :
        List.of(unsigned, altered, "x", "a.b.c", tokens.text("/AuthenticationResult/IdToken"))) {
      refused(realm.getUser(forged), "NotAuthorizedException", "Invalid Access Token");
    }
  }

  @Test
  void tokensExpire() {
    realm.user(ANN);
    var tokens = realm.signIn(ANN, Realm.PASSWORD);
    realm.standIn.clock().advance(Duration.ofHours(1));
    refused(realm.getUser(access(tokens)), "NotAuthorizedException", "Access Token has expired");
    assertThat(realm.refresh(refresh(tokens)).status()).isEqualTo(200);
    realm.standIn.clock().advance(Duration.ofDays(30));
    refused(realm.refresh(refresh(tokens)), "NotAuthorizedException", "Refresh Token has expired");
    refused(realm.refresh("made-up"), "NotAuthorizedException", "Invalid Refresh Token");
  }

  @Test
  void revocationEndsOneSignIn() {
    realm.user(ANN);
    var first = realm.signIn(ANN, Realm.PASSWORD);
    var second = realm.signIn(ANN, Realm.PASSWORD);
    var refreshed = realm.refresh(refresh(first));
    assertThat(
            realm
                .aws
                .open("RevokeToken", json("ClientId", realm.clientId, "Token", refresh(first)))
                .status())
        .isEqualTo(200);
    refused(realm.getUser(access(first)), "NotAuthorizedException", REVOKED);
    refused(realm.getUser(access(refreshed)), "NotAuthorizedException", REVOKED);
    refused(
        realm.refresh(refresh(first)), "NotAuthorizedException", "Refresh Token has been revoked");
    assertThat(realm.getUser(access(second)).status()).isEqualTo(200);
    refused(
        realm.aws.open("RevokeToken", json("ClientId", realm.clientId, "Token", access(second))),
        "UnsupportedTokenTypeException",
        "Unsupported token type");
  }

  @Test
  void signOutEverywhereEndsAllSignIns() {
    realm.user(ANN);
    var first = realm.signIn(ANN, Realm.PASSWORD);
    var second = realm.signIn(ANN, Realm.PASSWORD);
    realm.aws.open("GlobalSignOut", json("AccessToken", access(first)));
    refused(realm.getUser(access(second)), "NotAuthorizedException", REVOKED);
    refused(
        realm.refresh(refresh(second)), "NotAuthorizedException", "Refresh Token has been revoked");
    var third = realm.signIn(ANN, Realm.PASSWORD);
    assertThat(realm.getUser(access(third)).status()).isEqualTo(200);
    realm.admin("AdminUserGlobalSignOut", ANN);
    refused(realm.getUser(access(third)), "NotAuthorizedException", REVOKED);
  }

  @Test
  void refreshTokensRotate(@TempDir Path other) {
    try (var rotating =
        Realm.open(
            other,
            Map.of("UsernameAttributes", List.of("email")),
            Map.of(
                "ExplicitAuthFlows",
                List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH"),
                "RefreshTokenRotation",
                Map.of("Feature", "ENABLED", "RetryGracePeriodSeconds", 10)))) {
      rotating.user(ANN);
      var old = refresh(rotating.signIn(ANN, Realm.PASSWORD));
      var rotated = rotate(rotating, old);
      assertThat(refresh(rotated)).isNotEmpty().isNotEqualTo(old);
      assertThat(rotate(rotating, refresh(rotated)).status()).isEqualTo(200);
      rotating.standIn.clock().advance(Duration.ofSeconds(11));
      assertThat(rotate(rotating, refresh(rotated)).error())
          .isEqualTo("RefreshTokenReuseException");
      assertThat(rotating.refresh(old).error()).isEqualTo("InvalidParameterException");
    }
  }

  private static Answer rotate(Realm rotating, String token) {
    return rotating.aws.open(
        "GetTokensFromRefreshToken", json("ClientId", rotating.clientId, "RefreshToken", token));
  }

  @Test
  void passwordsChangeWithTheOldOne() {
    realm.user(ANN);
    var token = access(realm.signIn(ANN, Realm.PASSWORD));
    refused(
        change(token, "wrong", "Another-Horse-8"),
        "NotAuthorizedException",
        "Incorrect username or password.");
    assertThat(change(token, Realm.PASSWORD, "Another-Horse-8").status()).isEqualTo(200);
    assertThat(realm.signIn(ANN, "Another-Horse-8").status()).isEqualTo(200);
  }

  private Answer change(String token, String before, String after) {
    return realm.aws.open(
        "ChangePassword",
        json("AccessToken", token, "PreviousPassword", before, "ProposedPassword", after));
  }
}
