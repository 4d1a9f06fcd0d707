package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CreateUserPoolClientRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.EventResponseType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.FeatureType;

/** The life of an account and its sessions, by each kind of app client. */
class SessionLifeIT {
  /** Kinds of app client. */
  enum Client {
    PLAIN,
    WITH_SECRET,
    WITH_SECRET_AND_ROTATION;

    void describe(CreateUserPoolClientRequest.Builder client) {
      client.generateSecret(this != PLAIN);
      if (this == WITH_SECRET_AND_ROTATION) {
        client.refreshTokenRotation(
            rotation -> rotation.feature(FeatureType.ENABLED).retryGracePeriodSeconds(0));
      }
    }
  }

  private static final Pool POOL = Pool.create();
  private static final Map<Client, RunningService> SERVICES = new EnumMap<>(Client.class);

  private static RunningService service(Client client) {
    return SERVICES.computeIfAbsent(client, kind -> RunningService.start(POOL, kind::describe));
  }

  @AfterAll
  static void stop() {
    SERVICES.values().forEach(RunningService::close);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void goesFromSignUpToSignOut(Client client) {
    var service = service(client);
    String address = Pool.freshAddress();
    Answer made =
        service
            .api()
            .post(
                "/v1/auth/sign-up",
                """
                {"username": "%s", "password": "%s"}
                """
                    .formatted(address, Pool.PASSWORD));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.field("status")).isEqualTo("CONFIRMATION_REQUIRED");
    assertThat(made.json().at("/delivery/destination").asText()).isEqualTo("u***@e***");

    Answer early = service.signIn(address, Pool.PASSWORD);
    assertThat(early.status()).isEqualTo(403);
    assertThat(early.problem()).isEqualTo("not-confirmed");

    String first = Pool.codeFor(address);
    assertThat(service.api().post("/v1/auth/resend", "{\"username\":\"" + address + "\"}").status())
        .isEqualTo(200);
    String second = Pool.codeFor(address);
    assertThat(confirm(service, address, "000000".equals(second) ? "000001" : "000000").problem())
        .isEqualTo("invalid-code");
    if (!first.equals(second)) {
      assertThat(confirm(service, address, first).problem()).isEqualTo("invalid-code");
    }
    Answer confirmed = confirm(service, address, second);
    assertThat(confirmed.status()).isEqualTo(200);
    assertThat(confirmed.field("status")).isEqualTo("CONFIRMED");

    Answer signedIn = service.signIn(address, Pool.PASSWORD);
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(200);
    assertThat(signedIn.field("tokenType")).isEqualTo("Bearer");
    assertThat(signedIn.json().get("expiresIn").asInt()).isEqualTo(3600);
    assertThat(signedIn.header("Cache-Control")).isEqualTo("no-store");
    assertThat(signedIn.json().has("challenge")).isFalse();

    Answer me = service.me(signedIn.field("accessToken"));
    assertThat(me.status()).as(me.text()).isEqualTo(200);
    assertThat(me.field("email")).isEqualTo(address);
    assertThat(me.json().get("emailVerified").asBoolean()).isTrue();
    assertThat(me.json().get("groups")).isEmpty();
    assertThat(me.field("sub")).isNotBlank();

    Answer refreshed = service.refresh(signedIn.field("refreshToken"));
    assertThat(refreshed.status()).as(refreshed.text()).isEqualTo(200);
    assertThat(service.me(refreshed.field("accessToken")).status()).isEqualTo(200);
    String refreshToken = refreshed.field("refreshToken");
    if (client == Client.WITH_SECRET_AND_ROTATION) {
      assertThat(refreshToken).isNotEqualTo(signedIn.field("refreshToken"));
      assertThat(service.refresh(signedIn.field("refreshToken")).status()).isEqualTo(401);
      return; // reuse of a rotated token ends the whole session
    }
    assertThat(refreshToken).isEqualTo(signedIn.field("refreshToken"));

    String out = "{\"refreshToken\": \"" + refreshToken + "\"}";
    assertThat(service.signOut(refreshed.field("accessToken"), out).status()).isEqualTo(204);
    Answer refused = service.refresh(refreshToken);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.problem()).isEqualTo("refresh-refused");
    Answer revoked = service.me(refreshed.field("accessToken"));
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.header("WWW-Authenticate")).contains("revoked");
  }

  @Test
  void thePoolLearnsWhereASignInComesFrom() {
    var service = service(Client.PLAIN);
    String address = POOL.account();
    String body = "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(address, Pool.PASSWORD);
    Answer signedIn =
        service
            .api()
            .post(
                "/v1/auth/sign-in",
                body,
                "X-Forwarded-For",
                "203.0.113.9",
                "X-Forwarded-Host",
                "portico.example",
                "User-Agent",
                "test");
    assertThat(signedIn.status()).isEqualTo(200);
    service.signIn(address, "Wrong-Password-1");
    var events =
        POOL.cognito()
            .adminListUserAuthEvents(request -> request.userPoolId(POOL.id()).username(address))
            .authEvents();
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().eventResponse()).isEqualTo(EventResponseType.FAIL);
    assertThat(events.getLast().eventResponse()).isEqualTo(EventResponseType.PASS);
    assertThat(events.getLast().eventContextData().ipAddress()).isEqualTo("203.0.113.9");
  }

  private static Answer confirm(RunningService service, String address, String code) {
    return service
        .api()
        .post(
            "/v1/auth/confirm",
            """
            {"username": "%s", "code": "%s"}
            """
                .formatted(address, code));
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void asksForANewPassword(Client client) {
    var service = service(client);
    String temporary = "Temporary-Word-1";
    String address = POOL.invited(temporary);
    Answer challenge = service.signIn(address, temporary);
    assertThat(challenge.status()).as(challenge.text()).isEqualTo(200);
    assertThat(challenge.field("challenge")).isEqualTo("NEW_PASSWORD_REQUIRED");
    assertThat(challenge.json().has("accessToken")).isFalse();
    assertThat(challenge.json().at("/parameters/requiredAttributes").isArray()).isTrue();
    String username = challenge.json().at("/parameters/username").asText();

    Answer weak = answer(service, username, challenge.field("session"), "weak");
    assertThat(weak.status()).isEqualTo(400);
    assertThat(weak.json().at("/errors/0/field").asText()).isEqualTo("responses.newPassword");

    Answer signedIn = answer(service, username, challenge.field("session"), Pool.PASSWORD);
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(200);
    assertThat(service.me(signedIn.field("accessToken")).status()).isEqualTo(200);

    Answer again = answer(service, username, challenge.field("session"), Pool.PASSWORD);
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.problem()).isEqualTo("challenge-refused");
    assertThat(service.signIn(address, Pool.PASSWORD).json().has("accessToken")).isTrue();
  }

  private static Answer answer(
      RunningService service, String username, String session, String password) {
    return service
        .api()
        .post(
            "/v1/auth/challenge",
            """
            {"username": "%s", "challenge": "NEW_PASSWORD_REQUIRED", "session": "%s",
             "responses": {"newPassword": "%s"}}
            """
                .formatted(username, session, password));
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void signsOutEverywhere(Client client) {
    var service = service(client);
    String address = POOL.account();
    Answer one = service.signIn(address, Pool.PASSWORD);
    Answer two = service.signIn(address, Pool.PASSWORD);
    assertThat(service.signOut(one.field("accessToken"), "{\"everywhere\": true}").status())
        .isEqualTo(204);
    assertThat(service.me(two.field("accessToken")).status()).isEqualTo(401);
    assertThat(service.refresh(two.field("refreshToken")).status()).isEqualTo(401);
    // Whoever lost the session can still not use it, and learns why.
    Answer again = service.signOut(one.field("accessToken"), "{\"everywhere\": true}");
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.header("WWW-Authenticate")).contains("revoked");
  }

  private static Answer signOut(RunningService service, Answer by, Answer of) {
    return service.signOut(
        by.field("accessToken"), "{\"refreshToken\": \"" + of.field("refreshToken") + "\"}");
  }

  private static int status(RunningService service, Answer session) {
    return service.me(session.field("accessToken")).status();
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void signsOutTheSessionOfTheRefreshTokenAndNoOther(Client client) {
    var service = service(client);
    String address = POOL.account();
    Answer here = service.signIn(address, Pool.PASSWORD);
    Answer elsewhere = service.signIn(address, Pool.PASSWORD);
    assertThat(signOut(service, here, elsewhere).status()).isEqualTo(204);
    await().until(() -> status(service, elsewhere) == 401);
    assertThat(service.refresh(elsewhere.field("refreshToken")).status()).isEqualTo(401);
    assertThat(status(service, here)).as("who asked").isEqualTo(200);

    assertThat(signOut(service, here, here).status()).isEqualTo(204);
    await().until(() -> status(service, here) == 401);
    assertThat(service.refresh(here.field("refreshToken")).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void nobodyEndsTheSessionOfSomebodyElse(Client client) {
    var service = service(client);
    Answer own = service.signIn(POOL.account(), Pool.PASSWORD);
    Answer theirs = service.signIn(POOL.account(), Pool.PASSWORD);
    Answer refused = signOut(service, own, theirs);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.problem()).isEqualTo("forbidden");
    assertThat(status(service, theirs)).isEqualTo(200);
    assertThat(status(service, own)).as("nor one's own by that").isEqualTo(200);

    Answer others = service.signIn(POOL.account(), Pool.PASSWORD);
    String all =
        "{\"everywhere\": true, \"refreshToken\": \"" + others.field("refreshToken") + "\"}";
    assertThat(service.signOut(own.field("accessToken"), all).status()).isEqualTo(204);
    assertThat(status(service, own)).isEqualTo(401);
    assertThat(status(service, others)).isEqualTo(200);
    assertThat(service.refresh(others.field("refreshToken")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void needsATokenToSignOutAndToldWhatEnds(Client client) {
    var service = service(client);
    assertThat(service.api().post("/v1/auth/sign-out", "{\"refreshToken\":\"x\"}").status())
        .isEqualTo(401);
    Answer signedIn = service.signIn(POOL.account(), Pool.PASSWORD);
    Answer nothing = service.signOut(signedIn.field("accessToken"), "{}");
    assertThat(nothing.status()).isEqualTo(400);
    assertThat(nothing.json().at("/errors/0/field").asText()).isEqualTo("refreshToken");
    assertThat(
            service
                .signOut(signedIn.field("accessToken"), "{\"refreshToken\":\"not one\"}")
                .status())
        .isEqualTo(204);
    assertThat(service.refresh("not one").status()).isEqualTo(401);
    await().until(() -> status(service, signedIn) == 401);
    assertThat(service.refresh(signedIn.field("refreshToken")).status())
        .as("whoever signs out is signed out")
        .isEqualTo(401);
  }
}
