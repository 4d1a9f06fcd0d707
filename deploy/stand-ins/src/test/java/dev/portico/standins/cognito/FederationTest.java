package dev.portico.standins.cognito;

import static dev.portico.standins.cognito.fixture.AwsClient.json;
import static dev.portico.standins.cognito.fixture.Browser.location;
import static dev.portico.standins.cognito.fixture.Browser.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.Browser;
import dev.portico.standins.cognito.fixture.HostedApp;
import dev.portico.standins.cognito.fixture.OidcServer;
import dev.portico.standins.cognito.fixture.ProviderPool;
import dev.portico.standins.cognito.fixture.Realm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other identity providers of a pool: their settings, and signing in by them. */
final class FederationTest {
  private static final String ANN = "ann@example.com";
  private static final String RESPONSE = "/oauth2/idpresponse";

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

  private ProviderPool partner() {
    var partner = ProviderPool.open(app.realm);
    partner.create();
    app.offer("COGNITO", ProviderPool.NAME);
    return partner;
  }

  /** Where the browser is sent to with its code, after the form of the provider if it asks. */
  private String throughPartner(String... more) {
    var next = location(browser.open(atPartner(more)));
    if (next.startsWith("/login?")) {
      var form = browser.open(next);
      next = location(browser.submit(form, "username", ANN, "password", Realm.PASSWORD));
    }
    assertThat(next).contains(RESPONSE + "?code=");
    return location(browser.open(next));
  }

  /** Where the browser is sent to that wants the provider. */
  private String atPartner(String... more) {
    var all = new ArrayList<>(List.of("identity_provider", ProviderPool.NAME));
    all.addAll(List.of(more));
    return location(browser.open(app.authorize(all.toArray(String[]::new))));
  }

  private JsonNode idToken(String back) {
    assertThat(back).startsWith(HostedApp.CALLBACK + "?code=");
    var tokens = app.exchange(String.valueOf(parameters(back).get("code")));
    assertThat(tokens.status()).as(tokens.json().toString()).isEqualTo(200);
    return HostedApp.claims(tokens.text("id_token"));
  }

  @Test
  void aPersonOfTheProviderBecomesAUserOfThePool() {
    var partner = partner();
    var theirs = app.realm.user(partner.poolId, ANN);
    named(partner, "Ann");
    var asked = atPartner();
    assertThat(asked).startsWith(app.realm.standIn.domain() + "/oauth2/authorize?");
    assertThat(parameters(asked))
        .containsEntry("client_id", partner.clientId)
        .containsEntry("redirect_uri", app.realm.standIn.domain() + RESPONSE)
        .containsEntry("scope", "openid email profile")
        .containsEntry("response_type", "code")
        .containsKeys("state", "nonce")
        .doesNotContainEntry("nonce", "n-1");
    var back = throughPartner("scope", "openid profile");
    assertThat(parameters(back)).containsEntry("state", "s&t=1");
    var id = idToken(back);
    assertThat(id.path("cognito:username").asText()).isEqualTo("Partner_" + theirs);
    assertThat(id.path("sub").asText()).isNotEqualTo(theirs);
    assertThat(id.path("iss").asText()).endsWith(app.realm.poolId);
    assertThat(id.path("nonce").asText()).isEqualTo("n-1");
    assertThat(id.path("email").asText()).isEqualTo(ANN);
    assertThat(id.path("email_verified").asBoolean()).isTrue();
    assertThat(id.path("name").asText()).isEqualTo("Ann");
    assertThat(id.at("/cognito:groups/0").asText()).isEqualTo(app.realm.poolId + "_Partner");
    var identity = id.at("/identities/0");
    assertThat(identity.path("userId").asText()).isEqualTo(theirs);
    assertThat(identity.path("providerName").asText()).isEqualTo("Partner");
    assertThat(identity.path("providerType").asText()).isEqualTo("OIDC");
    assertThat(identity.path("primary").asText()).isEqualTo("true");
    assertThat(identity.path("dateCreated").isTextual()).isTrue();

    var known = app.realm.admin("AdminGetUser", "Partner_" + theirs);
    assertThat(known.text("/UserStatus")).isEqualTo("EXTERNAL_PROVIDER");
    assertThat(known.body().path("UserAttributes").toString()).contains("identities", ANN);

    // Again: the same user, with what has changed since.
    named(partner, "Ann Smith");
    var again = idToken(throughPartner("prompt", "login", "scope", "openid profile"));
    assertThat(again.path("sub")).isEqualTo(id.path("sub"));
    assertThat(again.path("name").asText()).isEqualTo("Ann Smith");
    assertThat(again.path("identities")).isEqualTo(id.path("identities"));
  }

