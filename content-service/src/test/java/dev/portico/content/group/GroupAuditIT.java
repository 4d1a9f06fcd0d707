package dev.portico.content.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.content.fixture.AuthServer;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was done to the groups that a site's access policies name, as its owners read it. */
class GroupAuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static AuthServer auth;
  private static ContentServer server;
  private static String owner;

  private String site;
  private String editors;
  private String staff;

  @BeforeAll
  static void start() {
    auth = new AuthServer();
    server = ContentServer.start(auth.settings());
    owner = server.person("publishers");
    await().until(() -> server.call("GET", "/v1/sites", owner, null).status() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
    auth.close();
  }

  @BeforeEach
  void createSite() {
    site = newSite(owner);
    editors = "editors-" + site;
    staff = "staff-" + site;
  }

  @AfterEach
  void heal() {
    auth.away(false);
    auth.auditStatus(200);
  }

  private static String newSite(String token) {
    String name = "s" + UUID.randomUUID().toString().substring(0, 8);
    Answer made = server.call("POST", "/v1/sites", token, "{\"name\":\"" + name + "\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return name;
  }

  private static void member(String site, String sub, String role) {
    Answer put =
        server.call(
            "PUT", "/v1/sites/" + site + "/members/" + sub, owner, "{\"role\":\"" + role + "\"}");
    assertThat(put.status()).as(put.text()).isEqualTo(201);
  }

  private static void letIn(String site, String... groups) {
    String settings =
        """
        {"accessPolicies": [{"id": "team", "groups": {"any": %s}}],
         "defaultBehaviour": {"accessPolicy": "team"}}
        """
            .formatted(JSON.valueToTree(groups));
    Answer put =
        server.call("PUT", "/v1/sites/" + site + "/settings", owner, settings, "If-Match", "*");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
  }

  /** Has auth-service write down what was done to a group, like what the contract shows. */
  private static void done(String action, String group) {
    ObjectNode entry;
    try {
      entry =
          (ObjectNode)
              JSON.readTree(Files.readString(Path.of("../deploy/contracts/auth-group-audit.json")))
                  .at("/items/0");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    entry.put("action", action).putObject("details").put("group", group);
    auth.audit(entry);
  }

  private static Answer ask(String token, String site, String query) {
    return server.call("GET", "/v1/sites/" + site + "/audit/groups" + query, token, null);
  }

  private static JsonNode page(String site, String query) {
    Answer answer = ask(owner, site, query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> told(JsonNode page) {
    var told = new ArrayList<String>();
    page.get("items")
        .forEach(
            entry ->
                told.add(entry.get("action").asText() + ' ' + entry.at("/details/group").asText()));
    return told;
  }

  @Test
  void anOwnerIsToldOfTheGroupsThatTheSiteNamesAndOfNoOthers() {
    letIn(site, editors, staff);
    done("group.create", editors);
    done("group.add", editors);
    done("group.add", "others-" + site);
    done("group.remove", staff);
    JsonNode page = page(site, "");
    assertThat(told(page))
        .as("newest first")
        .containsExactly(
            "group.remove " + staff, "group.add " + editors, "group.create " + editors);
    assertThat(page.path("next").isNull()).isTrue();
    JsonNode entry = page.at("/items/0");
    assertThat(entry.fieldNames())
        .toIterable()
        .containsExactly("at", "by", "action", "account", "client", "details", "requestId");
    assertThat(entry.get("at").asText()).isEqualTo("2026-03-01T11:59:00.250Z");
    assertThat(entry.get("client").asText()).isEqualTo("203.0.113.9");
    assertThat(entry.get("account").asText()).isEqualTo("0b1e5a52-3f7d-4c7e-8a11-6f6a2d9d3c55");
    JsonNode query = auth.auditQueries().getLast();
    assertThat(query.get("groups").toString()).isEqualTo("[\"" + editors + "\",\"" + staff + "\"]");

    letIn(site, staff);
    assertThat(told(page(site, "")))
        .as("by the present rules")
        .containsOnly("group.remove " + staff);
  }

  @Test
  void itIsReadInPages() {
    letIn(site, editors, staff);
    for (int i = 0; i < 5; i++) {
      done("group.add", i % 2 == 0 ? editors : staff);
    }
    var read = new ArrayList<String>();
    JsonNode page = page(site, "?limit=2");
    while (!page.get("next").isNull()) {
      assertThat(page.get("items")).hasSize(2);
      read.addAll(told(page));
      page = page(site, "?limit=2&cursor=" + page.get("next").asText());
    }
    read.addAll(told(page));
    assertThat(read)
        .containsExactly(
            "group.add " + editors,
            "group.add " + staff,
            "group.add " + editors,
            "group.add " + staff,
            "group.add " + editors);
  }

  @Test
  void oneOfTheGroupsCanBeAskedFor() {
    letIn(site, editors, staff);
    done("group.add", editors);
    done("group.add", staff);
    done("group.add", "others-" + site);
    assertThat(told(page(site, "?group=" + staff))).containsExactly("group.add " + staff);
    int asked = auth.auditQueries().size();
    Answer there = ask(owner, site, "?group=others-" + site);
    Answer never = ask(owner, site, "?group=never-made-" + site);
    assertThat(there.status()).isEqualTo(400);
    assertThat(there.problem()).isEqualTo("validation");
    assertThat(there.json().path("errors"))
        .as("nothing tells whether there is such a group")
        .isEqualTo(never.json().path("errors"));
    assertThat(auth.auditQueries()).hasSize(asked);
  }

  @Test
  void itIsForOwnersAndAdministratorsAlone() {
    letIn(site, staff);
    done("group.add", staff);
    Map<String, Integer> answers =
        Map.of("publisher", 403, "viewer", 403, "owner", 200, "none", 404);
    answers.forEach(
        (role, status) -> {
          String sub = UUID.randomUUID().toString();
          if (!role.equals("none")) {
            member(site, sub, role);
          }
          Answer answer = ask(server.pool().accessToken(sub, "publishers", staff), site, "");
          assertThat(answer.status()).as(role).isEqualTo(status);
          if (status != 200) {
            assertThat(answer.text()).doesNotContain("group.add");
          }
        });
    String deployToken =
        server
            .call("POST", "/v1/sites/" + site + "/tokens", owner, "{\"title\":\"CI\"}")
            .json()
            .path("token")
            .asText();
    assertThat(ask(deployToken, site, "").status()).isEqualTo(403);
    assertThat(server.call("GET", "/v1/sites/" + site + "/audit/groups", null, null).status())
        .isEqualTo(401);
    assertThat(ask(server.person("admins"), site, "").status()).isEqualTo(200);
    assertThat(ask(owner, "no-such-site", "").status()).isEqualTo(404);
  }

  @Test
  void theLiveDeploymentsFileNamesGroupsToo() throws Exception {
    letIn(site, staff);
    done("group.add", staff);
    done("group.add", editors);
    String policy = "accessPolicies: [{id: team, groups: {all: [" + editors + "]}}]\n";
    publish(policy, false);
    assertThat(told(page(site, ""))).containsExactly("group.add " + staff);
    publish(policy, true);
    assertThat(told(page(site, "")))
        .as("the site's own rules hold for other deployments")
        .containsExactly("group.add " + editors, "group.add " + staff);
  }

  private void publish(String yaml, boolean activate) throws IOException, InterruptedException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String file : List.of("index.html", "portico.yml")) {
        zip.putNextEntry(new ZipEntry(file));
        zip.write((file.equals("portico.yml") ? yaml : site).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      var sealed =
          client.send(
              HttpRequest.newBuilder(
                      server.api("/v1/sites/" + site + "/deployments?activate=" + activate))
                  .header("Authorization", "Bearer " + owner)
                  .header("Content-Type", "application/zip")
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(sealed.statusCode()).as(sealed.body()).isBetween(200, 201);
    }
  }

  @Test
  void aSiteThatNamesNoGroupsHasNothingToAskFor() {
    auth.away(true);
    JsonNode page = page(site, "");
    assertThat(page.get("items")).isEmpty();
    assertThat(page.get("next").isNull()).isTrue();
  }

  @Test
  void moreGroupsThanAreListedTogetherAreAskedForOneByOne() {
    List<String> groups = IntStream.range(0, 101).mapToObj(i -> editors + i).toList();
    String policies =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    "{\"id\": \"p%d\", \"groups\": {\"any\": %s}}"
                        .formatted(
                            i,
                            JSON.valueToTree(groups.subList(i * 50, Math.min(101, (i + 1) * 50)))))
            .collect(Collectors.joining(","));
    String behaviours =
        IntStream.range(0, 3)
            .mapToObj("{\"pattern\": \"/%1$d/*\", \"accessPolicy\": \"p%1$d\"}"::formatted)
            .collect(Collectors.joining(","));
    String settings =
        "{\"accessPolicies\": [" + policies + "], \"behaviours\": [" + behaviours + "]}";
    assertThat(
            server
                .call("PUT", "/v1/sites/" + site + "/settings", owner, settings, "If-Match", "*")
                .status())
        .isEqualTo(200);
    done("group.add", groups.getLast());
    Answer together = ask(owner, site, "");
    assertThat(together.status()).isEqualTo(400);
    assertThat(together.json().at("/errors/0/field").asText()).isEqualTo("group");
    assertThat(told(page(site, "?group=" + groups.getLast()))).hasSize(1);
  }

  @Test
  void refusesWhatItCannotRead() {
    letIn(site, staff);
    done("group.add", staff);
    done("group.remove", staff);
    String cursor = page(site, "?limit=1").get("next").asText();
    String other = newSite(owner);
    letIn(other, staff);
    Answer foreign = ask(owner, other, "?cursor=" + cursor);
    assertThat(foreign.status()).isEqualTo(400);
    assertThat(foreign.problem()).isEqualTo("invalid-cursor");
    assertThat(ask(owner, site, "?limit=0").status()).isEqualTo(400);
    assertThat(ask(owner, site, "?limit=1001").status()).isEqualTo(400);
  }

  @Test
  void withoutAuthServiceItIsNotKnown() {
    letIn(site, staff);
    done("group.add", staff);
    auth.away(true);
    unavailable();
    auth.away(false);
    for (int status : new int[] {401, 404, 500, 503, 400}) {
      auth.auditStatus(status);
      unavailable();
    }
    auth.auditStatus(200);
    assertThat(told(page(site, ""))).hasSize(1);
    try (ContentServer alone = server.copy(Map.of())) {
      Answer answer = alone.call("GET", "/v1/sites/" + site + "/audit/groups", owner, null);
      assertThat(answer.status()).isEqualTo(503);
    }
  }

  private void unavailable() {
    Answer answer = ask(owner, site, "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(503);
    assertThat(answer.problem()).isEqualTo("unavailable");
    assertThat(answer.json().path("detail").asText()).contains("auth-service");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }
}
