package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens to deleted sites when their time is over; here that is at once. */
class PurgeIT {
  private static ContentServer server;
  private static String owner;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of("portico.site.restorable", "0s"));
    owner = server.person("publishers");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer create(String name, String token) {
    return server.call("POST", "/v1/sites", token, "{\"name\":\"" + name + "\"}");
  }

  private static void delete(String name) {
    assertThat(server.call("DELETE", "/v1/sites/" + name, owner, null).status()).isEqualTo(204);
  }

  private static int snapshot(String name) {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + name + "/snapshot"),
            ContentServer.SECRET,
            null)
        .status();
  }

  @Test
  void anExpiredSiteIsGoneBeforeItIsPurged() {
    create("expired", owner);
    delete("expired");
    assertThat(server.call("GET", "/v1/sites/expired", owner, null).status()).isEqualTo(404);
    assertThat(server.call("POST", "/v1/sites/expired/restore", owner, null).status())
        .isEqualTo(404);
    assertThat(server.call("GET", "/v1/sites", owner, null).text()).doesNotContain("expired");
    assertThat(snapshot("expired")).isEqualTo(200);
  }

  @Test
  void thePurgeLeavesNothingAndTellsGateways() {
    create("purged", owner);
    server.call("PUT", "/v1/sites/purged/hosts/purged.example", owner, null);
    delete("purged");
    server.bean(SitePurge.class).purgeDue();
    Table table = server.bean(Table.class);
    assertThat(table.query(Query.of("SITE#purged")).items()).isEmpty();
    assertThat(table.query(Query.of("SITE#purged#AUDIT")).items()).isEmpty();
    assertThat(table.query(Query.of("HOST#purged.example")).items()).isEmpty();
    assertThat(table.query(Query.of("SITES").prefix("purged")).items()).isEmpty();
    assertThat(snapshot("purged")).isEqualTo(404);
  }

  /** What goes on by itself does, however long publishing is frozen. */
  @Test
  void theTimeOfADeletedSiteIsOverDuringAFreezeToo() {
    create("frozen", owner);
    delete("frozen");
    String admin = server.person("admins");
    server.call("PUT", "/v1/platform/freeze", admin, "{\"reason\":\"incident\"}");
    server.bean(SitePurge.class).purgeDue();
    server.call("DELETE", "/v1/platform/freeze", admin, null);
    assertThat(snapshot("frozen")).isEqualTo(404);
  }

  @Test
  void nobodyTakesANameThatIsBeingPurged() {
    create("contended", owner);
    delete("contended");
    Leases leases = server.bean(Leases.class);
    Lease lease = leases.acquire("site-purge/contended", Duration.ofMinutes(1)).orElseThrow();
    Answer early = create("contended", owner);
    assertThat(early.status()).as(early.text()).isEqualTo(503);
    assertThat(early.problem()).isEqualTo("purging");
    leases.release(lease);
    assertThat(create("contended", owner).status()).isEqualTo(201);
  }

  @Test
  void theNameIsFreeAgainAndVersionsGoOn() {
    create("reborn", owner);
    delete("reborn");
    String another = server.person("publishers");
    Answer again = create("reborn", another);
    assertThat(again.status()).as(again.text()).isEqualTo(201);
    assertThat(again.json().path("version").asLong()).isGreaterThan(2);
    assertThat(server.call("GET", "/v1/sites/reborn", owner, null).status()).isEqualTo(404);
    assertThat(server.call("GET", "/v1/sites/reborn/audit", another, null).json().path("items"))
        .hasSize(1);
  }
}