  private void named(ProviderPool partner, String name) {
    app.realm.aws.signed(
        "AdminUpdateUserAttributes",
        json(
            "UserPoolId",
            partner.poolId,
            "Username",
            ANN,
            "UserAttributes",
            List.of(AwsClient.attribute("name", name))));
  }

  @Test
  void administratorsFindAPersonOfTheProviderByTheNameOnly() {
    var partner = partner();
    var name = "Partner_" + app.realm.user(partner.poolId, ANN);
    var sub = idToken(throughPartner()).path("sub").asText();
    for (var operation : List.of("AdminGetUser", "AdminListGroupsForUser")) {
      assertThat(app.realm.admin(operation, name).status()).isEqualTo(200);
      for (var other : List.of(sub, ANN, name.toLowerCase(Locale.ROOT))) {
        assertThat(app.realm.admin(operation, other).error())
            .as(other)
            .isEqualTo("UserNotFoundException");
      }
    }
    var listed =
        app.realm.aws.signed(
            "ListUsers", json("UserPoolId", app.realm.poolId, "Filter", "sub = \"" + sub + "\""));
    assertThat(listed.text("/Users/0/Username")).isEqualTo(name);
  }

  @Test
  void aBrowserIsLoggedInByTheProviderUntilItLogsOut() {
    var partner = partner();
    app.realm.user(partner.poolId, ANN);
    app.realm.user("bob@example.com");
    var sub = idToken(throughPartner()).path("sub");
    assertThat(idToken(location(browser.open(app.authorize()))).path("sub")).isEqualTo(sub);
    assertThat(idToken(atPartner()).path("sub")).isEqualTo(sub);
    assertThat(location(browser.open(logout()))).isEqualTo(HostedApp.SIGNED_OUT);
    assertThat(location(browser.open(app.authorize()))).startsWith("/login?");
    // The provider knows the browser still, as at AWS: nobody has told it.
    var silent = location(browser.open(atPartner()));
    assertThat(silent).contains(RESPONSE + "?code=");
    assertThat(idToken(location(browser.open(silent))).path("sub")).isEqualTo(sub);
    // Who is logged in as a user of the pool is not known to the provider.
    browser.open(logout());
    app.code(browser, "bob@example.com");
    assertThat(atPartner()).startsWith(app.realm.standIn.domain() + "/oauth2/authorize?");
  }

  private String logout() {
    return "/logout?"
        + Browser.query("client_id", app.realm.clientId, "logout_uri", HostedApp.SIGNED_OUT);
  }

  @Test
  void theLoginPageOffersWhatTheClientIsFor() {
    var partner = partner();
    app.realm.user(partner.poolId, ANN);
    var both = browser.open(location(browser.open(app.authorize())));
    assertThat(both.body()).contains("type=\"password\"", "Sign in with Partner");
    var link = both.body().replaceFirst("(?s).*<a href=\"([^\"]+)\">Sign in with.*", "$1");
    assertThat(location(browser.open(link.replace("&amp;", "&"))))
        .contains("client_id=" + partner.clientId);
    // By another name of it.
    var identified = location(browser.open(app.authorize("idp_identifier", "partner.example")));
    assertThat(parameters(identified)).containsEntry("client_id", partner.clientId);
    var unknown = location(browser.open(app.authorize("idp_identifier", "other.example")));
    assertThat(parameters(unknown)).containsEntry("error", "invalid_request");

    app.offer(ProviderPool.NAME);
    assertThat(location(browser.open(app.authorize()))).contains("client_id=" + partner.clientId);
    var none = location(browser.open(app.authorize("identity_provider", "COGNITO")));
    assertThat(parameters(none)).containsEntry("error", "invalid_request");
  }

  /** A form that was shown before, or is made up. */
  @Test
  void aPasswordOfThePoolIsNoProofWhereAProviderIsWanted() {
    var partner = partner();
    app.realm.user(ANN);
    var form = browser.open(location(browser.open(app.authorize())));
    app.offer(ProviderPool.NAME);
    var sent = browser.submit(form, "username", ANN, "password", Realm.PASSWORD);
    assertThat(parameters(location(sent))).containsEntry("client_id", partner.clientId);
    try (var server = new OidcServer()) {
      discovered(server, Map.of());
      app.offer(ProviderPool.NAME, "Tiny");
      var choice = browser.open(location(browser.open(app.authorize())));
      assertThat(choice.body())
          .contains("Sign in with Partner", "Sign in with Tiny")
          .doesNotContain("password");
      sent = browser.submit(form, "username", ANN, "password", Realm.PASSWORD);
      assertThat(parameters(location(sent))).containsEntry("error", "invalid_request");
    }
  }

