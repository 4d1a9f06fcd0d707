package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was done to groups, as content-service asks for it on behalf of a site's owners. */
class GroupAuditIT {
  private static final String PATH = "/internal/audit/groups";
  private static final String TABLE = "portico-" + UUID.randomUUID();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pool POOL = Pool.create();
  private static final AwsProxy DYNAMO_DB = AwsProxy.ofDynamoDb();
  private static final RunningService SERVICE = start();
  private static final Records RECORDS = new Records(TABLE);
  private static final String ROOT = administrator();
  private static final String ROOT_TOKEN = SERVICE.signIn(ROOT, Pool.PASSWORD).field("accessToken");

  private static RunningService start() {
    TestEnvironment.shared().createTable(TABLE);
    return RunningService.start(
        POOL,
        client -> client.generateSecret(true),
        settings -> {
          settings.put("portico.dynamodb.table", TABLE);
          settings.put("portico.dynamodb.endpoint", DYNAMO_DB.endpoint());
        });
  }

  private static String administrator() {
    POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("admins"));
    String address = POOL.account();
    POOL.cognito()
        .adminAddUserToGroup(
            member -> member.userPoolId(POOL.id()).username(address).groupName("admins"));
    return address;
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
    DYNAMO_DB.close();
  }

  private static JsonNode golden(String name) throws IOException {
    return JSON.readTree(Files.readString(Path.of("../deploy/contracts").resolve(name)));
  }

  private static void done(String method, String path, String body) {
    Answer answer = SERVICE.call(method, path, body, ROOT_TOKEN);
    assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
  }

  /** A new group, made by the administrator. */
  private static String group() {
    String name = "group-" + UUID.randomUUID();
    done("POST", "/v1/auth/groups", "{\"name\":\"" + name + "\"}");
    return name;
  }

  private static void member(String method, String group, String address) {
    done(method, "/v1/auth/groups/" + group + "/members/" + address.replace("@", "%40"), "");
  }

  private static ObjectNode query(int limit, String... groups) {
    ObjectNode query = JSON.createObjectNode().put("site", "docs").put("limit", limit);
    var names = query.putArray("groups");
    List.of(groups).forEach(names::add);
    return query;
  }

  private static ObjectNode without(String field, ObjectNode query) {
    query.remove(field);
    return query;
  }

  private static JsonNode page(ObjectNode query) {
    Answer answer = SERVICE.internal(PATH, query.toString());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<JsonNode> all(int limit, String... groups) {
    var found = new ArrayList<JsonNode>();
    ObjectNode query = query(limit, groups);
    JsonNode page = page(query);
    page.get("items").forEach(found::add);
    while (page.has("next")) {
      page = page(query.put("cursor", page.get("next").asText()));
      assertThat(page.get("items").size()).isBetween(1, limit);
      page.get("items").forEach(found::add);
    }
    return found;
  }

  private static List<String> told(List<JsonNode> entries) {
    return entries.stream()
        .map(entry -> entry.get("action").asText() + ' ' + entry.at("/details/group").asText())
        .toList();
  }

  @Test
  void saysOfAGroupWhoWasPutInAndTakenOut() throws IOException {
    String address = POOL.account();
    String token = SERVICE.signIn(address, Pool.PASSWORD).field("accessToken");
    String sub = SERVICE.me(token).field("sub");
    String group = group();
    member("PUT", group, address);
    member("DELETE", group, address);
    member("PUT", group, address);
    done("DELETE", "/v1/auth/groups/" + group, "");

    List<JsonNode> entries = all(50, group);
    assertThat(entries)
        .extracting(entry -> entry.get("action").asText())
        .as("newest first, also of a group that is no more")
        .containsExactly(
            "group.remove",
            "group.delete",
            "group.add",
            "group.remove",
            "group.add",
            "group.create");
    JsonNode golden = golden("auth-group-audit.json").at("/items/0");
    JsonNode added = entries.get(2);
    assertThat(added.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> golden.fieldNames());
    assertThat(added.get("by").asText()).isEqualTo(SERVICE.me(ROOT_TOKEN).field("sub"));
    assertThat(added.get("account").asText()).isEqualTo(sub);
    assertThat(added.get("client").asText()).isNotBlank();
    assertThat(added.get("requestId").asText()).hasSize(32);
    assertThat(Instant.parse(added.get("at").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(entries.toString()).doesNotContain(address);
    assertThat(SERVICE.call("GET", "/v1/auth/audit?limit=1000", "", ROOT_TOKEN).text())
        .as("as administrators read it")
        .contains(added.toString());
  }

  @Test
  void putsSeveralGroupsInOneOrderAndShowsNoOthers() {
    String one = group();
    String two = group();
    String other = group();
    String address = POOL.account();
    for (String group : List.of(one, other, two, one)) {
      member("PUT", group, address);
      member("DELETE", group, address);
    }
    String[] expected = {
      "group.remove " + one, "group.add " + one,
      "group.remove " + two, "group.add " + two,
      "group.remove " + one, "group.add " + one,
      "group.create " + two, "group.create " + one
    };
    for (int limit : new int[] {1, 3, 7, 8, 1_000}) {
      List<JsonNode> entries = all(limit, two, "never-made", one);
      assertThat(told(entries)).as("by pages of %s", limit).containsExactly(expected);
    }
    assertThat(page(query(8, one, two)).has("next")).as("that was all").isFalse();
    assertThat(page(query(10, "never-made")).get("items")).isEmpty();
    // Names may have what separates the parts of a key.
    assertThat(page(query(10, one + "#AUDIT", "#" + one)).get("items")).isEmpty();
  }

  @Test
  void whatHasExpiredIsNotShown() {
    String group = group();
    member("PUT", group, POOL.account());
    String partition = "AUTH#GROUP#" + group + "#AUDIT";
    List<String> places = RECORDS.sortKeys(partition);
    assertThat(places).hasSize(2);
    RECORDS.set(
        partition, places.getFirst(), "expiresAt", Instant.now().minusSeconds(1).getEpochSecond());
    assertThat(told(all(1, group))).containsExactly("group.add " + group);
  }

  @Test
  void takesTheGoldenQueryAndRefusesWhatItCannotRead() throws IOException {
    ObjectNode golden = (ObjectNode) golden("auth-group-audit-query.json");
    JsonNode answer = page(golden);
    assertThat(answer.get("items")).isEmpty();

    var tooMany =
        query(10, IntStream.rangeClosed(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
    var anothersCursor = golden.deepCopy().put("site", "other");
    for (ObjectNode bad :
        List.of(
            query(0, "staff"),
            query(1_001, "staff"),
            query(10),
            query(10, ""),
            query(10, "x".repeat(257)),
            tooMany,
            anothersCursor,
            query(10, "staff").put("cursor", "x"),
            query(10, "staff").put("cursor", "Z3JvdXBzOmRvY3MAbm93aGVyZQ"), // a place that is none
            query(10, "staff").put("site", "Docs"),
            without("groups", query(10, "staff")))) {
      Answer refused = SERVICE.internal(PATH, bad.toString());
      assertThat(refused.status()).as(bad.toString()).isEqualTo(400);
    }
  }

  @Test
  void isForCallersOfTheInternalPortAlone() {
    String query = query(10, "staff").toString();
    assertThat(SERVICE.internal().post(PATH, query).status()).isEqualTo(401);
    assertThat(
            SERVICE.internal().post(PATH, query, "Authorization", "Bearer " + ROOT_TOKEN).status())
        .isEqualTo(401);
    assertThat(SERVICE.api().post(PATH, query, "Authorization", "Bearer " + Pool.SECRET).status())
        .isEqualTo(404);
  }

  @Test
  void withoutTheTableItIsNotKnown() {
    DYNAMO_DB.fail("Query");
    try {
      Answer answer = SERVICE.internal(PATH, query(10, "staff").toString());
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.problem()).isEqualTo("unavailable");
    } finally {
      DYNAMO_DB.heal();
    }
  }
}
