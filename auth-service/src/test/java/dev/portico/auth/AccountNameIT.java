package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.auth.fixture.Pool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** By what name people know an account, as content-service asks for it. */
class AccountNameIT {
  private static final String PATH = "/internal/accounts/name";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode golden(String name) throws Exception {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return (ObjectNode)
        JSON.readTree(Files.readAllBytes(root.resolve("deploy/contracts").resolve(name)));
  }

  /** What a gateway has can get lost. */
  @Test
  void isNotToldToGatewaysWhereSecretsTellThemApart() throws Exception {
    var pool = Pool.create();
    try (var service =
        RunningService.start(
            pool,
            client -> {},
            settings -> settings.put("portico.callers.of-content", "content-" + Pool.SECRET))) {
      String query = golden("auth-account-name-query.json").toString();
      assertThat(service.internal(PATH, query).status()).isEqualTo(401);
    }
  }

  @Test
  void isTheAddressOfTheAccountWithThisSub() throws Exception {
    var pool = Pool.create();
    try (var service = RunningService.start(pool, client -> {}, settings -> {})) {
      String address = pool.account();
      String sub =
          pool
              .cognito()
              .adminGetUser(user -> user.userPoolId(pool.id()).username(address))
              .userAttributes()
              .stream()
              .filter(each -> each.name().equals("sub"))
              .findFirst()
              .orElseThrow()
              .value();
      ObjectNode query = golden("auth-account-name-query.json").put("account", sub);
      var answer = service.internal(PATH, query.toString());
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      ObjectNode expected = golden("auth-account-name.json").put("name", address);
      assertThat(JSON.readTree(answer.text())).isEqualTo(expected);

      for (String other : new String[] {UUID.randomUUID().toString(), "nobody"}) {
        assertThat(service.internal(PATH, query.put("account", other).toString()).status())
            .as(other)
            .isEqualTo(404);
      }
      assertThat(service.internal(PATH, query.put("account", address).toString()).status())
          .as("an address is no sub")
          .isEqualTo(400);
      assertThat(service.internal().post(PATH, query.toString()).status()).isEqualTo(401);
    }
  }
}