  @Test
  void aPersonOfTheProviderHasNoPasswordHere() {
    var partner = partner();
    var theirs = app.realm.user(partner.poolId, ANN);
    idToken(throughPartner());
    var name = "Partner_" + theirs;
    assertThat(app.realm.signIn(name, Realm.PASSWORD).error()).isEqualTo("NotAuthorizedException");
    var reset = app.realm.admin("AdminResetUserPassword", name);
    assertThat(reset.error()).isEqualTo("NotAuthorizedException");
    // The address is nobody's name: a user of the pool may have it as well.
    var own = app.realm.user(ANN);
    assertThat(app.realm.admin("AdminGetUser", ANN).text("/Username")).isEqualTo(own);

    app.realm.admin("AdminDisableUser", name);
    assertThat(location(browser.open(app.authorize()))).startsWith("/login?");
    var back = location(browser.open(location(browser.open(atPartner()))));
    assertThat(parameters(back))
        .containsEntry("error", "invalid_request")
        .containsEntry("error_description", "User is not enabled.");
  }

  @Test
  void aStateThatIsNotOfThisBrowserLeadsNowhere() {
    var partner = partner();
    app.realm.user(partner.poolId, ANN);
    var form = browser.open(location(browser.open(atPartner())));
    var back = location(browser.submit(form, "username", ANN, "password", Realm.PASSWORD));
    try (var other = app.browser()) {
      nowhere(other, back);
    }
    nowhere(browser, back); // used up by that
    var good = location(browser.open(atPartner()));
    nowhere(browser, good.replaceFirst("state=[^&]+", "state=made-up"));
    nowhere(browser, RESPONSE + "?code=x");
    assertThat(location(browser.open(good))).startsWith(HostedApp.CALLBACK + "?code=");
    nowhere(browser, good);
  }

  private static void nowhere(Browser at, String address) {
    assertThat(location(at.open(address))).startsWith("/error?error=invalid_request");
  }

  @Test
  void whatTheProviderRefusesIsToldToTheApp() {
    var partner = partner();
    var state = String.valueOf(parameters(atPartner()).get("state"));
    var back =
        location(
            browser.open(RESPONSE + '?' + Browser.query("error", "access_denied", "state", state)));
    assertThat(back).startsWith(HostedApp.CALLBACK + '?');
    assertThat(parameters(back))
        .containsEntry("error", "access_denied")
        .containsEntry("state", "s&t=1");
    state = String.valueOf(parameters(atPartner()).get("state"));
    back = location(browser.open(RESPONSE + '?' + Browser.query("code", "x", "state", state)));
    assertThat(parameters(back)).containsEntry("error", "server_error");
    app.realm.aws.signed(
        "UpdateIdentityProvider",
        json(
            "UserPoolId",
            app.realm.poolId,
            "ProviderName",
            ProviderPool.NAME,
            "ProviderDetails",
            with(partner.details(), "client_secret", "guess")));
    app.realm.user(partner.poolId, ANN);
    assertThat(parameters(throughPartner())).containsEntry("error", "server_error");
  }

