package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.auth.fixture.ShiftedClock;
import dev.portico.standins.aws.TestEnvironment;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.FeatureType;

/**
 * Tokens are refreshed behind the scenes, once for all, on two copies of the service. The pool
 * rotates refresh tokens and forgives nothing: a second refresh with the same one ends the session.
 */
class TokenRefreshIT {
  private static final String REFRESH = "GetTokensFromRefreshToken";
  private static final AwsProxy COGNITO = AwsProxy.ofCognito();
  private static final Pool POOL = Pool.create();
  private static final RunningService ONE =
      RunningService.start(
          POOL,
          client ->
              client
                  .generateSecret(true)
                  .refreshTokenRotation(
                      rotation -> rotation.feature(FeatureType.ENABLED).retryGracePeriodSeconds(0)),
          settings -> {
            settings.put("portico.cognito.endpoint", COGNITO.endpoint());
          });
  private static final RunningService OTHER =
      ONE.copy(settings -> settings.put("portico.cognito.endpoint", COGNITO.endpoint()));
  private static final Records RECORDS = new Records(TestEnvironment.NAME);

  private final SiteVisit docs = new SiteVisit(ONE, "docs");

  @AfterAll
  static void stop() {
    ONE.close();
    OTHER.close();
    COGNITO.close();
  }

  @AfterEach
  void heal() {
    COGNITO.heal();
  }

  /** A session whose tokens expire so many seconds from now. */
  private record Aged(String signIn, String session, String accessToken) {}

  private Aged session(long expiresIn) {
    var begun = SiteVisit.signIn(ONE, POOL.account());
    String session = docs.session(begun.cookie());
    RECORDS.signIn(begun.signIn().id(), "tokensExpireAt", Instant.now().plusSeconds(expiresIn));
    return new Aged(begun.signIn().id(), session, begun.signIn().tokens().accessToken());
  }

  private static double refreshes(String outcome) {
    double sum = 0;
    for (var service : new RunningService[] {ONE, OTHER}) {
      sum +=
          service
              .bean(MeterRegistry.class)
              .counter("portico.auth.refreshes", "outcome", outcome)
              .count();
    }
    return sum;
  }

