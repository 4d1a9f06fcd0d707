package dev.portico.content.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of gateways. */
class GatewaysIT {
  private static final Duration LEASE = Duration.ofMinutes(5);

  private ContentServer server;
  private String admin;

  @BeforeEach
  void start() {
    server = ContentServer.start(Map.of("portico.change.gateway-lease", LEASE));
    admin = server.person("admins");
    for (String site : List.of("one", "two")) {
      server.call("POST", "/v1/sites", admin, "{\"name\":\"" + site + "-site\"}");
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void poll(ContentServer at, String json) {
    assertThat(
            ContentServer.send(
                    "POST", at.at("internal", "/internal/changes"), ContentServer.SECRET, json)
                .status())
        .isEqualTo(200);
  }

  private Answer list(String person, String query) {
    return server.call("GET", "/v1/gateways" + query, person, null);
  }

  @Test
  void adminsSeeWhatAGatewaySaysOfItself() {
    assertThat(list(admin, "").json().toString()).isEqualTo("{\"items\":[],\"next\":null}");
    poll(
        server,
        "{\"gateway\":\"gw-b\",\"version\":\"0.1.0\",\"after\":1,\"invalidates\":true,"
            + "\"waitMillis\":0,\"counters\":{\"sites\":2,\"release/docs/7/errors\":3}}");
    poll(server, "{\"gateway\":\"gw-a\",\"after\":2,\"waitMillis\":0}");
    JsonNode items = list(admin, "").json().path("items");
    assertThat(items.findValuesAsText("id")).containsExactly("gw-a", "gw-b");
    JsonNode old = items.get(0);
    assertThat(old.path("version").isNull()).isTrue();
    assertThat(old.path("sites").isNull()).isTrue();
    assertThat(old.path("invalidates").asBoolean()).isFalse();
    assertThat(old.path("lag").asLong()).isZero();
    JsonNode shown = items.get(1);
    assertThat(shown.path("version").asText()).isEqualTo("0.1.0");
    assertThat(shown.path("address").asText()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1", "localhost");
    assertThat(shown.path("position").asLong()).isEqualTo(1);
    assertThat(shown.path("lag").asLong()).isEqualTo(1);
    assertThat(shown.path("invalidates").asBoolean()).isTrue();
    assertThat(shown.path("sites").asLong()).isEqualTo(2);
    assertThat(shown.path("counters").toString())
        .contains("\"sites\":2", "\"release/docs/7/errors\":3");
    assertThat(Instant.parse(shown.path("leaseUntil").asText()))
        .isBetween(Instant.now(), Instant.now().plus(LEASE));
  }

  @Test
  void othersDoNot() {
    assertThat(list(server.person("publishers"), "").status()).isEqualTo(403);
    assertThat(list(server.person(), "").status()).isEqualTo(403);
    String token =
        server
            .call("POST", "/v1/sites/one-site/tokens", admin, "{\"title\":\"ci\"}")
            .json()
            .path("token")
            .asText();
    assertThat(list(token, "").status()).isEqualTo(403);
    assertThat(server.call("GET", "/v1/gateways", null, null).status()).isEqualTo(401);
  }

  @Test
  void theyComeByPages() {
    for (int i = 0; i < 5; i++) {
      poll(server, "{\"gateway\":\"gw-" + i + "\",\"after\":0,\"waitMillis\":0}");
    }
    var ids = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = list(admin, "?limit=2" + cursor).json();
      ids.addAll(page.path("items").findValuesAsText("id"));
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asText();
    } while (!cursor.isEmpty());
    assertThat(ids).containsExactly("gw-0", "gw-1", "gw-2", "gw-3", "gw-4");
    assertThat(list(admin, "?limit=0").status()).isEqualTo(400);
    assertThat(list(admin, "?cursor=x").status()).isEqualTo(400);
  }

  @Test
  void whoseLeaseHasEndedIsGone() {
    try (ContentServer hasty = server.copy(Map.of("portico.change.gateway-lease", "1s"))) {
      poll(hasty, "{\"gateway\":\"gw\",\"after\":0,\"waitMillis\":0}");
    }
    await().until(() -> list(admin, "").json().path("items").isEmpty());
  }
}
