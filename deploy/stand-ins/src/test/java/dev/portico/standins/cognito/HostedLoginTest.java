package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.SignInTest.refused;
import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static dev.portico.standins.cognito.fixture.Browser.location;
import static dev.portico.standins.cognito.fixture.Browser.parameters;
import static dev.portico.standins.cognito.fixture.Browser.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.Browser;
import dev.portico.standins.cognito.fixture.HostedApp;
import dev.portico.standins.cognito.fixture.Realm;
import dev.portico.standins.cognito.mfa.Totp;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The login page and the OAuth 2.0 endpoints that a pool's domain has. */
final class HostedLoginTest {
  private static final String ANN = "ann@example.com";

  @TempDir Path folder;
  private HostedApp app;
  private Browser browser;

  @BeforeEach
  void open() {
    app = HostedApp.open(folder, Map.of());
    browser = app.browser();
  }

  @AfterEach
  void close() {
    browser.close();
    app.close();
  }

  @Test
  void aBrowserComesBackWithACodeThatYieldsTokens() {
    var sub = app.realm.user(ANN);
    var login = location(browser.open(app.authorize()));
    assertThat(login).startsWith("/login?");
    var form = browser.open(login);
    assertThat(form.headers().firstValue("Cache-Control")).hasValue("no-store");
    var wrong = browser.submit(form, "username", ANN, "password", "Wrong-Guess-1");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("Incorrect username or password.", "value=\"" + ANN + '"');
    var back = location(browser.submit(wrong, "username", ANN, "password", Realm.PASSWORD));
    assertThat(back).startsWith(HostedApp.CALLBACK + "?code=");
    assertThat(parameters(back)).containsEntry("state", "s&t=1");

    var tokens = app.exchange(String.valueOf(parameters(back).get("code")));
    assertThat(tokens.status()).as(tokens.json().toString()).isEqualTo(200);
    assertThat(tokens.text("token_type")).isEqualTo("Bearer");
    assertThat(tokens.json().path("expires_in").asInt()).isEqualTo(3600);
    var id = HostedApp.claims(tokens.text("id_token"));
    assertThat(id.path("sub").asText()).isEqualTo(sub);
    assertThat(id.path("nonce").asText()).isEqualTo("n-1");
    assertThat(id.path("aud").asText()).isEqualTo(app.realm.clientId);
    assertThat(id.path("email").asText()).isEqualTo(ANN);
    assertThat(id.path("email_verified").isBoolean()).isTrue();
    var access = HostedApp.claims(tokens.text("access_token"));
    assertThat(access.path("scope").asText()).isEqualTo("openid email");
    assertThat(access.path("version").asInt()).isEqualTo(2);
    assertThat(access.path("origin_jti")).isEqualTo(id.path("origin_jti"));

    var me = userInfo(tokens.text("access_token"));
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(me.body()).contains(sub, ANN, "\"email_verified\":\"true\"");
  }

  private java.net.http.HttpResponse<String> userInfo(String token) {
    return app.realm.aws.exchange(
        HttpRequest.newBuilder(app.realm.standIn.domain().resolve("/oauth2/userInfo"))
            .header("Authorization", "Bearer " + token));
  }

