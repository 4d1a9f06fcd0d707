package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.LogLines;
import dev.portico.auth.fixture.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passwords, attributes, addresses and the end of one's own account, by each kind of client. */
class OwnAccountIT {
  /** Kinds of app client. */
  enum Client {
    PLAIN,
    WITH_SECRET
  }

  private static final Pool POOL = Pool.create();
  private static final String OTHER_PASSWORD = "Battery-Staple-8";
  private static final Map<Client, RunningService> SERVICES = new EnumMap<>(Client.class);

  private static RunningService service(Client kind) {
    return SERVICES.computeIfAbsent(
        kind,
        k -> RunningService.start(POOL, client -> client.generateSecret(k == Client.WITH_SECRET)));
  }

  @AfterAll
  static void stop() {
    SERVICES.values().forEach(RunningService::close);
  }

  private static String wrong(String code) {
    return code.equals("000000") ? "000001" : "000000";
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
  @EnumSource(Client.class)
  void aForgottenPasswordIsResetByTheCodeOnce(Client kind) {
    var service = service(kind);
    String address = POOL.account();
    Answer before = service.signIn(address, Pool.PASSWORD);
    Answer sent =
        service.api().post("/v1/auth/forgot-password", "{\"username\":\"" + address + "\"}");
    assertThat(sent.status()).isEqualTo(200);
    assertThat(sent.field("status")).isEqualTo("CODE_REQUIRED");
    assertThat(sent.json().at("/delivery/destination").asText()).isEqualTo("u***@e***");
    String code = Pool.codeFor(address);
    assertThat(reset(service, address, wrong(code), OTHER_PASSWORD).problem())
        .isEqualTo("invalid-code");
    Answer weak = reset(service, address, code, "weak");
    assertThat(weak.json().at("/errors/0/field").asText()).isEqualTo("newPassword");
    Answer padded = reset(service, address, code, ' ' + OTHER_PASSWORD);
    assertThat(padded.status()).as(padded.text()).isEqualTo(400);
    assertThat(padded.json().at("/errors/0/field").asText()).isEqualTo("newPassword");
    Answer done = reset(service, address, code, OTHER_PASSWORD);
    assertThat(done.status()).as(done.text()).isEqualTo(200);
    assertThat(done.field("status")).isEqualTo("PASSWORD_CHANGED");
    assertThat(reset(service, address, code, Pool.PASSWORD).problem()).isEqualTo("invalid-code");
    assertThat(service.signIn(address, Pool.PASSWORD).status()).isEqualTo(401);
    assertThat(service.signIn(address, OTHER_PASSWORD).status()).isEqualTo(200);
    // Whoever had a session by the old password has none any more.
    assertThat(service.me(before.field("accessToken")).status()).isEqualTo(401);
    assertThat(service.refresh(before.field("refreshToken")).status()).isEqualTo(401);
  }

  private static Answer changePassword(
      RunningService service, String token, String current, String next) {
    return service.call(
        "POST",
        "/v1/auth/change-password",
        "{\"currentPassword\":\"" + current + "\",\"newPassword\":\"" + next + "\"}",
        token);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void thePasswordIsChangedByTheCurrentOne(Client kind) {
    var service = service(kind);
    String address = POOL.account();
    String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
    Answer guess = changePassword(service, token, "Wrong-Password-1", OTHER_PASSWORD);
    assertThat(guess.status()).as(guess.text()).isEqualTo(400);
    assertThat(guess.json().at("/errors/0/field").asText()).isEqualTo("currentPassword");
    Answer weak = changePassword(service, token, Pool.PASSWORD, "weak");
    assertThat(weak.json().at("/errors/0/field").asText()).isEqualTo("newPassword");
    // What Cognito takes for a malformed request.
    Answer padded = changePassword(service, token, Pool.PASSWORD, OTHER_PASSWORD + ' ');
    assertThat(padded.status()).as(padded.text()).isEqualTo(400);
    assertThat(padded.json().at("/errors/0/field").asText()).isEqualTo("newPassword");
    assertThat(padded.json().at("/errors/0/reason").asText()).contains("white space");
    Answer paddedGuess = changePassword(service, token, ' ' + Pool.PASSWORD, OTHER_PASSWORD);
    assertThat(paddedGuess.status()).as(paddedGuess.text()).isEqualTo(400);
    assertThat(paddedGuess.json().at("/errors/0/field").asText()).isEqualTo("currentPassword");
    assertThat(changePassword(service, token, Pool.PASSWORD, OTHER_PASSWORD).status())
        .isEqualTo(204);
    assertThat(service.signIn(address, OTHER_PASSWORD).status()).isEqualTo(200);
    assertThat(service.me(token).status()).isEqualTo(200);
    service.signOut(token, "{\"everywhere\": true}");
    Answer ended = changePassword(service, token, OTHER_PASSWORD, Pool.PASSWORD);
    assertThat(ended.status()).isEqualTo(401);
    assertThat(ended.header("WWW-Authenticate")).contains("revoked");
    assertThat(
            service
                .api()
                .post(
                    "/v1/auth/change-password", "{\"currentPassword\":\"x\",\"newPassword\":\"x\"}")
                .problem())
        .isEqualTo("token-missing");
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void attributesAreChangedAllOrNone(Client kind) {
    var service = service(kind);
    String token = service.signIn(POOL.account(), Pool.PASSWORD).field("accessToken");
    assertThat(patch(service, token, "{\"name\":\"Ann\",\"locale\":\"de\"}").status())
        .isEqualTo(204);
    Answer me = service.me(token);
    assertThat(me.json().at("/attributes").toString())
        .isEqualTo("{\"locale\":\"de\",\"name\":\"Ann\"}");
    assertThat(patch(service, token, "{\"locale\":\"\"}").status()).isEqualTo(204);
    assertThat(service.me(token).json().at("/attributes").has("locale")).isFalse();

    Answer unknown = patch(service, token, "{\"name\":\"Bob\",\"shoe_size\":\"43\"}");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().at("/errors/0/field").asText()).isEqualTo("attributes");
    Answer forbidden =
        patch(service, token, "{\"sub\":\"x\",\"email_verified\":\"true\",\"email\":\"a@b.c\"}");
    assertThat(forbidden.status()).isEqualTo(400);
    assertThat(forbidden.json().get("errors").findValuesAsText("field"))
        .containsExactly("attributes.email", "attributes.email_verified", "attributes.sub");
    assertThat(patch(service, token, "{}").status()).isEqualTo(400);
    assertThat(service.me(token).json().at("/attributes/name").asText()).isEqualTo("Ann");
  }

  private static Answer patch(RunningService service, String token, String attributes) {
    return service.call("PATCH", "/v1/auth/me", "{\"attributes\":" + attributes + "}", token);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void anotherAddressHoldsOnceItIsProven(Client kind) {
    var service = service(kind);
    String address = POOL.account();
    String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
    String next = Pool.freshAddress();
    Answer asked = service.call("PUT", "/v1/auth/me/email", "{\"email\":\"" + next + "\"}", token);
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    assertThat(asked.field("status")).isEqualTo("VERIFICATION_REQUIRED");
    assertThat(service.me(token).field("email")).isEqualTo(address);
    String first = Pool.codeFor(next);
    assertThat(service.call("POST", "/v1/auth/me/email/resend", "", token).status()).isEqualTo(204);
    String code = Pool.codeFor(next);
    assertThat(verify(service, token, wrong(code)).problem()).isEqualTo("invalid-code");
    if (!first.equals(code)) {
      assertThat(verify(service, token, first).problem()).isEqualTo("invalid-code");
    }
    assertThat(verify(service, token, code).status()).isEqualTo(204);
    assertThat(verify(service, token, code).problem()).isEqualTo("invalid-code");
    assertThat(service.me(token).field("email")).isEqualTo(next);
    assertThat(service.me(token).json().get("emailVerified").asBoolean()).isTrue();
    assertThat(service.signIn(next, Pool.PASSWORD).status()).isEqualTo(200);
    assertThat(service.signIn(address, Pool.PASSWORD).status()).isEqualTo(401);
  }

  private static Answer verify(RunningService service, String token, String code) {
    return service.call("POST", "/v1/auth/me/email/verify", "{\"code\":\"" + code + "\"}", token);
  }

  @Test
  void whatChangesAccessIsWrittenDownOnceItIsDone() throws IOException {
    var service = service(Client.PLAIN);
    String token = service.signIn(POOL.account(), Pool.PASSWORD).field("accessToken");
    String sub = service.me(token).field("sub");
    try (var lines = LogLines.of("dev.portico.audit")) {
      changePassword(service, token, "Wrong-Password-1", OTHER_PASSWORD);
      assertThat(lines.all()).isEmpty();
      changePassword(service, token, Pool.PASSWORD, OTHER_PASSWORD);
      String next = Pool.freshAddress();
      service.call("PUT", "/v1/auth/me/email", "{\"email\":\"" + next + "\"}", token);
      verify(service, token, Pool.codeFor(next));
      service.call("DELETE", "/v1/auth/mfa/totp", "", token);
      service.call("DELETE", "/v1/auth/me", "", token);
      var done = new ArrayList<String>();
      for (String line : lines.all()) {
        var json = new ObjectMapper().readTree(line);
        assertThat(json.get("by").asText()).isEqualTo(sub);
        assertThat(json.get("user").asText()).isEqualTo(sub);
        done.add(json.get("audit").asText());
      }
      assertThat(done)
          .containsExactly(
              "me.change-password",
              "me.change-email",
              "me.verify-email",
              "me.remove-totp",
              "me.delete");
      assertThat(String.join("\n", lines.all())).doesNotContain(next, OTHER_PASSWORD, token);
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void theAccountIsDeleted(Client kind) {
    var service = service(kind);
    String address = POOL.account();
    Answer signedIn = service.signIn(address, Pool.PASSWORD);
    String token = signedIn.field("accessToken");
    assertThat(service.call("DELETE", "/v1/auth/me", "", token).status()).isEqualTo(204);
    assertThat(service.me(token).status()).isEqualTo(401);
    assertThat(service.call("DELETE", "/v1/auth/me", "", token).status()).isEqualTo(401);
    assertThat(service.refresh(signedIn.field("refreshToken")).status()).isEqualTo(401);
    assertThat(service.signIn(address, Pool.PASSWORD).status()).isEqualTo(401);
  }
}
