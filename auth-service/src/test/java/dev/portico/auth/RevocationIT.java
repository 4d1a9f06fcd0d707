package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.auth.fixture.ShiftedClock;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupExistsException;

/**
 * The feed of revocations, and what it does to tokens and sessions on two copies of the service.
 */
class RevocationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = table();
  private static final AwsProxy COGNITO = AwsProxy.ofCognito();
  private static final Pool POOL = Pool.create();
  private static final RunningService ONE =
      RunningService.start(
          POOL,
          client -> {},
          settings -> {
            settings.put("portico.dynamodb.table", TABLE);
            settings.put("portico.cognito.endpoint", COGNITO.endpoint());
          });
  private static final RunningService OTHER =
      ONE.copy(settings -> settings.put("portico.dynamodb.table", TABLE));

  private final SiteVisit docs = new SiteVisit(ONE, "docs");

  private static String table() {
    String table = "portico-" + UUID.randomUUID();
    TestEnvironment.shared().createTable(table);
    return table;
  }

  @AfterAll
  static void stop() {
    ONE.close();
    OTHER.close();
    COGNITO.close();
  }

  private static Answer poll(RunningService service, long after, @Nullable String mark, long wait) {
    return service.internal(
        "/internal/revocations",
        """
        {"gateway": "gw-1", "after": %d, "mark": %s, "waitMillis": %d}
        """
            .formatted(after, mark == null ? "null" : '"' + mark + '"', wait));
  }

  /** Where the feed stands. */
  private static JsonNode end() {
    Answer answer = poll(ONE, 0, null, 0);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static @Nullable String mark(JsonNode answer) {
    return answer.has("mark") ? answer.get("mark").asText() : null;
  }

  private static JsonNode news(JsonNode since) {
    Answer answer = poll(OTHER, since.get("position").asLong(), mark(since), 5_000);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static String token(RunningService service, String address) {
    Answer answer = service.signIn(address, Pool.PASSWORD);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.field("accessToken");
  }

  private static void awaitRefused(RunningService service, String token) {
    await().pollInterval(Duration.ofMillis(20)).until(() -> service.me(token).status() == 401);
    assertThat(service.me(token).field("detail")).startsWith("revoked");
  }

  @Test
  void takesTheGoldenPollAndAnswersInItsForm() throws IOException {
    JsonNode before = end();
    var begun = SiteVisit.signIn(ONE, POOL.account());
    docs.end(docs.session(begun.cookie()), false);
    JsonNode golden =
        JSON.readTree(Files.readString(Path.of("../deploy/contracts/auth-revocations.json")));
    JsonNode news = news(before);
    var names = new ArrayList<String>();
    golden.fieldNames().forEachRemaining(names::add);
    assertThat(news.fieldNames()).toIterable().containsExactlyElementsOf(names);
    assertThat(news.get("mark").asText()).matches(news.get("position").asText() + "-[0-9a-f]{16}");
    JsonNode entry = news.get("revocations").get(0);
    assertThat(entry.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> golden.at("/revocations/0").fieldNames());
    assertThat(entry.get("kind").asText()).isEqualTo("session");
    assertThat(entry.get("signIn").asText()).isEqualTo(begun.signIn().id());
    assertThat(entry.get("until").asLong())
        .isCloseTo(
            Instant.now().getEpochSecond()
                + JSON.readTree(
                        Files.readString(Path.of("../deploy/contracts/revocation-life.json")))
                    .get("seconds")
                    .asLong(),
            org.assertj.core.data.Offset.offset(60L));

    String request = Files.readString(Path.of("../deploy/contracts/auth-revocations-request.json"));
    assertThat(ONE.internal("/internal/revocations", request).status())
        .as("understood, and of another table")
        .isEqualTo(410);
  }

  @Test
  void aPollWaitsForNewsOfAnotherCopy() throws Exception {
    JsonNode before = end();
    String token = token(ONE, POOL.account());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Instant asked = Instant.now();
      // A poll that nobody wakes answers when its own time is over.
      var waiting =
          threads.submit(
              () -> {
                Answer news = poll(OTHER, before.get("position").asLong(), mark(before), 8_000);
                return Map.entry(Instant.now(), news.json());
              });
      ONE.signOut(token, "{\"everywhere\": true}");
      assertThat(Duration.between(asked, waiting.get().getKey())).isLessThan(Duration.ofSeconds(8));
      JsonNode entry = waiting.get().getValue().get("revocations").get(0);
      assertThat(entry.get("kind").asText()).isEqualTo("user");
      assertThat(entry.get("issuedBefore").asLong())
          .isBetween(asked.getEpochSecond(), Instant.now().getEpochSecond() + 2);
    }
  }

  @Test
  void aPollWithoutNewsAnswersInTime() {
    JsonNode before = end();
    Answer answer = poll(ONE, before.get("position").asLong(), mark(before), 300);
    assertThat(answer.json().get("revocations")).isEmpty();
    assertThat(answer.json().get("position")).isEqualTo(before.get("position"));
  }

  @Test
  void signOutKillsTheAccessTokenOnEveryCopyWithinASecond() {
    String address = POOL.account();
    Answer signedIn = ONE.signIn(address, Pool.PASSWORD);
    String token = signedIn.field("accessToken");
    String another = token(ONE, address);
    assertThat(OTHER.me(token).status()).isEqualTo(200);
    JsonNode before = end();
    assertThat(
            ONE.signOut(token, "{\"refreshToken\":\"" + signedIn.field("refreshToken") + "\"}")
                .status())
        .isEqualTo(204);
    awaitRefused(OTHER, token);
    awaitRefused(ONE, token);
    assertThat(OTHER.me(another).status()).as("another session").isEqualTo(200);
    assertThat(news(before).at("/revocations/0/kind").asText()).isEqualTo("token");
  }

  @Test
  void signOutEverywhereKillsAllAndANewSignInHolds() {
    String address = POOL.account();
    String one = token(ONE, address);
    String two = token(OTHER, address);
    String session = docs.session(SiteVisit.signIn(ONE, address).cookie());
    assertThat(ONE.signOut(one, "{\"everywhere\": true}").status()).isEqualTo(204);
    String again = token(ONE, address);
    awaitRefused(OTHER, one);
    awaitRefused(OTHER, two);
    assertThat(docs.state(OTHER, session)).isEqualTo("ended");
    assertThat(OTHER.me(again).status()).isEqualTo(200);
    assertThat(ONE.me(again).status()).isEqualTo(200);
  }

  @Test
  void deletionAndResetsKillTokensAndSessions() {
    String deleted = POOL.account();
    String session = docs.session(SiteVisit.signIn(ONE, deleted).cookie());
    String token = token(ONE, deleted);
    assertThat(ONE.call("DELETE", "/v1/auth/me", "", token).status()).isEqualTo(204);
    awaitRefused(OTHER, token);
    assertThat(docs.state(OTHER, session)).isEqualTo("ended");

    String reset = POOL.account();
    String kept = docs.session(SiteVisit.signIn(ONE, reset).cookie());
    String known = token(ONE, reset);
    ONE.api().post("/v1/auth/forgot-password", "{\"username\":\"" + reset + "\"}");
    Answer changed =
        ONE.api()
            .post(
                "/v1/auth/reset-password",
                """
                {"username": "%s", "code": "%s", "newPassword": "Another-Horse-8"}
                """
                    .formatted(reset, Pool.codeFor(reset)));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    awaitRefused(OTHER, known);
    assertThat(docs.state(OTHER, kept)).isEqualTo("ended");
    assertThat(OTHER.me(ONE.signIn(reset, "Another-Horse-8").field("accessToken")).status())
        .isEqualTo(200);
  }

  @Test
  void itIsOverEvenIfCognitoIsNeverAsked() {
    String address = POOL.account();
    Answer signedIn = ONE.signIn(address, Pool.PASSWORD);
    String token = signedIn.field("accessToken");
    String session = docs.session(SiteVisit.signIn(ONE, address).cookie());
    JsonNode before = end();
    COGNITO.fail("RevokeToken");
    COGNITO.fail("GlobalSignOut");
    try {
      assertThat(docs.end(session, false).status()).isEqualTo(204);
      assertThat(docs.state(OTHER, session)).isEqualTo("ended");
      assertThat(ONE.signOut(token, "{\"everywhere\": true}").status()).isEqualTo(503);
      awaitRefused(OTHER, token);
      assertThat(OTHER.refresh(signedIn.field("refreshToken")).problem())
          .as("what the feed has ended does not come back by a refresh token")
          .isEqualTo("refresh-refused");
      assertThat(news(before).get("revocations")).hasSizeGreaterThanOrEqualTo(1);
    } finally {
      COGNITO.heal();
    }
  }

  @Test
  void aSignOutThatCognitoIsNotToldOfIsOneAllTheSame() {
    Answer signedIn = ONE.signIn(POOL.account(), Pool.PASSWORD);
    String token = signedIn.field("accessToken");
    String refreshToken = signedIn.field("refreshToken");
    COGNITO.fail("GetTokensFromRefreshToken");
    try {
      assertThat(ONE.signOut(token, "{\"refreshToken\":\"" + refreshToken + "\"}").status())
          .isEqualTo(503);
    } finally {
      COGNITO.heal();
    }
    awaitRefused(OTHER, token);
    assertThat(ONE.refresh(refreshToken).problem()).isEqualTo("refresh-refused");
    // Also where the feed has forgotten it, as a copy has that starts on another one.
    assertThat(new Records(TABLE).partitions()).contains("AUTH#ORIGIN#" + origin(token));
  }

  private static String origin(String token) {
    try {
      return SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("origin_jti");
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  /** An administrator's token. */
  private static String administrator() {
    try {
      POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("admins"));
    } catch (GroupExistsException e) {
      // Made for another test.
    }
    String address = POOL.account();
    addTo("admins", address);
    return token(ONE, address);
  }

  private static void addTo(String group, String address) {
    POOL.cognito()
        .adminAddUserToGroup(
            member -> member.userPoolId(POOL.id()).username(address).groupName(group));
  }

  @Test
  void whatAdministratorsEndIsOverBeforeCognitoIsAsked() throws Exception {
    String admin = administrator();
    // Whose calls wait for as long as they are held.
    var patient =
        ONE.copy(
            settings -> {
              settings.put("portico.dynamodb.table", TABLE);
              settings.put("portico.cognito.endpoint", COGNITO.endpoint());
              settings.put("portico.cognito.call-timeout", "10s");
            });
    try (patient) {
      POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("editors"));
      String editor = POOL.account();
      addTo("editors", editor);
      String path = "/v1/auth/groups/editors/members/" + editor.replace("@", "%40");
      String before = token(OTHER, editor);
      String meanwhile =
          heldBack(
              "AdminRemoveUserFromGroup",
              () -> patient.call("DELETE", path, "", admin),
              before,
              editor);
      awaitRefused(OTHER, meanwhile); // named the group still
      assertThat(OTHER.me(token(OTHER, editor)).json().get("groups")).isEmpty();

      String reset = POOL.account();
      String known = token(OTHER, reset);
      String users = "/v1/auth/users/" + reset.replace("@", "%40");
      String late =
          heldBack(
              "AdminResetUserPassword",
              () -> patient.call("POST", users + "/reset-password", "", admin),
              known,
              reset);
      awaitRefused(OTHER, late); // by the old password
    }
  }

  /** Has an order wait for Cognito; returns a token of a sign-in meanwhile. */
  private static String heldBack(
      String operation, Callable<Answer> order, String before, String address) throws Exception {
    var hold = COGNITO.holdBack(operation, "");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ordered = threads.submit(order);
      hold.awaitArrival();
      awaitRefused(OTHER, before);
      String meanwhile = token(OTHER, address);
      hold.release();
      Answer answer = ordered.get();
      assertThat(answer.status()).as(answer.text()).isEqualTo(204);
      return meanwhile;
    }
  }

  @Test
  void anEndDoesNotTakeALaterOneBack() throws Exception {
    try (var table = AwsProxy.ofDynamoDb();
        var slow =
            ONE.copy(
                settings -> {
                  settings.put("portico.dynamodb.table", TABLE);
                  settings.put("portico.dynamodb.endpoint", table.endpoint());
                  settings.put("portico.dynamodb.call-timeout", "30s");
                });
        var ahead = shifted(Duration.ofSeconds(30))) {
      String address = POOL.account();
      String one = token(ONE, address);
      String sub = SignedJWT.parse(one).getJWTClaimsSet().getSubject();
      String other = token(ONE, address);
      var hold = table.holdBack("TransactWriteItems", "AUTH#USER#" + sub);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var ended = threads.submit(() -> slow.signOut(one, "{\"everywhere\": true}"));
        hold.awaitArrival();
        assertThat(ahead.signOut(other, "{\"everywhere\": true}").status()).isEqualTo(204);
        hold.release();
        assertThat(ended.get().status()).isIn(204, 401);
      }
      assertThat(new Records(TABLE).time("AUTH#USER#" + sub, "ENDED", "issuedBefore"))
          .isAfter(Instant.now().plusSeconds(20));
    }
  }

  private static RunningService shifted(Duration ahead) {
    var service =
        ONE.copy(
            settings -> {
              settings.put("portico.dynamodb.table", TABLE);
              settings.put(ShiftedClock.WANTED, "true");
            });
    service.bean(ShiftedClock.class).shift(ahead);
    return service;
  }

  /** Of half a second, as documented: what is from before ends, and what is from after holds. */
  @ParameterizedTest
  @ValueSource(longs = {-450, 450})
  void clocksMayDiffer(long millis) {
    try (var service = shifted(Duration.ofMillis(millis))) {
      String address = POOL.account();
      for (int round = 0; round < 3; round++) {
        // Early in a second of the pool, which a clock that is behind has not begun yet.
        await()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> Instant.now().toEpochMilli() % 1_000 < 50);
        String before = token(service, address);
        String session = docs.session(SiteVisit.signIn(ONE, address).cookie());
        assertThat(service.signOut(before, "{\"everywhere\": true}").status()).isEqualTo(204);
        String again = token(service, address);
        String begun = docs.session(SiteVisit.signIn(ONE, address).cookie());
        awaitRefused(OTHER, before);
        assertThat(docs.state(OTHER, session)).isEqualTo("ended");
        assertThat(docs.state(OTHER, begun)).isEqualTo("active");
        assertThat(OTHER.me(again).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void nobodyWaitsAtACopyThatStops() {
    try (var stopping = ONE.copy(settings -> settings.put("portico.dynamodb.table", TABLE))) {
      JsonNode end = poll(stopping, 0, null, 0).json();
      long position = end.get("position").asLong();
      stopping.stop("dev.portico.auth.revocation");
      Answer sentAway = poll(stopping, position, mark(end), 5_000);
      assertThat(sentAway.status()).isEqualTo(503);
      assertThat(sentAway.header("Retry-After")).isEqualTo("5");
      assertThat(sentAway.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(poll(stopping, 0, null, 5_000).status())
          .as("what there is it tells still")
          .isEqualTo(position == 0 ? 503 : 200);
    }
  }

  @Test
  void numbersHaveNoGapsWhoeverWrites() throws Exception {
    long before = end().get("position").asLong();
    var endings = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      String session = docs.session(SiteVisit.signIn(ONE, POOL.account()).cookie());
      var at = new SiteVisit(i % 2 == 0 ? ONE : OTHER, "docs");
      // Those who come when too many are waiting are told to come again.
      endings.add(
          () ->
              await()
                  .atMost(Duration.ofSeconds(60))
                  .until(() -> at.end(session, false).status(), status -> status != 503));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(endings)) {
        assertThat(answer.get()).isEqualTo(204);
      }
    }
    Answer answer = poll(ONE, before, null, 0);
    assertThat(answer.json().get("position").asLong()).isEqualTo(before + 20);
    assertThat(answer.json().get("more").asBoolean()).isFalse();
    assertThat(answer.json().get("revocations").findValuesAsText("number"))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(before + 1, before + 20).mapToObj(Long::toString).toList());
  }

  @Test
  void whatIsTooOldOrOfAnotherTableIsGoneAndAllThatIsKeptIsThere() {
    String table = table();
    var records = new Records(table);
    try (var alone = ONE.copy(settings -> settings.put("portico.dynamodb.table", table))) {
      assertThat(poll(alone, 0, null, 0).json().get("position").asLong()).isZero();
      assertThat(poll(alone, 1, null, 0).status()).isEqualTo(410);
      var visit = new SiteVisit(alone, "docs");
      var marks = new ArrayList<String>();
      for (int i = 0; i < 4; i++) {
        visit.end(visit.session(SiteVisit.signIn(alone, POOL.account()).cookie()), false);
        marks.add(poll(alone, 0, null, 0).field("mark"));
      }
      assertThat(poll(alone, 2, marks.get(1), 0).json().get("revocations")).hasSize(2);
      assertThat(poll(alone, 2, marks.get(2), 0).status()).isEqualTo(410);
      assertThat(poll(alone, 4, marks.get(2), 0).status()).isEqualTo(410);
      assertThat(poll(alone, 5, null, 0).status()).isEqualTo(410);
      // As time goes by: one is deleted, one has expired and is still there.
      records.remove("AUTH#REVOCATIONS#0", number(1));
      records.set("AUTH#REVOCATIONS#0", number(2), "expiresAt", Instant.now().getEpochSecond() - 1);
      assertThat(poll(alone, 1, marks.get(0), 0).status()).isEqualTo(410);
      assertThat(poll(alone, 2, marks.get(1), 0).json().get("revocations")).hasSize(2);
      assertThat(poll(alone, 0, null, 0).json().get("revocations").findValuesAsText("number"))
          .containsExactly("3", "4");
    }
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%019d", number);
  }

  @Test
  void aCopyThatStartsKnowsWhatWasRevokedBefore() {
    String token = token(ONE, POOL.account());
    ONE.signOut(token, "{\"everywhere\": true}");
    try (var later = ONE.copy(settings -> settings.put("portico.dynamodb.table", TABLE))) {
      assertThat(later.me(token).field("detail")).startsWith("revoked");
    }
  }

  @Test
  void withoutTheTableNothingIsTakenForGood() {
    String token = token(ONE, POOL.account());
    try (var alone =
        ONE.copy(
            settings -> {
              settings.put("portico.dynamodb.endpoint", "http://127.0.0.1:" + Ports.free());
              settings.put("portico.dynamodb.call-timeout", "1s");
            })) {
      assertThat(alone.management().get("/health/readiness").status()).isEqualTo(503);
      assertThat(alone.me(token).status()).isEqualTo(503);
      assertThat(new SiteVisit(alone, "docs").query(alone, "A".repeat(43)).status()).isEqualTo(503);
      assertThat(poll(alone, 0, null, 0).status()).isEqualTo(503);
      assertThat(alone.signIn(POOL.account(), Pool.PASSWORD).status())
          .as("accounts need no table")
          .isEqualTo(200);
    }
  }
}
