package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PreventUserExistenceErrorTypes;

/** No answer tells whether an account exists, even where the pool itself would. */
class EqualAnswersIT {
  private static final Pool POOL = Pool.create();

  /** By whether the pool hides it, too. */
  private static final Map<PreventUserExistenceErrorTypes, RunningService> SERVICES =
      new EnumMap<>(PreventUserExistenceErrorTypes.class);

  private static RunningService service(PreventUserExistenceErrorTypes mode) {
    return SERVICES.computeIfAbsent(mode, EqualAnswersIT::start);
  }

  private static RunningService start(PreventUserExistenceErrorTypes mode) {
    return RunningService.start(POOL, client -> client.preventUserExistenceErrors(mode));
  }

  @AfterAll
  static void stop() {
    SERVICES.values().forEach(RunningService::close);
  }

  private static void assertSame(Answer one, Answer other) {
    assertThat(one.status()).as(one.text()).isEqualTo(other.status());
    assertThat(one.textWithoutInstance()).isEqualTo(other.textWithoutInstance());
    assertThat(one.response().headers().map().keySet())
        .isEqualTo(other.response().headers().map().keySet());
    assertThat(one.header("WWW-Authenticate")).isEqualTo(other.header("WWW-Authenticate"));
  }

  private static Answer signUp(RunningService service, String username, String password) {
    return service
        .api()
        .post(
            "/v1/auth/sign-up",
            """
            {"username": "%s", "password": "%s"}
            """
                .formatted(username, password));
  }

  private static Answer confirm(RunningService service, String username, String code) {
    return service
        .api()
        .post(
            "/v1/auth/confirm",
            """
            {"username": "%s", "code": "%s"}
            """
                .formatted(username, code));
  }

