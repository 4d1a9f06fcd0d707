package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.auth.cognito.CognitoSettings;
import dev.portico.auth.hosted.HostedLoginSettings;
import dev.portico.auth.internal.InternalSettings;
import dev.portico.auth.seal.SealSettings;
import dev.portico.auth.token.TokenSettings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.MapPropertySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting: its environment variable, its default, and what it refuses. */
class SettingsTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  /** Environment variable, property, default (empty: none), another value. */
  private static final List<List<String>> SETTINGS =
      List.of(
          List.of("PORTICO_API_PORT", "micronaut.server.netty.listeners.api.port", "8084", "18084"),
          List.of(
              "PORTICO_INTERNAL_PORT",
              "micronaut.server.netty.listeners.internal.port",
              "8085",
              "18085"),
          List.of(
              "PORTICO_AUTH_URL",
              "portico.auth-host.url",
              "http://auth.localhost:8080",
              "https://auth.example.com"),
          List.of("PORTICO_AUTH_SEALING_KEYS", "portico.seal.keys", "", "k2:" + KEY + ",k1:" + KEY),
          List.of("PORTICO_DYNAMODB_TABLE", "portico.dynamodb.table", "portico", "t"),
          List.of("PORTICO_DYNAMODB_ENDPOINT", "portico.dynamodb.endpoint", "", "http://h:3"),
          List.of("PORTICO_DYNAMODB_CALL_TIMEOUT", "portico.dynamodb.call-timeout", "5s", "3s"),
          List.of("PORTICO_SESSION_IDLE", "portico.session.idle", "8h", "1h"),
          List.of("PORTICO_SESSION_LONGEST", "portico.session.longest", "30d", "7d"),
          List.of("PORTICO_MANAGEMENT_PORT", "endpoints.all.port", "8086", "18086"),
          List.of("PORTICO_COGNITO_ENDPOINT", "portico.cognito.endpoint", "", "http://h:1"),
          List.of("PORTICO_COGNITO_USER_POOL_ID", "portico.cognito.user-pool-id", "", "p_1"),
          List.of("PORTICO_COGNITO_CLIENT_ID", "portico.cognito.client-id", "", "c1"),
          List.of("PORTICO_COGNITO_CLIENT_SECRET", "portico.cognito.client-secret", "", "s"),
          List.of("PORTICO_COGNITO_CALL_TIMEOUT", "portico.cognito.call-timeout", "5s", "9s"),
          List.of(
              "PORTICO_COGNITO_DOMAIN",
              "portico.hosted-login.domain",
              "",
              "https://login.example.com"),
          List.of(
              "PORTICO_COGNITO_IDENTITY_PROVIDER",
              "portico.hosted-login.identity-provider",
              "",
              "Google"),
          List.of(
              "PORTICO_COGNITO_IDENTITY_POOL_ID",
              "portico.identity.pool-id",
              "",
              "us-east-1:00000000-0000-0000-0000-000000000000"),
          List.of(
              "PORTICO_COGNITO_IDENTITY_ENDPOINT", "portico.identity.endpoint", "", "http://h:2"),
          List.of("PORTICO_COGNITO_ISSUER", "portico.token.issuer", "", "https://i"),
          List.of("PORTICO_COGNITO_JWKS_URL", "portico.token.jwks-url", "", "http://h/k"),
          List.of("PORTICO_COGNITO_CLIENT_IDS", "portico.token.client-ids", "", "c1,c2"),
          List.of("PORTICO_TOKEN_CLOCK_SKEW", "portico.token.clock-skew", "60s", "30s"),
          List.of("PORTICO_AUDIT_RETENTION", "portico.audit.retention", "400d", "90d"),
          List.of("PORTICO_TOTP_ISSUER", "portico.mfa.totp-issuer", "Portico", "Example"),
          List.of(
              "PORTICO_LIMIT_ATTEMPTS_PER_ACCOUNT",
              "portico.limit.attempts-per-account",
              "20",
              "2"),
          List.of(
              "PORTICO_LIMIT_ATTEMPTS_PER_ADDRESS",
              "portico.limit.attempts-per-address",
              "300",
              "3"),
          List.of("PORTICO_LIMIT_ATTEMPTS_PERIOD", "portico.limit.attempts-period", "5m", "1m"),
          List.of(
              "PORTICO_LIMIT_MESSAGES_PER_ACCOUNT", "portico.limit.messages-per-account", "5", "4"),
          List.of(
              "PORTICO_LIMIT_MESSAGES_PER_ADDRESS",
              "portico.limit.messages-per-address",
              "50",
              "6"),
          List.of("PORTICO_LIMIT_MESSAGES_PERIOD", "portico.limit.messages-period", "1h", "2h"),
          List.of("PORTICO_LIMIT_ANSWER_STEP", "portico.limit.answer-step", "400ms", "1s"),
          List.of("PORTICO_ACCESS_LOG", "portico.observe.access-log", "true", "false"),
          List.of("PORTICO_BODY_LIMIT", "micronaut.server.max-request-size", "64KB", "1MB"),
          List.of(
              "PORTICO_SHUTDOWN_GRACE",
              "micronaut.lifecycle.graceful-shutdown.grace-period",
              "20s",
              "5s"));

  /** Variables of one property: the secrets of two callers, each the present one and the next. */
  private static final List<String> SECRETS =
      List.of(
          "PORTICO_INTERNAL_SECRETS",
          "PORTICO_INTERNAL_SECRETS_MORE",
          "PORTICO_INTERNAL_SECRETS_OF_CONTENT",
          "PORTICO_INTERNAL_SECRETS_OF_CONTENT_MORE");

  private static final Map<String, Object> REQUIRED =
      Map.of(
          "PORTICO_COGNITO_USER_POOL_ID", "us-east-1_Portico",
          "PORTICO_COGNITO_CLIENT_ID", "client",
          "PORTICO_COGNITO_ISSUER", "https://issuer.example/us-east-1_Portico",
          "PORTICO_INTERNAL_SECRETS", "secret-of-at-least-thirty-two-characters",
          "PORTICO_AUTH_SEALING_KEYS", "k1:" + KEY);

  private static ApplicationContext context(Map<String, Object> environment) {
    var source =
        new MapPropertySource("environment", environment) {
          @Override
          public PropertyConvention getConvention() {
            return PropertyConvention.ENVIRONMENT_VARIABLE;
          }
        };
    return ApplicationContext.builder().propertySources(source).start();
  }

  private static Map<String, Object> with(String key, String value) {
    var environment = new HashMap<>(REQUIRED);
    environment.put(key, value);
    return environment;
  }

  @Test
  void haveTheirDefaults() {
    try (var context = context(REQUIRED)) {
      for (var setting : SETTINGS) {
        if (!REQUIRED.containsKey(setting.get(0))
            && !setting.get(0).equals("PORTICO_COGNITO_CLIENT_IDS")) {
          assertThat(context.getProperty(setting.get(1), String.class).orElse(""))
              .as(setting.get(0))
              .isEqualTo(setting.get(2));
        }
      }
      var tokens = context.getBean(TokenSettings.class);
      assertThat(tokens.clientIds()).containsExactly("client");
      assertThat(tokens.jwksUrl())
          .isEqualTo("https://issuer.example/us-east-1_Portico/.well-known/jwks.json");
      assertThat(tokens.clockSkew()).isEqualTo(Duration.ofSeconds(60));
      assertThat(context.getBean(CognitoSettings.class).callTimeout())
          .isEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void areReadFromTheEnvironment() {
    var environment = new HashMap<>(REQUIRED);
    SETTINGS.forEach(setting -> environment.put(setting.get(0), setting.get(3)));
    try (var context = context(environment)) {
      for (var setting : SETTINGS) {
        assertThat(context.getRequiredProperty(setting.get(1), String.class))
            .as(setting.get(0))
            .isEqualTo(setting.get(3));
      }
      assertThat(context.getBean(TokenSettings.class).clientIds()).containsExactly("c1", "c2");
    }
  }

  @Test
  void areAllListedHere() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SettingsTest.class.getResourceAsStream("/application.yml"))) {
      var names = new TreeSet<String>();
      Pattern.compile("\\$\\{(PORTICO_[A-Z_]+)")
          .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .results()
          .forEach(match -> names.add(match.group(1)));
      assertThat(names)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(SETTINGS.stream().map(List::getFirst), SECRETS.stream()).toList());
    }
  }

  @Test
  void secretsOfCallersMayComeInSeveralVariables() {
    var environment = new HashMap<>(REQUIRED);
    var secrets = new ArrayList<String>();
    for (String name : SECRETS) {
      secrets.add("one-of-thirty-two-characters-in-" + name);
      environment.put(name, secrets.getLast());
    }
    try (var context = context(environment)) {
      assertThat(context.getBean(InternalSettings.class).secrets())
          .containsExactlyElementsOf(secrets);
    }
    // What an ECS secret holds while none is being replaced.
    environment.put(SECRETS.getLast(), ",");
    try (var context = context(environment)) {
      assertThat(context.getBean(InternalSettings.class).secrets()).hasSize(SECRETS.size() - 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PORTICO_AUTH_URL,http://auth.example.com",
    "PORTICO_AUTH_URL,https://auth.example.com/path",
    "PORTICO_AUTH_URL,https://user@auth.example.com",
    "PORTICO_AUTH_URL,auth.example.com",
    "PORTICO_INTERNAL_SECRETS,''",
    "PORTICO_INTERNAL_SECRETS,short",
    "PORTICO_AUTH_SEALING_KEYS,''",
    "PORTICO_AUTH_SEALING_KEYS,k1:c2hvcnQ=",
    "PORTICO_AUTH_SEALING_KEYS,no base64",
    "PORTICO_AUTH_SEALING_KEYS,a.b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "PORTICO_DYNAMODB_TABLE,' '",
    "PORTICO_DYNAMODB_ENDPOINT,localhost:8000",
    "PORTICO_DYNAMODB_CALL_TIMEOUT,0s",
    "PORTICO_SESSION_IDLE,1m",
    "PORTICO_SESSION_IDLE,31d",
    "PORTICO_SESSION_LONGEST,366d",
    "PORTICO_COGNITO_USER_POOL_ID,''",
    "PORTICO_COGNITO_CLIENT_ID,''",
    "PORTICO_COGNITO_ISSUER,''",
    "PORTICO_COGNITO_JWKS_URL,ftp://example",
    "PORTICO_COGNITO_ENDPOINT,localhost:9229",
    "PORTICO_TOKEN_CLOCK_SKEW,6m",
    "PORTICO_COGNITO_CALL_TIMEOUT,0s",
    "PORTICO_COGNITO_CALL_TIMEOUT,11s",
    "PORTICO_AUDIT_RETENTION,23h",
    "PORTICO_AUDIT_RETENTION,3651d",
    "PORTICO_COGNITO_DOMAIN,http://login.example.com",
    "PORTICO_COGNITO_DOMAIN,https://login.example.com/login",
    "PORTICO_COGNITO_DOMAIN,login.example.com",
    "PORTICO_COGNITO_IDENTITY_PROVIDER,<a>",
    "PORTICO_COGNITO_IDENTITY_POOL_ID,no pool",
    "PORTICO_COGNITO_IDENTITY_ENDPOINT,localhost:1",
    "PORTICO_LIMIT_ATTEMPTS_PER_ACCOUNT,-1",
    "PORTICO_TOTP_ISSUER,a:b",
    "PORTICO_LIMIT_MESSAGES_PER_ADDRESS,-1",
    "PORTICO_LIMIT_ATTEMPTS_PERIOD,500ms",
    "PORTICO_LIMIT_MESSAGES_PERIOD,25h",
    "PORTICO_LIMIT_ANSWER_STEP,-1ms",
    "PORTICO_LIMIT_ANSWER_STEP,6s"
  })
  void stopTheStartWhenTheyCannotWork(String name, String value) {
    assertThatThrownBy(() -> context(with(name, value)).close()).hasStackTraceContaining(name);
  }

  @Test
  void keepSecretsOutOfLogs() {
    try (var context = context(with("PORTICO_COGNITO_CLIENT_SECRET", "very-secret"))) {
      assertThat(context.getBean(CognitoSettings.class).toString()).doesNotContain("very-secret");
      assertThat(context.getBean(HostedLoginSettings.class).toString())
          .doesNotContain("very-secret");
      assertThat(context.getBean(SealSettings.class).toString()).doesNotContain(KEY);
      assertThat(context.getBean(InternalSettings.class).toString())
          .doesNotContain("secret-of-at-least");
    }
  }
}
