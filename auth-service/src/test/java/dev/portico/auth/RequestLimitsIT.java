package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.Pool;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often accounts can be tried and messages asked for. */
class RequestLimitsIT {
  private static final Pool POOL = Pool.create();

  private static RunningService limited(Map<String, Object> limits) {
    return RunningService.start(POOL, client -> {}, settings -> settings.putAll(limits));
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(429);
    assertThat(answer.problem()).isEqualTo("too-many-requests");
    assertThat(Long.parseLong(answer.header("Retry-After"))).isBetween(1L, 3600L);
  }

  @Test
  void holdForAnAccountWhetherItExistsOrNot() {
    try (var service = limited(Map.of("portico.limit.attempts-per-account", 3))) {
      String known = POOL.account();
      for (String name : new String[] {known, Pool.freshAddress()}) {
        for (int i = 0; i < 3; i++) {
          assertThat(service.signIn(name, "Wrong-Password-1").status()).isEqualTo(401);
        }
        assertRefused(service.signIn(name, "Wrong-Password-1"));
        // Names that the pool takes for the same count as the same.
        assertRefused(service.signIn(name.toUpperCase(Locale.ROOT), "x"));
      }
      // The right password does not help, and another account is not concerned.
      assertRefused(service.signIn(known, Pool.PASSWORD));
      assertThat(service.signIn(POOL.account(), Pool.PASSWORD).status()).isEqualTo(200);
    }
  }

  @Test
  void holdForAnAddressOverAllAccounts() {
    try (var service = limited(Map.of("portico.limit.attempts-per-address", 2))) {
      assertThat(from(service, "203.0.113.1").status()).isEqualTo(401);
      assertThat(from(service, "203.0.113.1").status()).isEqualTo(401);
      assertRefused(from(service, "203.0.113.1"));
      // What a viewer has written before the gateway's own entry changes nothing.
      assertRefused(from(service, "192.0.2.7, 203.0.113.1"));
      assertThat(from(service, "203.0.113.2").status()).isEqualTo(401);
    }
  }

  private static Answer from(RunningService service, String address) {
    return service
        .api()
        .post(
            "/v1/auth/sign-in",
            "{\"username\":\"" + Pool.freshAddress() + "\",\"password\":\"x\"}",
            "X-Forwarded-For",
            address);
  }

  @Test
  void holdForRefreshTokensOfAnAddress() {
    try (var cognito = AwsProxy.ofCognito();
        var service =
            limited(
                Map.of(
                    "portico.limit.attempts-per-address",
                    2,
                    "portico.cognito.endpoint",
                    cognito.endpoint()))) {
      String token = service.signIn(POOL.account(), Pool.PASSWORD).field("refreshToken");
      for (int i = 0; i < 2; i++) {
        assertThat(refresh(service, "no-token", "203.0.113.1").status()).isEqualTo(401);
      }
      int asked = cognito.calls("GetTokensFromRefreshToken");
      assertThat(asked).isEqualTo(2);
      assertRefused(refresh(service, "no-token", "203.0.113.1"));
      assertRefused(refresh(service, token, "203.0.113.1"));
      assertThat(cognito.calls("GetTokensFromRefreshToken")).isEqualTo(asked);
      // Counted together with passwords and codes.
      assertRefused(from(service, "203.0.113.1"));
      assertThat(refresh(service, token, "203.0.113.2").status()).isEqualTo(200);
    }
  }

  private static Answer refresh(RunningService service, String token, String address) {
    return service
        .api()
        .post(
            "/v1/auth/refresh", "{\"refreshToken\":\"" + token + "\"}", "X-Forwarded-For", address);
  }

  @Test
  void holdForMessages() {
    try (var service = limited(Map.of("portico.limit.messages-per-account", 2))) {
      for (String name : new String[] {POOL.account(), Pool.freshAddress()}) {
        String body = "{\"username\":\"" + name + "\"}";
        assertThat(service.api().post("/v1/auth/forgot-password", body).status()).isEqualTo(200);
        assertThat(service.api().post("/v1/auth/resend", body).status()).isEqualTo(200);
        assertRefused(service.api().post("/v1/auth/forgot-password", body));
        // Attempts are counted by themselves.
        assertThat(service.signIn(name, "Wrong-Password-1").status()).isEqualTo(401);
      }
    }
  }

  @Test
  void strangersWhoNameASubUseNothingUp() {
    try (var service = limited(Map.of("portico.limit.attempts-per-account", 2))) {
      String token = service.signIn(POOL.account(), Pool.PASSWORD).field("accessToken");
      String sub = service.me(token).field("sub");
      for (String name : new String[] {sub, "sub:" + sub}) {
        while (service.signIn(name, "Wrong-Password-1").status() != 429) {
          // Until nothing is left.
        }
      }
      String body = "{\"currentPassword\":\"Wrong-Password-1\",\"newPassword\":\"Other-Word-8\"}";
      for (int i = 0; i < 2; i++) {
        Answer wrong = service.call("POST", "/v1/auth/change-password", body, token);
        assertThat(wrong.status()).as(wrong.text()).isEqualTo(400);
      }
      assertRefused(service.call("POST", "/v1/auth/change-password", body, token));
    }
  }

  @Test
  void holdForCodesThatAreChosenToBeSent() {
    try (var service = limited(Map.of("portico.limit.messages-per-account", 2))) {
      for (int i = 0; i < 2; i++) {
        assertThat(choose(service, "EMAIL_OTP").status()).isEqualTo(401);
      }
      assertRefused(choose(service, "EMAIL_OTP"));
      assertRefused(choose(service, "SMS_MFA"));
      assertThat(choose(service, "SOFTWARE_TOKEN_MFA").status()).isEqualTo(401);
    }
  }

  private static Answer choose(RunningService service, String factor) {
    return service
        .api()
        .post(
            "/v1/auth/challenge",
            """
            {"username": "ann", "challenge": "SELECT_MFA_TYPE", "session": "%s",
             "responses": {"mfaType": "%s"}}
            """
                .formatted("s".repeat(20), factor));
  }

  @Test
  void canBeSwitchedOff() {
    try (var service = limited(Map.of("portico.limit.attempts-per-account", 0))) {
      String name = Pool.freshAddress();
      for (int i = 0; i < 30; i++) {
        assertThat(service.signIn(name, "Wrong-Password-1").status()).isEqualTo(401);
      }
    }
  }
}