  private static Answer resend(RunningService service, String username) {
    return service.api().post("/v1/auth/resend", "{\"username\": \"" + username + "\"}");
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atSignIn(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    Answer wrong = service.signIn(POOL.account(), "Wrong-Password-1");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.problem()).isEqualTo("sign-in-refused");
    assertSame(wrong, service.signIn(Pool.freshAddress(), "Wrong-Password-1"));

    String disabled = POOL.account();
    POOL.cognito().adminDisableUser(user -> user.userPoolId(POOL.id()).username(disabled));
    assertSame(wrong, service.signIn(disabled, Pool.PASSWORD));

    String unconfirmed = Pool.freshAddress();
    signUp(service, unconfirmed, Pool.PASSWORD);
    assertSame(wrong, service.signIn(unconfirmed, "Wrong-Password-1"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atSignUp(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    String confirmed = POOL.account();
    Answer fresh = signUp(service, Pool.freshAddress(), Pool.PASSWORD);
    assertThat(fresh.status()).isEqualTo(201);
    assertSame(fresh, signUp(service, confirmed, Pool.PASSWORD));

    Answer weak = signUp(service, Pool.freshAddress(), "weak");
    assertThat(weak.status()).isEqualTo(400);
    assertThat(weak.json().at("/errors/0/field").asText()).isEqualTo("password");
    assertSame(weak, signUp(service, confirmed, "weak"));
    // And the account is as it was.
    assertThat(service.signIn(confirmed, Pool.PASSWORD).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atConfirmation(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    String waiting = Pool.freshAddress();
    signUp(service, waiting, Pool.PASSWORD);
    String wrongCode = Pool.codeFor(waiting).equals("123456") ? "654321" : "123456";
    Answer wrong = confirm(service, waiting, wrongCode);
    assertThat(wrong.status()).isEqualTo(400);
    assertSame(wrong, confirm(service, Pool.freshAddress(), wrongCode));
    assertSame(wrong, confirm(service, POOL.account(), wrongCode));
    assertSame(wrong, confirm(service, waiting, "no code"));
  }

  private static Answer forgot(RunningService service, String username) {
    return service.api().post("/v1/auth/forgot-password", "{\"username\": \"" + username + "\"}");
  }

  private static Answer reset(
      RunningService service, String username, String code, String password) {
    return service
        .api()
        .post(
            "/v1/auth/reset-password",
            """
            {"username": "%s", "code": "%s", "newPassword": "%s"}
            """
                .formatted(username, code, password));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atForgottenPassword(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    Answer sent = forgot(service, POOL.account());
    assertThat(sent.status()).isEqualTo(200);
    assertSame(sent, forgot(service, Pool.freshAddress()));
    String disabled = POOL.account();
    POOL.cognito().adminDisableUser(user -> user.userPoolId(POOL.id()).username(disabled));
    assertSame(sent, forgot(service, disabled));
    String unconfirmed = Pool.freshAddress();
    signUp(service, unconfirmed, Pool.PASSWORD);
    assertSame(sent, forgot(service, unconfirmed));
    assertSame(sent, forgot(service, POOL.invited("Temporary-Word-1")));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atReset(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    String known = POOL.account();
    forgot(service, known);
    String wrongCode = Pool.codeFor(known).equals("123456") ? "654321" : "123456";
    Answer wrong = reset(service, known, wrongCode, Pool.PASSWORD);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.problem()).isEqualTo("invalid-code");
    assertSame(wrong, reset(service, Pool.freshAddress(), wrongCode, Pool.PASSWORD));
    assertSame(wrong, reset(service, POOL.account(), wrongCode, Pool.PASSWORD));
    Answer weak = reset(service, known, wrongCode, "weak");
    assertThat(weak.json().at("/errors/0/field").asText()).isEqualTo("newPassword");
    assertSame(weak, reset(service, Pool.freshAddress(), wrongCode, "weak"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atAnotherAddress(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    String token = service.signIn(POOL.account(), Pool.PASSWORD).field("accessToken");
    Answer free = changeEmail(service, token, Pool.freshAddress());
    assertThat(free.status()).as(free.text()).isEqualTo(200);
    assertSame(free, changeEmail(service, token, POOL.account()));
  }

  private static Answer changeEmail(RunningService service, String token, String email) {
    return service.call("PUT", "/v1/auth/me/email", "{\"email\": \"" + email + "\"}", token);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "LEGACY"})
  void atResend(PreventUserExistenceErrorTypes mode) {
    var service = service(mode);
    String waiting = Pool.freshAddress();
    signUp(service, waiting, Pool.PASSWORD);
    Answer sent = resend(service, waiting);
    assertThat(sent.status()).isEqualTo(200);
    assertSame(sent, resend(service, Pool.freshAddress()));
    assertSame(sent, resend(service, POOL.account()));
  }

  private static Answer forgotOnPage(PageClient browser, String username) {
    browser.get("/forgot");
    return browser.submit("/forgot", "username", username);
  }

  /** Whatever the pool has to do for them: what is done sooner than in a step waits for its end. */
  @Test
  void inTheTimeThatTheyTake() {
    Duration step = Duration.ofMillis(700);
    try (var service =
        RunningService.start(
            POOL,
            client -> {},
            settings -> settings.put("portico.limit.answer-step", step.toMillis() + "ms"))) {
      for (String name : List.of(POOL.account(), Pool.freshAddress())) {
        Map<String, Supplier<Answer>> calls =
            Map.of(
                "sign-in",
                () -> service.signIn(name, "Wrong-Password-1"),
                "sign-up",
                () -> signUp(service, name, Pool.PASSWORD),
                "confirm",
                () -> confirm(service, name, "123456"),
                "resend",
                () -> resend(service, name),
                "forgot-password",
                () -> forgot(service, name),
                "reset-password",
                () -> reset(service, name, "123456", Pool.PASSWORD),
                "page",
                () -> forgotOnPage(service.browser(), name));
        calls.forEach(
            (call, answer) -> {
              long begun = System.nanoTime();
              assertThat(answer.get().status()).as(call).isLessThan(500);
              assertThat(Duration.ofNanos(System.nanoTime() - begun))
                  .as(call)
                  .isGreaterThanOrEqualTo(step);
            });
      }
    }
  }
}
