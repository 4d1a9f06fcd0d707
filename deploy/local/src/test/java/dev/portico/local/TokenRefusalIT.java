package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.standins.aws.LocalCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tokens that Cognito itself has made, and that are not for the API: each is 401 at the gateway,
 * with a challenge that says why.
 */
@Timeout(600)
class TokenRefusalIT {
  private static final String PASSWORD = "Correct-Horse-77";

  private static LocalStack stack;
  private static CognitoApi cognito;
  private static String pool;
  private static String client;

  @BeforeAll
  static void start() throws IOException {
    stack = LocalStack.shared();
    cognito = new CognitoApi(stack.cognito(), LocalCredentials.DEFAULT);
    pool = noted("user-pool");
    client = noted("user-pool-client");
  }

  @AfterAll
  static void stop() {
    cognito.close();
  }

  private static String noted(String fact) throws IOException {
    return Files.readString(stack.data().resolve("state").resolve(fact)).strip();
  }

  @Test
  void theAccessTokenIsAccepted() throws Exception {
    assertThat(sites(admin().path("AccessToken").asText()).statusCode()).isEqualTo(200);
  }

  @Test
  void anIdTokenIsRefused() throws Exception {
    assertRefused(
        admin().path("IdToken").asText(),
        "wrong token_use: an access token is needed, this is an ID token");
  }

  @Test
  void anotherPoolsTokenIsRefused() throws Exception {
    String other =
        cognito.call("CreateUserPool", Map.of("PoolName", "another")).at("/UserPool/Id").asText();
    String app =
        cognito
            .call(
                "CreateUserPoolClient",
                Map.of(
                    "UserPoolId",
                    other,
                    "ClientName",
                    "another",
                    "ExplicitAuthFlows",
                    List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")))
            .at("/UserPoolClient/ClientId")
            .asText();
    cognito.call(
        "AdminCreateUser",
        Map.of("UserPoolId", other, "Username", "stranger", "MessageAction", "SUPPRESS"));
    cognito.call(
        "AdminSetUserPassword",
        Map.of(
            "UserPoolId", other, "Username", "stranger", "Password", PASSWORD, "Permanent", true));
    assertRefused(
        signIn(other, app, "stranger", PASSWORD).path("AccessToken").asText(),
        "wrong issuer: the token is of another user pool");
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    String token;
    advance("-PT2H");
    try {
      token = admin().path("AccessToken").asText();
    } finally {
      advance("PT2H");
    }
    assertRefused(token, "expired: at ");
    assertThat(sites(admin().path("AccessToken").asText()).statusCode()).isEqualTo(200);
  }

  private static void assertRefused(String token, String reason) throws Exception {
    assertThat(token).startsWith("ey");
    var answer = sites(token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Bearer realm=\"portico\"")
        .contains("error=\"invalid_token\"", reason);
  }

  private static HttpResponse<String> sites(String token) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(stack.api() + "/v1/sites"))
              .header("Authorization", "Bearer " + token)
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static JsonNode admin() {
    return signIn(pool, client, LocalStack.ADMIN, stack.password());
  }

  private static JsonNode signIn(String pool, String client, String username, String password) {
    return cognito
        .call(
            "AdminInitiateAuth",
            Map.of(
                "UserPoolId",
                pool,
                "ClientId",
                client,
                "AuthFlow",
                "ADMIN_USER_PASSWORD_AUTH",
                "AuthParameters",
                Map.of("USERNAME", username, "PASSWORD", password)))
        .path("AuthenticationResult");
  }

  /** Sets the pool's clock forward, or back. */
  private static void advance(String by) {
    Program.of(
            "curl",
            "-sS",
            "--fail-with-body",
            "-H",
            "Content-Type: application/json",
            "-d",
            "{\"advance\":\"" + by + "\"}",
            stack.cognito() + "/clock")
        .run()
        .ok();
  }
}
