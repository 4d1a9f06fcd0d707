package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.CognitoProxy;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The feed of revocations, and what it does to tokens and sessions on two copies of the service.
 */
class RevocationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = table();
  private static final CognitoProxy COGNITO = new CognitoProxy();
  private static final Pool POOL = Pool.create();
  private static final RunningService ONE =
      RunningService.start(
          POOL,
          client -> {},
          settings -> {
            settings.put("portico.dynamodb.table", TABLE);
            settings.put("portico.cognito.endpoint", COGNITO.endpoint());
            settings.put("portico.cognito.call-timeout", "2s");
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
    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> service.me(token).status() == 401);
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
            Instant.now().plus(Duration.ofMinutes(24 * 60 + 5)).getEpochSecond(),
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
      var waiting = threads.submit(() -> news(before));
      Instant begun = Instant.now();
      ONE.signOut(token, "{\"everywhere\": true}");
      JsonNode news = waiting.get();
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(3));
      JsonNode entry = news.get("revocations").get(0);
      assertThat(entry.get("kind").asText()).isEqualTo("user");
      assertThat(entry.get("issuedBefore").asLong())
          .isBetween(begun.getEpochSecond(), begun.getEpochSecond() + 2);
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
  void numbersHaveNoGapsWhoeverWrites() throws Exception {
    long before = end().get("position").asLong();
    var endings = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      String session = docs.session(SiteVisit.signIn(ONE, POOL.account()).cookie());
      var at = new SiteVisit(i % 2 == 0 ? ONE : OTHER, "docs");
      endings.add(() -> at.end(session, false).status());
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
