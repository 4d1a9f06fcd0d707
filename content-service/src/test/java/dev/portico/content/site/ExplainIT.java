package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only gateways can answer, asked past them. */
class ExplainIT {
  @Test
  void onlyAGatewayKnows() {
    try (ContentServer server = ContentServer.start(Map.of())) {
      String owner = server.person("publishers");
      String stranger = server.person("publishers");
      assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"why\"}").status())
          .isEqualTo(201);
      String path = "/v1/sites/why/explain";
      String body = "{\"deployment\":\"next\",\"urls\":[\"/\"]}";
      for (String token : List.of(owner, stranger)) {
        int expected = token.equals(owner) ? 501 : 404;
        Answer explained =
            server.call("GET", path + "?url=/&header=A:%20b&header=C:d", token, null);
        assertThat(explained.status()).as(explained.text()).isEqualTo(expected);
        assertThat(server.call("POST", path, token, body).status()).isEqualTo(expected);
      }
      assertThat(server.call("GET", path + "?url=/", owner, null).text()).contains("gateway-only");
    }
  }
}