  @Test
  void happensOnceForAllWhoAskAtOnce() throws Exception {
    for (long expiresIn : new long[] {60, -1}) {
      Aged aged = session(expiresIn);
      int before = COGNITO.calls(REFRESH);
      double done = refreshes("done");
      var questions = new ArrayList<Callable<String>>();
      for (int i = 0; i < 10; i++) {
        RunningService asked = i % 2 == 0 ? ONE : OTHER;
        questions.add(() -> docs.state(asked, aged.session()));
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var answer : threads.invokeAll(questions)) {
          assertThat(answer.get()).isEqualTo("active");
        }
      }
      assertThat(COGNITO.calls(REFRESH) - before).as("expires in %s", expiresIn).isEqualTo(1);
      assertThat(refreshes("done") - done).isEqualTo(1);
      assertThat(docs.state(aged.session())).isEqualTo("active");
    }
  }

  @Test
  void goesOnWithRotatedTokens() {
    Aged aged = session(-1);
    for (int i = 0; i < 3; i++) {
      assertThat(docs.state(aged.session())).as("round %s", i).isEqualTo("active");
      RECORDS.signIn(aged.signIn(), "tokensExpireAt", Instant.now().minusSeconds(1));
    }
  }

  @Test
  void whoAsksMeanwhileGoesOnWithTokensThatAreValid() throws Exception {
    Aged aged = session(60);
    RECORDS.signIn(aged.signIn(), "used", Instant.now().minusSeconds(3_600));
    var hold = COGNITO.hold(REFRESH);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = threads.submit(() -> docs.state(aged.session()));
      hold.awaitArrival();
      assertThat(docs.state(OTHER, aged.session())).isEqualTo("active");
      assertThat(slow.isDone()).isFalse();
      hold.release();
      assertThat(slow.get()).isEqualTo("active");
    }
    RECORDS.signIn(aged.signIn(), "tokensExpireAt", Instant.now().minusSeconds(1));
    assertThat(docs.state(aged.session())).as("by the rotated refresh token").isEqualTo("active");
  }

  @Test
  void whoSignsOutMeanwhileIsSignedOut() throws Exception {
    Aged aged = session(-1);
    var hold = COGNITO.hold(REFRESH);
    int revoked = COGNITO.calls("RevokeToken");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var refreshing = threads.submit(() -> docs.state(aged.session()));
      hold.awaitArrival();
      assertThat(docs.end(aged.session(), false).status()).isEqualTo(204);
      hold.release();
      assertThat(refreshing.get()).isEqualTo("ended");
    }
    assertThat(docs.state(aged.session())).isEqualTo("ended");
    assertThat(COGNITO.calls("RevokeToken") - revoked)
        .as("the old refresh token, and the new one that nobody has")
        .isEqualTo(2);
  }

  @Test
  void endsWhereCognitoSaysSo() {
    Aged aged = session(60);
    POOL.cognito().globalSignOut(request -> request.accessToken(aged.accessToken()));
    double refused = refreshes("refused");
    assertThat(docs.state(aged.session())).isEqualTo("ended");
    assertThat(refreshes("refused") - refused).isEqualTo(1);
  }

  @Test
  void goesOnWithValidTokensWhileCognitoIsAway() {
    Aged aged = session(60);
    COGNITO.fail(REFRESH);
    assertThat(docs.state(aged.session())).isEqualTo("active");
    COGNITO.heal();
    assertThat(docs.state(aged.session())).isEqualTo("active");
  }

  @Test
  void saysThatItCannotTellOnceTheyHaveExpired() {
    Aged aged = session(-1);
    COGNITO.fail(REFRESH);
    Answer answer = docs.query(ONE, aged.session());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    COGNITO.heal();
    assertThat(docs.state(OTHER, aged.session())).isEqualTo("active");
  }

  /** A copy whose way to the table, and whose clock, can be disturbed. */
  private static RunningService disturbed(AwsProxy table) {
    return ONE.copy(
        settings -> {
          settings.put("portico.cognito.endpoint", COGNITO.endpoint());
          settings.put("portico.dynamodb.endpoint", table.endpoint());
          settings.put(ShiftedClock.WANTED, "true");
        });
  }

  @Test
  void keepsTheNewTokensWhereTheTableIsAwayForAWhile() throws Exception {
    try (var table = AwsProxy.ofDynamoDb();
        var copy = disturbed(table)) {
      Aged aged = session(-1);
      var hold = COGNITO.hold(REFRESH);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var asked = threads.submit(() -> docs.state(copy, aged.session()));
        hold.awaitArrival();
        table.fail("TransactWriteItems");
        int before = table.calls("TransactWriteItems");
        hold.release();
        // More than the attempts of one call.
        await()
            .atMost(Duration.ofSeconds(12))
            .until(() -> table.calls("TransactWriteItems") >= before + 12);
        table.heal();
        assertThat(asked.get()).isEqualTo("active");
      }
      RECORDS.signIn(aged.signIn(), "tokensExpireAt", Instant.now().minusSeconds(1));
      assertThat(docs.state(aged.session())).as("by the rotated refresh token").isEqualTo("active");
    }
  }

  @Test
  void cognitoIsNotAskedWhereTheRightCameTooLate() throws Exception {
    try (var table = AwsProxy.ofDynamoDb();
        var copy = disturbed(table)) {
      for (long expiresIn : new long[] {-1, 100}) {
        Aged aged = session(expiresIn);
        int before = COGNITO.calls(REFRESH);
        var hold = table.holdBack("TransactWriteItems", "AUTH#SIGNIN#");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var asked = threads.submit(() -> docs.query(copy, aged.session()));
          hold.awaitArrival();
          copy.bean(ShiftedClock.class).shift(Duration.ofSeconds(4));
          hold.release();
          Answer answer = asked.get();
          assertThat(answer.status()).isEqualTo(expiresIn < 0 ? 503 : 200);
        }
        copy.bean(ShiftedClock.class).shift(Duration.ZERO);
        assertThat(COGNITO.calls(REFRESH)).isEqualTo(before);
        assertThat(docs.state(aged.session())).isEqualTo("active");
      }
    }
  }

  @Test
  void aRefusalEndsNothingThatAnotherCopyIsRefreshing() throws Exception {
    Aged aged = session(-1);
    POOL.cognito().globalSignOut(request -> request.accessToken(aged.accessToken()));
    var hold = COGNITO.hold(REFRESH);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = threads.submit(() -> docs.state(aged.session()));
      hold.awaitArrival();
      // The right is another's by now, who may have tokens that are not stored yet.
      RECORDS.set("AUTH#SIGNIN#" + aged.signIn(), "SIGNIN", "version", 77);
      Instant until = Instant.now().plusMillis(900);
      RECORDS.signIn(aged.signIn(), "refreshedUntil", until);
      hold.release();
      assertThat(asked.get()).isEqualTo("ended");
      assertThat(Instant.now()).isAfterOrEqualTo(until);
    }
  }

  @Test
  void theRightOfACopyThatDiedGoesToAnother() {
    Aged aged = session(-1);
    Instant until = Instant.now().plusMillis(700);
    RECORDS.signIn(aged.signIn(), "refreshedUntil", until);
    assertThat(docs.state(aged.session())).isEqualTo("active");
    assertThat(Instant.now()).isAfterOrEqualTo(until);
  }
}
