package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Http;
import dev.portico.auth.fixture.Pool;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.OAuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceServerScopeType;

/** A token that a program got for itself, of a client whose tokens are accepted. */
class MachineTokenIT {
  @Test
  void isOfNoAccount() {
    var pool = Pool.create();
    pool.cognito()
        .createResourceServer(
            server ->
                server
                    .userPoolId(pool.id())
                    .identifier("orders")
                    .name("Orders")
                    .scopes(
                        ResourceServerScopeType.builder()
                            .scopeName("read")
                            .scopeDescription("Read")
                            .build()));
    var machine =
        pool.client(
            client ->
                client
                    .generateSecret(true)
                    .allowedOAuthFlowsUserPoolClient(true)
                    .allowedOAuthFlows(OAuthFlowType.CLIENT_CREDENTIALS)
                    .allowedOAuthScopes("orders/read"));
    String pair = machine.clientId() + ':' + machine.clientSecret();
    Answer token =
        new Http(Pool.standIn().domain())
            .send(
                "POST",
                "/oauth2/token",
                "grant_type=client_credentials",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
    assertThat(token.status()).as(token.text()).isEqualTo(200);
    String bearer = token.field("access_token");
    try (var service =
        RunningService.start(
            pool,
            client -> {},
            settings ->
                settings.put(
                    "portico.token.client-ids",
                    settings.get("portico.token.client-ids") + "," + machine.clientId()))) {
      Answer refused = service.me(bearer);
      assertThat(refused.status()).as(refused.text()).isEqualTo(403);
      assertThat(refused.problem()).isEqualTo("machine-token");
      assertThat(service.signOut(bearer, "{\"everywhere\":true}").status()).isEqualTo(403);
      String person = service.signIn(pool.account(), Pool.PASSWORD).field("accessToken");
      assertThat(service.me(person).status()).isEqualTo(200);
    }
  }
}
