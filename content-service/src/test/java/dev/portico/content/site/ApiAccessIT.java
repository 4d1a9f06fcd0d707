package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may have the API mounted at a site. */
class ApiAccessIT {
  private static final String PATH = "/v1/sites/docs/settings";
  private static final String MOUNTED = "{\"api\":{\"mounted\":true}}";

  private ContentServer server;
  private String owner;
  private String admin;

  @BeforeEach
  void start() {
    server = ContentServer.start(Map.of());
    owner = server.person("publishers");
    admin = server.person("admins");
    assertThat(server.call("POST", "/v1/sites", owner, "{\"name\":\"docs\"}").status())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer put(String person, String json) {
    return server.call("PUT", PATH, person, json, "If-Match", "*");
  }

  private boolean mounted() {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/docs/snapshot"),
            ContentServer.SECRET,
            null)
        .json()
        .at("/settings/api/mounted")
        .asBoolean();
  }

  /** Else pages of theirs would act on account of an admin who looks at them. */
  @Test
  void anOwnerCannotSwitchItOn() {
    Answer refused = put(owner, MOUNTED);
    assertThat(refused.status()).as(refused.text()).isEqualTo(403);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("api.mounted");
    assertThat(mounted()).isFalse();
    assertThat(put(owner, "{\"api\":{\"corsOrigins\":[\"https://a.example\"]}}").status())
        .isEqualTo(200);
  }

  @Test
  void anAdminCanAndAnOwnerKeepsItOrSwitchesItOff() {
    Answer put = put(admin, MOUNTED);
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    String version = put.header("ETag").replace("\"", "");
    assertThat(mounted()).isTrue();
    Answer audit = server.call("GET", "/v1/sites/docs/audit?limit=1", admin, null);
    assertThat(audit.json().at("/items/0/details/apiMounted").asText()).isEqualTo("true");
    assertThat(put(owner, "{\"immutableAssets\":false,\"api\":{\"mounted\":true}}").status())
        .isEqualTo(200);
    assertThat(put(owner, "{}").status()).isEqualTo(200);
    assertThat(mounted()).isFalse();
    String restore = PATH + "/versions/" + version + "/restore";
    assertThat(server.call("POST", restore, owner, null).status()).isEqualTo(403);
    assertThat(mounted()).isFalse();
    assertThat(server.call("POST", restore, admin, null).status()).isEqualTo(200);
    assertThat(mounted()).isTrue();
  }
}
