package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembersIT {
  private static ContentServer server;
  private static String owner;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    owner = server.pool().accessToken("the-owner", "publishers");
    site("team");
    member("team", "a-publisher", "publisher");
    member("team", "a-viewer", "viewer");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void site(String name) {
    String body = "{\"name\":\"" + name + "\"}";
    assertThat(server.call("POST", "/v1/sites", owner, body).status()).isEqualTo(201);
  }

  private static Answer member(String site, String sub, String role) {
    return server.call(
        "PUT", "/v1/sites/" + site + "/members/" + sub, owner, "{\"role\":\"" + role + "\"}");
  }

  private static Answer token(String site, String body) {
    return server.call("POST", "/v1/sites/" + site + "/tokens", owner, body);
  }

  @ParameterizedTest
  @CsvSource({
    "a-publisher, GET, /v1/sites/team, 200",
    "a-viewer, GET, /v1/sites/team, 200",
    "a-stranger, GET, /v1/sites/team, 404",
    "a-publisher, GET, /v1/sites/team/members, 200",
    "a-viewer, GET, /v1/sites/team/hosts, 200",
    "a-publisher, GET, /v1/sites/team/tokens, 403",
    "a-viewer, GET, /v1/sites/team/tokens, 403",
    "a-stranger, GET, /v1/sites/team/tokens, 404",
    "a-publisher, GET, /v1/sites/team/audit, 403",
    "the-owner, GET, /v1/sites/team/audit, 200",
    "a-publisher, DELETE, /v1/sites/team, 403",
    "a-stranger, DELETE, /v1/sites/team, 404",
    "a-viewer, DELETE, /v1/sites/team/members/a-publisher, 403",
    "a-publisher, PUT, /v1/sites/team/hosts/www.example.org, 403",
    "a-viewer, POST, /v1/sites/team/restore, 403",
  })
  void everyCallAsksForTheRole(String sub, String method, String path, int status) {
    Answer answer = server.call(method, path, server.pool().accessToken(sub), null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
  }

  @Test
  void listsMembers() {
    JsonNode page = server.call("GET", "/v1/sites/team/members?limit=2", owner, null).json();
    assertThat(page.at("/items/0/sub").asText()).isEqualTo("a-publisher");
    assertThat(page.at("/items/0/role").asText()).isEqualTo("publisher");
    assertThat(page.path("next").asText()).isNotEmpty();
  }

  @Test
  void theLastOwnerStays() {
    site("lonely");
    assertThat(server.call("DELETE", "/v1/sites/lonely/members/the-owner", owner, null).problem())
        .isEqualTo("last-owner");
    assertThat(member("lonely", "the-owner", "viewer").problem()).isEqualTo("last-owner");
    assertThat(member("lonely", "second", "owner").status()).isEqualTo(201);
    assertThat(member("lonely", "second", "owner").status()).isEqualTo(204);
    assertThat(server.call("DELETE", "/v1/sites/lonely/members/the-owner", owner, null).status())
        .isEqualTo(204);
    assertThat(server.call("GET", "/v1/sites/lonely", owner, null).status()).isEqualTo(404);
  }

  @Test
  void ownersWhoLeaveAtOnceLeaveOneBehind() {
    site("leaving");
    var leaving = new ArrayList<Future<Answer>>();
    for (int i = 0; i < 7; i++) {
      member("leaving", "owner-" + i, "owner");
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 7; i++) {
        String sub = "owner-" + i;
        String path = "/v1/sites/leaving/members/" + sub;
        String self = server.pool().accessToken(sub);
        leaving.add(executor.submit(() -> server.call("DELETE", path, self, null)));
      }
      leaving.add(
          executor.submit(
              () -> server.call("DELETE", "/v1/sites/leaving/members/the-owner", owner, null)));
    }
    assertThat(leaving.stream().map(Future::resultNow).map(Answer::status))
        .containsOnly(204, 409)
        .containsOnlyOnce(409);
  }

  @Test
  void refusesUnknownRoles() {
    Answer answer = member("team", "x", "king");
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @Test
  void aDeployTokenDoesWhatItSaysUntilRevoked() {
    site("ci-site");
    Answer created = token("ci-site", "{\"title\":\"CI\",\"actions\":[\"read\"]}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String secret = created.json().path("token").asText();
    String id = created.json().path("id").asText();
    assertThat(secret).startsWith("pdt_ci-site_" + id + "_");
    assertThat(server.call("GET", "/v1/sites/ci-site", secret, null).status()).isEqualTo(200);
    assertThat(server.call("GET", "/v1/sites/team", secret, null).status()).isEqualTo(404);
    assertThat(server.call("DELETE", "/v1/sites/ci-site", secret, null).status()).isEqualTo(403);
    assertThat(server.call("GET", "/v1/sites/ci-site/tokens", secret, null).status())
        .isEqualTo(403);
    assertThat(server.call("POST", "/v1/sites", secret, "{\"name\":\"by-token\"}").status())
        .isEqualTo(403);
    Answer own = server.call("GET", "/v1/sites", secret, null);
    assertThat(own.json().at("/items/0/name").asText()).isEqualTo("ci-site");
    JsonNode listed =
        server.call("GET", "/v1/sites/ci-site/tokens", owner, null).json().at("/items/0");
    assertThat(listed.path("id").asText()).isEqualTo(id);
    assertThat(listed.has("token")).isFalse();
    assertThat(listed.path("lastUsedAt").asText()).isNotEmpty();
    assertThat(server.call("DELETE", "/v1/sites/ci-site/tokens/" + id, owner, null).status())
        .isEqualTo(204);
    Answer revoked = server.call("GET", "/v1/sites/ci-site", secret, null);
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.header("WWW-Authenticate")).contains("revoked");
    assertThat(server.call("DELETE", "/v1/sites/ci-site/tokens/" + id, owner, null).status())
        .isEqualTo(404);
  }

  @Test
  void answersToTokensAreKeptOutOfCaches() {
    for (Answer answer :
        List.of(
            token("team", "{\"title\":\"uncached\"}"),
            server.call("GET", "/v1/sites", owner, null),
            server.call("GET", "/v1/sites/team/tokens", owner, null))) {
      assertThat(answer.status()).as(answer.text()).isIn(200, 201);
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }
    assertThat(server.call("GET", "/v1/openapi.yml", null, null).header("Cache-Control")).isEmpty();
  }

  @Test
  void aTokenThatMayNotReadIsNotShownItsSite() {
    site("unread");
    String secret =
        token("unread", "{\"title\":\"t\",\"actions\":[\"publish\"]}")
            .json()
            .path("token")
            .asText();
    assertThat(server.call("GET", "/v1/sites", secret, null).json().path("items")).isEmpty();
  }

  @Test
  void aTokenRevokedDuringARequestIsRefusedAtTheNextCheck() {
    site("long");
    String id = token("long", "{\"title\":\"t\"}").json().path("id").asText();
    Caller caller =
        new Caller.DeployToken(id, "long", Set.of(Action.PUBLISH), "request", "192.0.2.1");
    SiteAccess access = server.bean(SiteAccess.class);
    access.require(caller, "long", Action.PUBLISH);
    server.call("DELETE", "/v1/sites/long/tokens/" + id, owner, null);
    assertThatThrownBy(() -> access.require(caller, "long", Action.PUBLISH))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("revoked");
  }

  @Test
  void aForgedDeployTokenIsRefused() {
    String secret = token("team", "{\"title\":\"forged\"}").json().path("token").asText();
    String forged = secret.substring(0, secret.length() - 3) + "AAA";
    assertThat(server.call("GET", "/v1/sites/team", forged, null).status()).isEqualTo(401);
    assertThat(server.call("GET", "/v1/sites/team", "pdt_team_x_y", null).status()).isEqualTo(401);
    String other = secret.replace("pdt_team_", "pdt_other_");
    assertThat(server.call("GET", "/v1/sites/team", other, null).status()).isEqualTo(401);
  }

  @Test
  void boundsALifetime() {
    Instant now = Instant.now();
    String body = "{\"title\":\"t\",\"expiresAt\":\"%s\"}";
    assertThat(token("team", body.formatted(now.minusSeconds(1))).status()).isEqualTo(400);
    assertThat(token("team", body.formatted(now.plus(400, ChronoUnit.DAYS))).status())
        .isEqualTo(400);
    Answer usual = token("team", "{\"title\":\"t\"}");
    Instant expires = Instant.parse(usual.json().path("expiresAt").asText());
    assertThat(expires).isBetween(now.plus(89, ChronoUnit.DAYS), now.plus(91, ChronoUnit.DAYS));
    assertThat(token("team", "{\"title\":\"\"}").status()).isEqualTo(400);
    assertThat(token("team", "{\"title\":\"t\",\"actions\":[\"manage\"]}").status()).isEqualTo(400);
  }

  @Test
  void everyChangeIsInTheAuditLog() {
    site("audited");
    member("audited", "newcomer", "viewer");
    String request = "audit-request-1";
    server.call(
        "PATCH",
        "/v1/sites/audited",
        owner,
        "{\"title\":\"T\"}",
        "If-Match",
        "*",
        "X-Request-Id",
        request);
    JsonNode page = server.call("GET", "/v1/sites/audited/audit?limit=2", owner, null).json();
    assertThat(page.at("/items/0/action").asText()).isEqualTo("site.update");
    assertThat(page.at("/items/0/requestId").asText()).isEqualTo(request);
    assertThat(page.at("/items/0/by").asText()).isEqualTo("the-owner");
    assertThat(page.at("/items/1/action").asText()).isEqualTo("member.put");
    assertThat(page.at("/items/1/details/sub").asText()).isEqualTo("newcomer");
    String next = page.path("next").asText();
    JsonNode rest =
        server.call("GET", "/v1/sites/audited/audit?cursor=" + next, owner, null).json();
    assertThat(rest.at("/items/0/action").asText()).isEqualTo("site.create");
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void theAuditLogSaysFromWhere() {
    site("located");
    String token =
        token("located", "{\"title\":\"CI\",\"actions\":[\"invalidate\"]}")
            .json()
            .path("token")
            .asText();
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("203.0.113.9", "203.0.113.9");
    // What a viewer has written before the gateway's own entry changes nothing.
    addresses.put("192.0.2.7, 203.0.113.10", "203.0.113.10");
    addresses.put("2001:db8::1", "2001:db8:0:0:0:0:0:1");
    addresses.put("somewhere", "127.0.0.1");
    addresses.forEach(
        (forwarded, address) -> {
          assertThat(retitled("located", owner, "X-Forwarded-For", forwarded)).isEqualTo(200);
          assertThat(lastEntry("located").path("address").asText()).isEqualTo(address);
        });
    assertThat(retitled("located", owner)).isEqualTo(200);
    assertThat(lastEntry("located").path("address").asText())
        .as("who is connected")
        .isEqualTo("127.0.0.1");
    Answer made =
        server.call(
            "POST",
            "/v1/sites/located/invalidations",
            token,
            "{\"callerReference\":\"r\",\"paths\":[\"/a\"]}",
            "X-Forwarded-For",
            "203.0.113.11");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(lastEntry("located").path("by").asText()).startsWith("token:");
    assertThat(lastEntry("located").path("address").asText()).isEqualTo("203.0.113.11");
  }

  private static int retitled(String site, String token, String... headers) {
    List<String> all = new ArrayList<>(List.of("If-Match", "*"));
    all.addAll(List.of(headers));
    return server
        .call("PATCH", "/v1/sites/" + site, token, "{\"title\":\"T\"}", all.toArray(String[]::new))
        .status();
  }

  private static JsonNode lastEntry(String site) {
    return server
        .call("GET", "/v1/sites/" + site + "/audit?limit=1", owner, null)
        .json()
        .at("/items/0");
  }

  @Test
  void anEntryFromBeforeHasNoAddress() {
    site("older");
    server
        .bean(Table.class)
        .write(
            Write.create(
                Item.at(AuditLog.partition("older"), "9999-01-01T00:00:00.000Z#000000000000")
                    .with("at", Instant.now())
                    .with("by", "the-owner")
                    .with("action", "site.update")
                    .withMap("details", Map.of())
                    .with("requestId", "an-older-request")));
    JsonNode entry = lastEntry("older");
    assertThat(entry.path("requestId").asText()).isEqualTo("an-older-request");
    assertThat(entry.path("address").isNull()).isTrue();
  }
}
