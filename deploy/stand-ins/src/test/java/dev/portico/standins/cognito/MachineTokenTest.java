package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static dev.portico.standins.cognito.fixture.Browser.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.HostedApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resource servers, and what programs get for themselves. */
final class MachineTokenTest {
  private static final String API = "https://api.example.com";

  @TempDir Path folder;
  private HostedApp app;

  @BeforeEach
  void open() {
    app = HostedApp.open(folder, Map.of());
  }

  @AfterEach
  void close() {
    app.close();
  }

  private AwsClient.Answer server(String operation, String... scopes) {
    return app.realm.aws.signed(
        operation,
        json(
            "UserPoolId",
            app.realm.poolId,
            "Identifier",
            API,
            "Name",
            "orders",
            "Scopes",
            List.of(scopes).stream()
                .map(name -> Map.of("ScopeName", name, "ScopeDescription", "to " + name))
                .toList()));
  }

  private AwsClient.Answer machine(String... scopes) {
    return app.realm.aws.signed(
        "CreateUserPoolClient",
        json(
            "UserPoolId",
            app.realm.poolId,
            "ClientName",
            "machine",
            "GenerateSecret",
            true,
            "AllowedOAuthFlowsUserPoolClient",
            true,
            "AllowedOAuthFlows",
            List.of("client_credentials"),
            "AllowedOAuthScopes",
            List.of(scopes)));
  }

  @Test
  void resourceServersAreKept() {
    assertThat(server("CreateResourceServer", "read").text("/ResourceServer/Scopes/0/ScopeName"))
        .isEqualTo("read");
    assertThat(server("CreateResourceServer", "read").error())
        .isEqualTo("InvalidParameterException");
    assertThat(server("UpdateResourceServer", "read", "write").status()).isEqualTo(200);
    var named = json("UserPoolId", app.realm.poolId, "Identifier", API);
    assertThat(
            app.realm
                .aws
                .signed("DescribeResourceServer", named)
                .text("/ResourceServer/Scopes/1/ScopeDescription"))
        .isEqualTo("to write");
    assertThat(
            app.realm
                .aws
                .signed("ListResourceServers", json("UserPoolId", app.realm.poolId))
                .text("/ResourceServers/0/Identifier"))
        .isEqualTo(API);
    assertThat(server("UpdateResourceServer", "a/b").error())
        .isEqualTo("InvalidParameterException");
    assertThat(app.realm.aws.signed("DeleteResourceServer", named).status()).isEqualTo(200);
    refused(
        app.realm.aws.signed("DescribeResourceServer", named),
        "ResourceNotFoundException",
        "Resource server " + API + " does not exist.");
  }

  @Test
  void theyOutliveARestart(@TempDir Path other) {
    var first = HostedApp.open(other, Map.of());
    var poolId = first.realm.poolId;
    first.realm.aws.signed(
        "CreateResourceServer",
        json("UserPoolId", poolId, "Identifier", "orders", "Name", "orders"));
    first.close();
    try (var standIn = CognitoStandIn.start(CognitoSettings.local(0, other));
        var aws = new AwsClient(standIn.endpoint(), "porticolocal", "portico-local-secret")) {
      assertThat(
              aws.signed(
                      "DescribeResourceServer", json("UserPoolId", poolId, "Identifier", "orders"))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void aProgramGetsATokenOfItsOwn() {
    server("CreateResourceServer", "read", "write");
    assertThat(machine(API + "/delete").error()).isEqualTo("ScopeDoesNotExistException");
    var made = machine(API + "/read", API + "/write");
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    var id = made.text("/UserPoolClient/ClientId");
    var basic = HostedApp.basic(id, made.text("/UserPoolClient/ClientSecret"));

    var all = app.post("/oauth2/token", "grant_type=client_credentials", basic);
    assertThat(all.status()).as(all.json().toString()).isEqualTo(200);
    assertThat(all.json().has("refresh_token")).isFalse();
    assertThat(all.json().has("id_token")).isFalse();
    var claims = HostedApp.claims(all.text("access_token"));
    assertThat(claims.path("scope").asText().split(" "))
        .containsExactlyInAnyOrder(API + "/read", API + "/write");
    assertThat(claims.path("sub").asText()).isEqualTo(id);
    assertThat(claims.path("client_id").asText()).isEqualTo(id);
    assertThat(claims.path("token_use").asText()).isEqualTo("access");
    assertThat(claims.has("username")).isFalse();
    assertThat(claims.has("origin_jti")).isFalse();

    var one =
        app.post(
            "/oauth2/token",
            query("grant_type", "client_credentials", "scope", API + "/read"),
            basic);
    assertThat(HostedApp.claims(one.text("access_token")).path("scope").asText())
        .isEqualTo(API + "/read");
    refused(
        app.realm.getUser(one.text("access_token")),
        "NotAuthorizedException",
        "Access Token does not have required scopes");
    for (var scope : List.of(API + "/delete", "openid")) {
      assertThat(
              app.post(
                      "/oauth2/token",
                      query("grant_type", "client_credentials", "scope", scope),
                      basic)
                  .text("error"))
          .isEqualTo("invalid_scope");
    }
    assertThat(app.post("/oauth2/token", "grant_type=password", basic).text("error"))
        .isEqualTo("unsupported_grant_type");
    assertThat(
            app.post("/oauth2/token", "grant_type=client_credentials", HostedApp.basic(id, "guess"))
                .text("error"))
        .isEqualTo("invalid_client");
    assertThat(
            app.post(
                    "/oauth2/token",
                    query("grant_type", "client_credentials", "client_id", app.realm.clientId))
                .text("error"))
        .isEqualTo("unauthorized_client");
  }
}