  private static Map<String, String> with(Map<String, String> details, String key, String value) {
    var changed = new HashMap<>(details);
    changed.put(key, value);
    return changed;
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', ''",
    "nonce, another, the ID token has another nonce",
    "aud, stranger, the ID token is for another client",
    "iss, https://other.example, the ID token is of another issuer",
    "exp, 1, the ID token has expired",
    "sub, ann-2, the attributes are of another sub than the ID token",
    "signature, x, the ID token is not signed by the provider (RS256)"
  })
  void anIdTokenIsChecked(String claim, String value, String fault) {
    try (var server = new OidcServer()) {
      discovered(server, Map.of("email", "email", "name", "nick"));
      var asked = location(browser.open(app.authorize("identity_provider", "Tiny")));
      assertThat(asked).startsWith(server.issuer() + "/authorize?");
      says(server, asked, "ann-1");
      server.claims.put("nick", "Annie");
      server.attributes.put("email", ANN);
      if (claim.equals("signature")) {
        server.forge();
      } else if (!claim.isEmpty()) {
        server.claims.put(claim, claim.equals("exp") ? (Object) 1 : value);
      }
      var back = backFrom(asked);
      assertThat(server.asked).contains("code=c%26d", "client_secret=s%26t", "client_id=pool");
      if (fault.isEmpty()) {
        var id = idToken(back);
        assertThat(id.path("cognito:username").asText()).isEqualTo("Tiny_ann-1");
        assertThat(id.path("email").asText()).isEqualTo(ANN);
        assertThat(id.path("email_verified").asBoolean()).as("nobody says so").isFalse();
      } else {
        assertThat(parameters(back))
            .containsEntry("error", "server_error")
            .containsEntry("error_description", fault);
        assertThat(app.realm.admin("AdminGetUser", "Tiny_ann-1").error())
            .isEqualTo("UserNotFoundException");
      }
    }
  }

  /** What a provider answers about somebody for whom a browser was sent there. */
  private void says(OidcServer server, String asked, String sub) {
    server.claims.putAll(
        Map.of(
            "iss",
            server.issuer(),
            "aud",
            List.of(OidcServer.CLIENT),
            "sub",
            sub,
            "exp",
            app.realm.standIn.clock().instant().getEpochSecond() + 60,
            "nonce",
            String.valueOf(parameters(asked).get("nonce"))));
    server.attributes.put("sub", sub);
  }

  /** Where a browser that was sent to a provider is sent once it is back. */
  private String backFrom(String asked) {
    var state = String.valueOf(parameters(asked).get("state"));
    return location(browser.open(RESPONSE + '?' + Browser.query("code", "c&d", "state", state)));
  }

  /** Where the browser is sent to that a provider says is somebody. */
  private String at(OidcServer server, String sub) {
    browser.open(logout());
    var asked = location(browser.open(app.authorize("identity_provider", "Tiny")));
    says(server, asked, sub);
    return backFrom(asked);
  }

  @Test
  void idsThatDifferInTheirLettersCaseAreOfTwoPeople() {
    try (var server = new OidcServer()) {
      discovered(server, Map.of());
      var upper = idToken(at(server, "AbC"));
      var lower = idToken(at(server, "aBc"));
      assertThat(upper.path("cognito:username").asText()).isEqualTo("Tiny_AbC");
      assertThat(lower.path("cognito:username").asText()).isEqualTo("Tiny_aBc");
      assertThat(lower.path("sub")).isNotEqualTo(upper.path("sub"));
      assertThat(idToken(at(server, "AbC")).path("sub")).isEqualTo(upper.path("sub"));
      assertThat(app.realm.admin("AdminGetUser", "Tiny_aBc").text("/Username"))
          .isEqualTo("Tiny_aBc");
    }
  }

  @Test
  void anotherAddressIsNotProvenBecauseTheLastOneWas() {
    try (var server = new OidcServer()) {
      discovered(server, Map.of("email", "email", "email_verified", "email_verified"));
      server.attributes.putAll(Map.of("email", ANN, "email_verified", true));
      assertThat(idToken(at(server, "ann-1")).path("email_verified").asBoolean()).isTrue();
      server.attributes.remove("email_verified");
      server.attributes.put("email", "ceo@example.com");
      var changed = idToken(at(server, "ann-1"));
      assertThat(changed.path("email").asText()).isEqualTo("ceo@example.com");
      assertThat(changed.path("email_verified").asBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Tiny_ann-1", "tiny_ANN-1"})
  void anAccountThatHasTheNameOfAPersonOfAProviderIsNotTheirs(String planted) {
    app.close();
    app = HostedApp.open(folder.resolve("named"), Map.of(), Map.of());
    browser.close();
    browser = app.browser();
    try (var server = new OidcServer()) {
      discovered(server, Map.of());
      app.realm.user(planted);
      assertThat(parameters(at(server, "ann-1")))
          .containsEntry("error", "invalid_request")
          .containsEntry("error_description", "Another account has this name.");
      assertThat(idToken(at(server, "bob-1")).path("cognito:username").asText())
          .isEqualTo("Tiny_bob-1");
    }
  }

  /** A provider that is found by its issuer alone. */
  private void discovered(OidcServer server, Map<String, String> mapping) {
    var created =
        app.realm.aws.signed(
            "CreateIdentityProvider",
            json(
                "UserPoolId",
                app.realm.poolId,
                "ProviderName",
                "Tiny",
                "ProviderType",
                "OIDC",
                "ProviderDetails",
                Map.of(
                    "client_id",
                    OidcServer.CLIENT,
                    "client_secret",
                    "s&t",
                    "attributes_request_method",
                    "POST",
                    "oidc_issuer",
                    server.issuer(),
                    "authorize_scopes",
                    "openid"),
                "AttributeMapping",
                mapping));
    assertThat(created.status()).as(created.body().toString()).isEqualTo(200);
    app.offer("Tiny");
  }

  @Test
  void aProviderThatIsAwayIsToldToTheApp() {
    var server = new OidcServer();
    discovered(server, Map.of());
    server.close();
    assertThat(parameters(location(browser.open(app.authorize()))))
        .containsEntry("error", "server_error");
  }

  @Test
  void providersAreKeptDescribedChangedAndDeleted() {
    var partner = ProviderPool.open(app.realm);
    var created = partner.create();
    assertThat(created.text("/IdentityProvider/ProviderType")).isEqualTo("OIDC");
    assertThat(created.text("/IdentityProvider/AttributeMapping/username")).isEqualTo("sub");
    app.offer(ProviderPool.NAME);
    var changed =
        provider("UpdateIdentityProvider", "AttributeMapping", Map.of("nickname", "email"));
    assertThat(changed.text("/IdentityProvider/AttributeMapping/nickname")).isEqualTo("email");
    assertThat(changed.text("/IdentityProvider/ProviderDetails/client_id"))
        .isEqualTo(partner.clientId);
    var found =
        app.realm.aws.signed(
            "GetIdentityProviderByIdentifier",
            json("UserPoolId", app.realm.poolId, "IdpIdentifier", "partner.example"));
    assertThat(found.text("/IdentityProvider/ProviderName")).isEqualTo(ProviderPool.NAME);
    app.realm.standIn.close();
    try (var again = CognitoStandIn.start(CognitoSettings.local(0, folder));
        var aws = new AwsClient(again.endpoint(), "porticolocal", "portico-local-secret")) {
      var listed = aws.signed("ListIdentityProviders", json("UserPoolId", app.realm.poolId));
      assertThat(listed.text("/Providers/0/ProviderName")).isEqualTo(ProviderPool.NAME);
      assertThat(listed.body().at("/Providers/0").has("ProviderDetails")).isFalse();
      var name = json("UserPoolId", app.realm.poolId, "ProviderName", ProviderPool.NAME);
      assertThat(
              aws.signed("DescribeIdentityProvider", name)
                  .text("/IdentityProvider/AttributeMapping/nickname"))
          .isEqualTo("email");
      assertThat(aws.signed("DeleteIdentityProvider", name).status()).isEqualTo(200);
      assertThat(aws.signed("DescribeIdentityProvider", name).error())
          .isEqualTo("ResourceNotFoundException");
    }
  }

  private AwsClient.Answer provider(String operation, String field, Object value) {
    return app.realm.aws.signed(
        operation,
        json("UserPoolId", app.realm.poolId, "ProviderName", ProviderPool.NAME, field, value));
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    var partner = ProviderPool.open(app.realm);
    var details = partner.details();
    refused("NotImplementedException", "SAML", details, Map.of(), "Corp");
    refused("NotImplementedException", "Google", details, Map.of(), "Google");
    refused("InvalidParameterException", "LDAP", details, Map.of(), "Corp");
    refused("InvalidParameterException", "OIDC", details, Map.of(), "a_");
    refused("InvalidParameterException", "OIDC", details, Map.of(), "COGNITO");
    for (var key :
        List.of("client_id", "client_secret", "oidc_issuer", "token_url", "authorize_scopes")) {
      var without = new HashMap<>(details);
      without.remove(key);
      refused("InvalidParameterException", "OIDC", without, Map.of(), "Corp");
    }
    wrong(details, "attributes_request_method", "PUT");
    wrong(details, "authorize_scopes", "email");
    wrong(details, "oidc_issuer", "http://login.example.com");
    wrong(details, "jwks_uri", "keys");
    refused("InvalidParameterException", "OIDC", details, Map.of("custom:no", "x"), "Corp");
    refused("InvalidParameterException", "OIDC", details, Map.of("sub", "x"), "Corp");
    refused("NotImplementedException", "OIDC", details, Map.of("username", "email"), "Corp");
    partner.create();
    refused("DuplicateProviderException", "OIDC", details, Map.of(), ProviderPool.NAME);
    assertThat(provider("UpdateIdentityProvider", "ProviderDetails", Map.of()).error())
        .isEqualTo("InvalidParameterException");
  }

  private void wrong(Map<String, String> details, String key, String value) {
    refused("InvalidParameterException", "OIDC", with(details, key, value), Map.of(), "Corp");
  }

  private void refused(
      String error,
      String type,
      Map<String, String> details,
      Map<String, String> mapping,
      String name) {
    var answer =
        app.realm.aws.signed(
            "CreateIdentityProvider",
            json(
                "UserPoolId",
                app.realm.poolId,
                "ProviderName",
                name,
                "ProviderType",
                type,
                "ProviderDetails",
                details,
                "AttributeMapping",
                mapping));
    assertThat(answer.error()).as(answer.body().toString()).isEqualTo(error);
  }
}
