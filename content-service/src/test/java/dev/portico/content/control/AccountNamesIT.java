package dev.portico.content.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.fixture.AuthServer;
import dev.portico.content.fixture.ContentServer;
import io.micronaut.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who froze publishing, as everybody is told who is refused. */
class AccountNamesIT {
  private static final String FREEZE = "/v1/platform/freeze";
  private static final String BODY = "{\"reason\":\"incident\"}";

  private static String frozenBy(ContentServer server, String admin) {
    var answer = server.call("PUT", FREEZE, admin, BODY);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().at("/freeze/username").asText();
  }

  @Test
  void isNamedByTheAddressOrElseByTheTokensUserName() {
    String sub = UUID.randomUUID().toString();
    try (var auth = new AuthServer();
        var server = ContentServer.start(auth.settings())) {
      String admin = server.pool().accessToken(sub, "admins");
      auth.name(sub, "ann@example.com");
      assertThat(frozenBy(server, admin)).isEqualTo("ann@example.com");
      var refused = server.call("POST", "/v1/sites", admin, "{\"name\":\"docs\"}");
      assertThat(refused.status()).isEqualTo(423);
      assertThat(refused.json().path("detail").asText())
          .startsWith("ann@example.com has frozen publishing");
      server.call("DELETE", FREEZE, admin, null);
      server.call("POST", "/v1/sites", admin, "{\"name\":\"docs\"}");
      server.call(
          "POST",
          "/v1/platform/blocked-addresses",
          admin,
          "{\"block\":\"192.0.2.1\",\"reason\":\"x\"}");
      server.call(
          "POST",
          "/v1/platform/blocked-paths",
          admin,
          "{\"site\":\"docs\",\"pattern\":\"/x\",\"reason\":\"x\"}");
      server.call("PUT", "/v1/platform/maintenance/docs", admin, "{\"reason\":\"x\"}");
      assertThat(
              server
                  .call("GET", "/v1/platform/controls", admin, null)
                  .json()
                  .findValuesAsText("username"))
          .as("of what else is switched on")
          .containsExactly("ann@example.com", "ann@example.com", "ann@example.com");
      String other = server.person("admins");
      String unknown = frozenBy(server, other);
      assertThat(unknown).isNotEmpty().isNotEqualTo("ann@example.com");
      auth.away(true);
      assertThat(frozenBy(server, other)).as("who is away keeps nothing up").isEqualTo(unknown);
    }
  }

  @Test
  void isTheTokensUserNameWhereAuthServiceIsNotAsked() {
    try (var server = ContentServer.start(Map.of())) {
      assertThat(frozenBy(server, server.person("admins"))).isNotEmpty();
    }
  }

  @Test
  void isAskedAndUnderstoodAsTheContractSays() throws Exception {
    Path contracts = Path.of(System.getProperty("portico.root", "..")).resolve("deploy/contracts");
    var json = JsonMapper.createDefault();
    var tree = new ObjectMapper();
    assertThat(
            tree.readTree(
                json.writeValueAsBytes(
                    new AccountNames.Question("6f1d2c9e-0000-4000-8000-0123456789ab"))))
        .isEqualTo(
            tree.readTree(Files.readAllBytes(contracts.resolve("auth-account-name-query.json"))));
    assertThat(
            json.readValue(
                    Files.readAllBytes(contracts.resolve("auth-account-name.json")),
                    AccountNames.Answer.class)
                .name())
        .isEqualTo("ann@example.com");
  }
}
