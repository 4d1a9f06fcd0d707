package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.standins.aws.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The audit log: what is written to it, and how administrators read it. */
class AuditIT {
  private static final String AUDIT = "/v1/auth/audit";
  private static final String TABLE = "portico-" + UUID.randomUUID();
  private static final Pool POOL = Pool.create();
  private static final AwsProxy DYNAMO_DB = AwsProxy.ofDynamoDb();
  private static final RunningService SERVICE = start();
  private static final Records RECORDS = new Records(TABLE);
  private static final String ROOT = administrator();
  private static final String ROOT_TOKEN = token(ROOT);

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
    POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("editors"));
    String address = POOL.account();
    POOL.cognito()
        .adminAddUserToGroup(
            member -> member.userPoolId(POOL.id()).username(address).groupName("admins"));
    return address;
  }

  private static String token(String address) {
    return SERVICE.signIn(address, Pool.PASSWORD).field("accessToken");
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
    DYNAMO_DB.close();
  }

  private static Answer as(String token, String method, String path, String body) {
    return SERVICE.call(method, path, body, token);
  }

  private static JsonNode page(String query) {
    Answer answer = as(ROOT_TOKEN, "GET", AUDIT + query, "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<JsonNode> all(String query) {
    var found = new ArrayList<JsonNode>();
    JsonNode page = page(query);
    page.get("items").forEach(found::add);
    while (page.has("next")) {
      page = page(query + "&cursor=" + page.get("next").asText());
      page.get("items").forEach(found::add);
    }
    return found;
  }

  private static List<String> actions(String query) {
    return all(query).stream().map(entry -> entry.get("action").asText()).toList();
  }

  private static String path(String address, String what) {
    return "/v1/auth/users/" + address.replace("@", "%40") + what;
  }

  private static void done(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
  }

  @Test
  void saysAtWhichSiteASessionBeganAndEnded() {
    String address = POOL.account();
    SiteVisit docs = new SiteVisit(SERVICE, "docs");
    var begun = SiteVisit.signIn(SERVICE, address);
    docs.end(docs.session(begun.cookie()), false);
    docs.redeem("no-code-at-all-but-long-enough-to-be-one-0");
    String sub = begun.signIn().subject();
    assertThat(all("?account=" + sub))
        .filteredOn(entry -> !entry.get("action").asText().equals("sign-in"))
        .extracting(
            entry -> entry.get("action").asText() + " " + entry.at("/details/site").asText())
        .containsExactly("sign-out docs", "session.begin docs");
    assertThat(all("?limit=1000"))
        .filteredOn(entry -> entry.get("action").asText().equals("session.refused"))
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(entry.at("/details/site").asText()).isEqualTo("docs"));
  }

  @Test
  void saysOfAnAccountWhatItDidAndWhatWasDoneToIt() {
    String address = POOL.account();
    String token = token(address);
    String sub = SERVICE.me(token).field("sub");
    String root = SERVICE.me(ROOT_TOKEN).field("sub");
    done(
        as(
            token,
            "POST",
            "/v1/auth/change-password",
            """
            {"currentPassword": "%s", "newPassword": "Battery-Staple-8"}
            """
                .formatted(Pool.PASSWORD)));
    String member = "/v1/auth/groups/editors/members/" + address.replace("@", "%40");
    done(as(ROOT_TOKEN, "PUT", member, ""));
    done(as(ROOT_TOKEN, "POST", path(address, "/disable"), ""));
    done(as(ROOT_TOKEN, "POST", path(address, "/enable"), ""));
    done(as(ROOT_TOKEN, "DELETE", member, ""));
    done(as(ROOT_TOKEN, "DELETE", path(address, ""), ""));

    List<JsonNode> entries = all("?limit=1000&account=" + sub);
    assertThat(entries)
        .extracting(entry -> entry.get("action").asText())
        .as("newest first, also of an account that is no more")
        .containsExactly(
            "user.delete",
            "group.remove",
            "user.enable",
            "user.disable",
            "group.add",
            "me.change-password",
            "sign-in");
    assertThat(entries)
        .allSatisfy(entry -> assertThat(entry.get("account").asText()).isEqualTo(sub));
    JsonNode added = entries.get(4);
    assertThat(added.fieldNames())
        .toIterable()
        .containsExactly("at", "by", "action", "account", "client", "details", "requestId");
    assertThat(added.get("by").asText()).isEqualTo(root);
    assertThat(added.at("/details/group").asText()).isEqualTo("editors");
    assertThat(added.get("client").asText()).isNotBlank();
    assertThat(added.get("requestId").asText()).hasSize(32);
    assertThat(Instant.parse(added.get("at").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(entries.getLast().get("by").asText()).isEqualTo(sub);

    assertThat(actions("?limit=1000&account=" + root))
        .as("what an administrator did is theirs, too")
        .startsWith("user.delete", "group.remove", "user.enable", "user.disable", "group.add");
    assertThat(all("?limit=1000").toString())
        .contains(entries.getFirst().toString())
        .doesNotContain(address, Pool.PASSWORD, token);
  }

  @Test
  void saysWhichAttributesWereChangedAndNotToWhat() {
    String token = token(POOL.account());
    String sub = SERVICE.me(token).field("sub");
    String me = "/v1/auth/me";
    done(
        as(token, "PATCH", me, "{\"attributes\":{\"nickname\":\"Anna-Livia\",\"locale\":\"de\"}}"));
    assertThat(as(token, "PATCH", me, "{\"attributes\":{\"email\":\"a@example.com\"}}").status())
        .isEqualTo(400);
    assertThat(as(token, "PATCH", me, "{\"attributes\":{\"shoe_size\":\"43\"}}").status())
        .isEqualTo(400);

    List<JsonNode> entries = all("?account=" + sub);
    assertThat(entries)
        .extracting(entry -> entry.get("action").asText())
        .as("what was refused is none")
        .containsExactly("me.change-attributes", "sign-in");
    assertThat(entries.getFirst().at("/details/attributes").asText()).isEqualTo("locale,nickname");
    assertThat(entries.getFirst().get("by").asText()).isEqualTo(sub);
    assertThat(entries.toString()).doesNotContain("Anna-Livia");
  }

  @Test
  void saysWhoSignedUpAndWhoWasRefused() {
    String address = Pool.freshAddress();
    String signUp = "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(address, Pool.PASSWORD);
    done(SERVICE.api().post("/v1/auth/sign-up", signUp));
    done(SERVICE.api().post("/v1/auth/sign-up", signUp));
    SERVICE.signIn(address, "Wrong-Password-1");
    List<JsonNode> newest = new ArrayList<>();
    page("?limit=3").get("items").forEach(newest::add);
    assertThat(newest)
        .extracting(entry -> entry.get("action").asText())
        .containsExactly("sign-in.refused", "sign-up.refused", "sign-up");
    assertThat(newest.get(0).has("by")).isFalse();
    assertThat(newest.get(0).has("account")).isFalse();
    assertThat(newest.get(2).get("account").asText()).hasSize(36);
    assertThat(newest.toString()).doesNotContain(address);
  }

  @Test
  void asMuchIsStoredOfASignUpWhetherThereIsAnAccountOrNot() {
    String signUp =
        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(Pool.freshAddress(), Pool.PASSWORD);
    for (String request : List.of("sign-up-of-a-new-one", "sign-up-of-an-old-one")) {
      done(SERVICE.api().post("/v1/auth/sign-up", signUp, "X-Request-Id", request));
      assertThat(RECORDS.text().split(request, -1)).as(request).hasSize(1 + 2);
    }
  }

  @Test
  void saysThatAPasswordWasSetAtTheSignIn() {
    String invited = POOL.invited("Temporary-Word-1");
    Answer challenge = SERVICE.signIn(invited, "Temporary-Word-1");
    done(
        SERVICE
            .api()
            .post(
                "/v1/auth/challenge",
                """
                {"username": "%s", "challenge": "NEW_PASSWORD_REQUIRED", "session": "%s",
                 "responses": {"newPassword": "%s"}}
                """
                    .formatted(
                        challenge.json().at("/parameters/username").asText(),
                        challenge.field("session"),
                        Pool.PASSWORD)));
    String sub = SERVICE.me(token(invited)).field("sub");
    assertThat(actions("?account=" + sub))
        .containsExactly("sign-in", "sign-in", "me.change-password");
  }

  @Test
  void isReadInPagesOverMonthsUntilItExpires() {
    String address = POOL.account();
    String sub = SERVICE.me(token(address)).field("sub");
    for (int i = 0; i < 5; i++) {
      done(as(ROOT_TOKEN, "POST", path(address, "/enable"), ""));
    }
    var present = YearMonth.now(ZoneOffset.UTC);
    String partition = "AUTH#AUDIT#" + present;
    List<String> places =
        RECORDS.sortKeys("AUTH#USER#" + sub + "#AUDIT"); // the sign-in, and then the orders
    assertThat(places).hasSize(6);
    // As if three of them had been made so many months ago, one of them too long ago.
    String lastMonth = moved(partition, places.get(3), present.minusMonths(1));
    String lastYear = moved(partition, places.get(4), present.minusMonths(12));
    String tooOld = moved(partition, places.get(5), present.minusMonths(13));
    RECORDS.set(
        "AUTH#AUDIT#" + present.minusMonths(13),
        tooOld,
        "expiresAt",
        Instant.now().minusSeconds(1).getEpochSecond());
    for (int limit : new int[] {1, 2, 1_000}) {
      List<JsonNode> entries = all("?limit=" + limit);
      assertThat(entries.subList(entries.size() - 2, entries.size()))
          .as("the oldest by pages of %s", limit)
          .extracting(entry -> entry.get("requestId").asText())
          .containsExactly(requestId(lastMonth, 1), requestId(lastYear, 12));
      assertThat(entries).doesNotHaveDuplicates();
    }
    var ofAccount = all("?limit=2&account=" + sub);
    assertThat(ofAccount).hasSize(6).doesNotHaveDuplicates();
    assertThat(
            Duration.ofSeconds(expiresAt(sub, places.getFirst()) - Instant.now().getEpochSecond()))
        .isBetween(Duration.ofDays(399), Duration.ofDays(400));
  }

  private static String moved(String from, String place, YearMonth to) {
    String other = String.format(Locale.ROOT, "%s-01%s", to, place.substring(10));
    RECORDS.move(from, place, "AUTH#AUDIT#" + to, other);
    return other;
  }

  private static String requestId(String place, int monthsAgo) {
    return RECORDS.text(
        "AUTH#AUDIT#" + YearMonth.now(ZoneOffset.UTC).minusMonths(monthsAgo), place, "requestId");
  }

  private static long expiresAt(String sub, String place) {
    return RECORDS.number("AUTH#USER#" + sub + "#AUDIT", place, "expiresAt");
  }

  @Test
  void refusesWhatItCannotRead() {
    String sub = SERVICE.me(ROOT_TOKEN).field("sub");
    token(ROOT);
    token(ROOT);
    String foreign = page("?limit=1&account=" + sub).get("next").asText();
    for (String bad :
        List.of(
            "?limit=0",
            "?limit=1001",
            "?cursor=x",
            "?cursor=YXVkaXQ6AG5vd2hlcmU", // audit: and a place that is none
            "?cursor=" + foreign,
            "?account=%20",
            "?account=" + "a".repeat(129))) {
      Answer answer = as(ROOT_TOKEN, "GET", AUDIT + bad, "");
      assertThat(answer.status()).as(bad).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("validation");
    }
    assertThat(page("?account=nobody").get("items")).isEmpty();
  }

  @Test
  void nothingIsChangedThatCouldNotBeWrittenDown() {
    String address = POOL.account();
    DYNAMO_DB.fail("GetItem");
    try {
      assertThat(as(ROOT_TOKEN, "POST", path(address, "/disable"), "").status()).isEqualTo(503);
      assertThat(as(ROOT_TOKEN, "POST", "/v1/auth/groups", "{\"name\":\"late\"}").status())
          .isEqualTo(503);
    } finally {
      DYNAMO_DB.heal();
    }
    assertThat(SERVICE.signIn(address, Pool.PASSWORD).status()).isEqualTo(200);
    assertThat(as(ROOT_TOKEN, "GET", "/v1/auth/groups/late", "").status()).isEqualTo(404);
  }

  @Test
  void whoSignsInDoesSoAlsoWhereItCannotBeWrittenDown() {
    String address = POOL.account();
    // By this name deploy/aws finds the lines.
    var logger = (Logger) LoggerFactory.getLogger("dev.portico.auth.audit.AuditLog");
    var errors = new ListAppender<ILoggingEvent>();
    errors.start();
    logger.addAppender(errors);
    DYNAMO_DB.fail("TransactWriteItems");
    try {
      assertThat(SERVICE.signIn(address, Pool.PASSWORD).status()).isEqualTo(200);
    } finally {
      DYNAMO_DB.heal();
      logger.detachAppender(errors);
    }
    assertThat(errors.list).extracting(ILoggingEvent::getLevel).contains(Level.ERROR);
    assertThat(SERVICE.management().get("/prometheus").text())
        .contains("portico_auth_audit_total{outcome=\"failed\"");
  }
}