  @Test
  void scopesDecideWhatTokensShowAndOpen() {
    app.realm.user(ANN);
    app.realm.aws.signed(
        "AdminUpdateUserAttributes",
        json(
            "UserPoolId",
            app.realm.poolId,
            "Username",
            ANN,
            "UserAttributes",
            List.of(AwsClient.attribute("name", "Ann"))));
    var narrow = app.exchange(app.code(browser, ANN));
    assertThat(HostedApp.claims(narrow.text("id_token")).has("name")).isFalse();
    refused(
        app.realm.getUser(narrow.text("access_token")),
        "NotAuthorizedException",
        "Access Token does not have required scopes");
    var wide =
        app.exchange(code(app.authorize("scope", "openid profile aws.cognito.signin.user.admin")));
    assertThat(HostedApp.claims(wide.text("id_token")).path("name").asText()).isEqualTo("Ann");
    assertThat(app.realm.getUser(wide.text("access_token")).status()).isEqualTo(200);
    var all = app.exchange(code(app.authorize("scope", "")));
    assertThat(HostedApp.claims(all.text("access_token")).path("scope").asText())
        .isEqualTo("openid email profile aws.cognito.signin.user.admin");
    var api = app.exchange(code(app.authorize("scope", "aws.cognito.signin.user.admin")));
    assertThat(api.json().has("id_token")).isFalse();
    var refused = userInfo(api.text("access_token"));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).contains("error=\"invalid_token\""));
  }

  /** The code for a browser that is logged in. */
  private String code(String authorize) {
    var back = location(browser.open(authorize));
    assertThat(back).startsWith(HostedApp.CALLBACK + "?code=");
    return String.valueOf(parameters(back).get("code"));
  }

  @Test
  void aBrowserIsLoggedInForAnHourOrUntilItLogsOut() {
    app.realm.user(ANN);
    var first = HostedApp.claims(app.exchange(app.code(browser, ANN)).text("id_token"));
    app.realm.standIn.clock().advance(Duration.ofMinutes(20));
    var second = HostedApp.claims(app.exchange(code(app.authorize())).text("id_token"));
    assertThat(second.path("auth_time")).isEqualTo(first.path("auth_time"));
    assertThat(second.path("origin_jti")).isNotEqualTo(first.path("origin_jti"));
    assertThat(location(browser.open(app.authorize("prompt", "login")))).startsWith("/login?");
    var again =
        HostedApp.claims(app.exchange(app.code(browser, ANN, "prompt", "login")).text("id_token"));
    assertThat(again.path("auth_time").asLong())
        .isGreaterThanOrEqualTo(first.path("auth_time").asLong() + 1200);
    app.realm.standIn.clock().advance(Duration.ofMinutes(61));
    assertThat(location(browser.open(app.authorize()))).startsWith("/login?");

    app.code(browser, ANN);
    code(app.authorize("prompt", "none"));
    var out = logout("logout_uri", HostedApp.SIGNED_OUT);
    assertThat(location(browser.open(out))).isEqualTo(HostedApp.SIGNED_OUT);
    assertThat(parameters(location(browser.open(app.authorize("prompt", "none")))))
        .containsEntry("error", "login_required")
        .containsEntry("state", "s&t=1");
  }

  private String logout(String... more) {
    return "/logout?client_id=" + app.realm.clientId + '&' + query(more);
  }

  @Test
  void loggingOutLeadsOnlyWhereTheClientSays() {
    app.realm.user(ANN);
    app.code(browser, ANN);
    assertThat(location(browser.open(logout("logout_uri", HostedApp.SIGNED_OUT + '/'))))
        .startsWith("/error?error=redirect_mismatch");
    assertThat(location(browser.open(logout("logout_uri", HostedApp.CALLBACK))))
        .startsWith("/error?error=redirect_mismatch");
    code(app.authorize()); // logged in still
    var again =
        location(browser.open(logout("redirect_uri", HostedApp.CALLBACK, "response_type", "code")));
    assertThat(again).startsWith("/login?");
    assertThat(browser.open(again).body()).contains("type=\"password\"");
    assertThat(location(browser.open(app.authorize()))).startsWith("/login?");
  }

  @Test
  void anAccountThatIsDisabledIsLoggedInNoMore() {
    app.realm.user(ANN);
    app.code(browser, ANN);
    app.realm.admin("AdminDisableUser", ANN);
    assertThat(location(browser.open(app.authorize()))).startsWith("/login?");
  }

  @ParameterizedTest
  @CsvSource({
    "client_id,nobody,invalid_request",
    "client_id,'',invalid_request",
    "redirect_uri,https://app.example.com/callback/,redirect_mismatch",
    "redirect_uri,https://app.example.com/callback?x=1,redirect_mismatch",
    "redirect_uri,https://evil.example/callback,redirect_mismatch",
    "redirect_uri,'',invalid_request"
  })
  void whatIsNotOfTheAppIsToldToThePersonAlone(String name, String value, String error) {
    var page = location(browser.open(app.authorize(name, value)));
    assertThat(page).startsWith("/error?error=" + error);
    var shown = browser.open(page);
    assertThat(shown.statusCode()).isEqualTo(400);
    assertThat(shown.body()).contains(error);
  }

  @ParameterizedTest
  @CsvSource({
    "response_type,token,unauthorized_client",
    "scope,openid phone,invalid_scope",
    "scope,email,invalid_scope",
    "code_challenge_method,plain,invalid_request",
    "code_challenge_method,'',invalid_request",
    "code_challenge,short,invalid_request",
    "identity_provider,Google,invalid_request",
    "prompt,consent,invalid_request"
  })
  void whatTheAppDidWrongIsToldToTheApp(String name, String value, String error) {
    var back = location(browser.open(app.authorize(name, value)));
    assertThat(back).startsWith(HostedApp.CALLBACK + '?');
    assertThat(parameters(back)).containsEntry("error", error).containsEntry("state", "s&t=1");
  }

  @Test
  void aProviderThatIsThePoolItselfIsServed() {
    app.realm.user(ANN);
    assertThat(app.exchange(app.code(browser, ANN, "identity_provider", "COGNITO")).status())
        .isEqualTo(200);
  }

  @Test
  void aCodeIsGoodOnceForWhomItWasMade() {
    app.realm.user(ANN);
    var once = app.code(browser, ANN);
    assertThat(app.exchange(once).status()).isEqualTo(200);
    invalid(app.exchange(once));
    invalid(app.exchange(code(app.authorize()), HostedApp.CALLBACK + '/', HostedApp.VERIFIER));
    invalid(app.exchange(code(app.authorize()), HostedApp.CALLBACK, "a".repeat(43)));
    invalid(app.exchange(code(app.authorize()), HostedApp.CALLBACK, ""));
    invalid(app.exchange("made-up"));
    var bare = code(app.authorize("code_challenge", "", "code_challenge_method", ""));
    assertThat(app.exchange(bare, HostedApp.CALLBACK, "").status()).isEqualTo(200);
    var late = code(app.authorize());
    app.realm.standIn.clock().advance(Duration.ofMinutes(5));
    invalid(app.exchange(late));
  }

  private static void invalid(HostedApp.Said said) {
    assertThat(said.status()).isEqualTo(400);
    assertThat(said.text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void aFormIsTakenOnlyFromTheBrowserThatWasShownIt() {
    app.realm.user(ANN);
    var form = browser.open(location(browser.open(app.authorize())));
    try (var other = app.browser()) {
      assertThat(location(other.submit(form, "username", ANN, "password", Realm.PASSWORD)))
          .startsWith("/error?error=invalid_request");
    }
  }

  @Test
  void aTemporaryPasswordIsReplacedAndACodeOfAnAppAskedFor() {
    app.realm.aws.signed(
        "AdminCreateUser",
        json(
            "UserPoolId",
            app.realm.poolId,
            "Username",
            ANN,
            "TemporaryPassword",
            "Temporary-1",
            "MessageAction",
            "SUPPRESS"));
    var form = browser.open(location(browser.open(app.authorize())));
    var asked = browser.submit(form, "username", ANN, "password", "Temporary-1");
    assertThat(asked.body()).contains("New password");
    var back = location(browser.submit(asked, "answer", Realm.PASSWORD));
    assertThat(app.exchange(String.valueOf(parameters(back).get("code"))).status()).isEqualTo(200);

    var secret = enrol();
    form = browser.open(location(browser.open(app.authorize("prompt", "login"))));
    asked = browser.submit(form, "username", ANN, "password", Realm.PASSWORD);
    assertThat(asked.body()).contains("one-time-code");
    app.realm.standIn.clock().advance(Duration.ofSeconds(30));
    back = location(browser.submit(asked, "answer", Totp.at(secret, now())));
    assertThat(parameters(back)).containsKey("code");
  }

  private long now() {
    return app.realm.standIn.clock().instant().getEpochSecond();
  }

  private String enrol() {
    app.realm.aws.signed(
        "SetUserPoolMfaConfig",
        json(
            "UserPoolId",
            app.realm.poolId,
            "MfaConfiguration",
            "OPTIONAL",
            "SoftwareTokenMfaConfiguration",
            Map.of("Enabled", true)));
    var access = app.realm.signIn(ANN, Realm.PASSWORD).text("/AuthenticationResult/AccessToken");
    var secret =
        app.realm
            .aws
            .open("AssociateSoftwareToken", json("AccessToken", access))
            .text("/SecretCode");
    app.realm.aws.open(
        "VerifySoftwareToken", json("AccessToken", access, "UserCode", Totp.at(secret, now())));
    app.realm.aws.open(
        "SetUserMFAPreference",
        json(
            "AccessToken",
            access,
            "SoftwareTokenMfaSettings",
            Map.of("Enabled", true, "PreferredMfa", true)));
    return secret;
  }

  @Test
  void aClientWithASecretProvesIt(@TempDir Path other) {
    try (var secret = HostedApp.open(other, Map.of("GenerateSecret", true));
        var theirs = secret.browser()) {
      secret.realm.user(ANN);
      var described =
          secret.realm.aws.signed(
              "DescribeUserPoolClient",
              json("UserPoolId", secret.realm.poolId, "ClientId", secret.realm.clientId));
      var id = secret.realm.clientId;
      var key = described.text("/UserPoolClient/ClientSecret");
      var code = secret.code(theirs, ANN);
      assertThat(secret.exchange(code).text("error")).isEqualTo("invalid_client");
      var form =
          query(
              "grant_type",
              "authorization_code",
              "code",
              code,
              "redirect_uri",
              HostedApp.CALLBACK,
              "code_verifier",
              HostedApp.VERIFIER);
      assertThat(secret.post("/oauth2/token", form, HostedApp.basic(id, "guess")).text("error"))
          .isEqualTo("invalid_client");
      var tokens = secret.post("/oauth2/token", form, HostedApp.basic(id, key));
      assertThat(tokens.status()).as(tokens.json().toString()).isEqualTo(200);
      var refresh =
          query(
              "grant_type",
              "refresh_token",
              "refresh_token",
              tokens.text("refresh_token"),
              "client_id",
              id,
              "client_secret",
              key);
      var refreshed = secret.post("/oauth2/token", refresh);
      assertThat(refreshed.status()).isEqualTo(200);
      assertThat(refreshed.json().has("refresh_token")).isFalse();
      assertThat(HostedApp.claims(refreshed.text("access_token")).path("scope").asText())
          .isEqualTo("openid email");
      var revoke = query("token", tokens.text("refresh_token"));
      assertThat(secret.post("/oauth2/revoke", revoke).text("error")).isEqualTo("invalid_request");
      assertThat(
              secret
                  .post(
                      "/oauth2/revoke",
                      query("token", tokens.text("access_token")),
                      HostedApp.basic(id, key))
                  .text("error"))
          .isEqualTo("unsupported_token_type");
      assertThat(secret.post("/oauth2/revoke", revoke, HostedApp.basic(id, key)).status())
          .isEqualTo(200);
      invalid(secret.post("/oauth2/token", refresh));
    }
  }

  @Test
  void refreshTokensRotateWhereTheClientSaysSo(@TempDir Path other) {
    try (var rotating =
            HostedApp.open(
                other,
                Map.of(
                    "ExplicitAuthFlows",
                    List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH"),
                    "RefreshTokenRotation",
                    Map.of("Feature", "ENABLED", "RetryGracePeriodSeconds", 0)));
        var theirs = rotating.browser()) {
      rotating.realm.user(ANN);
      var old = rotating.exchange(rotating.code(theirs, ANN)).text("refresh_token");
      var form = query("grant_type", "refresh_token", "client_id", rotating.realm.clientId);
      var rotated = rotating.post("/oauth2/token", form + '&' + query("refresh_token", old));
      assertThat(rotated.text("refresh_token")).isNotEmpty().isNotEqualTo(old);
      invalid(rotating.post("/oauth2/token", form + '&' + query("refresh_token", old)));
    }
  }

  @Test
  void theDocumentNamesTheEndpoints() throws java.io.IOException {
    var document =
        app.realm.aws.exchange(
            HttpRequest.newBuilder(
                app.realm
                    .standIn
                    .endpoint()
                    .resolve("/" + app.realm.poolId + "/.well-known/openid-configuration")));
    var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(document.body());
    var domain = app.realm.standIn.domain().toString();
    assertThat(json.path("authorization_endpoint").asText())
        .isEqualTo(domain + "/oauth2/authorize");
    assertThat(json.path("token_endpoint").asText()).isEqualTo(domain + "/oauth2/token");
    assertThat(json.path("end_session_endpoint").asText()).isEqualTo(domain + "/logout");
    assertThat(json.path("issuer").asText()).endsWith(app.realm.poolId);
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    refusedClient("InvalidParameterException", "CallbackURLs", List.of("http://app.example.com/"));
    refusedClient("InvalidParameterException", "CallbackURLs", List.of("https://a.example/#x"));
    refusedClient("InvalidParameterException", "LogoutURLs", List.of("http://app.example.com/"));
    refusedClient("InvalidParameterException", "SupportedIdentityProviders", List.of("Google"));
    refusedClient("ScopeDoesNotExistException", "AllowedOAuthScopes", List.of("api/read"));
    refusedClient("InvalidOAuthFlowException", "AllowedOAuthFlows", List.of("client_credentials"));
    refusedClient("NotImplementedException", "AllowedOAuthFlows", List.of("implicit"));
    refusedClient("InvalidParameterException", "AllowedOAuthFlowsUserPoolClient", true);
    var local =
        app.realm.aws.signed(
            "CreateUserPoolClient",
            json(
                "UserPoolId",
                app.realm.poolId,
                "ClientName",
                "local",
                "CallbackURLs",
                List.of("http://localhost:8080/", "http://auth.localhost:8080/", "app://back")));
    assertThat(local.status()).isEqualTo(200);
  }

  private void refusedClient(String error, String name, Object value) {
    var answer =
        app.realm.aws.signed(
            "CreateUserPoolClient",
            json("UserPoolId", app.realm.poolId, "ClientName", "other", name, value));
    assertThat(answer.error()).as(answer.body().toString()).isEqualTo(error);
  }

  @Test
  void aClientIsChangedAsAWhole() {
    var changed =
        app.realm.aws.signed(
            "UpdateUserPoolClient",
            json(
                "UserPoolId",
                app.realm.poolId,
                "ClientId",
                app.realm.clientId,
                "CallbackURLs",
                List.of("https://other.example.com/")));
    assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
    assertThat(changed.text("/UserPoolClient/ClientName")).isEqualTo("app");
    assertThat(changed.body().at("/UserPoolClient/AllowedOAuthFlows").isMissingNode()).isTrue();
    assertThat(location(browser.open(app.authorize()))).startsWith("/error?");
  }
}
