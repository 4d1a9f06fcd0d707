package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What no variable can be keeps the service from starting, and the one line that says so. */
class VariablesTest {
  private static final Map<String, Object> REQUIRED =
      Map.of(
          "PORTICO_COGNITO_USER_POOL_ID", "us-east-1_Portico",
          "PORTICO_COGNITO_CLIENT_ID", "client",
          "PORTICO_COGNITO_ISSUER", "https://issuer.example/us-east-1_Portico",
          "PORTICO_INTERNAL_SECRETS", "secret-of-at-least-thirty-two-characters",
          "PORTICO_AUTH_SEALING_KEYS", "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

  private static Optional<String> fault(String name, String value) {
    System.setProperty("aws.region", "us-east-1");
    var settings = new HashMap<>(REQUIRED);
    settings.put(name, value);
    Throwable failure = catchThrowable(() -> ApplicationContext.run(settings).close());
    return failure == null ? Optional.empty() : StartFailure.ofSetting(failure, Map.of());
  }

  private static String bad(Variables.Kind kind) {
    return switch (kind) {
      case SWITCH -> "flase";
      case DURATION -> "10";
      case SIZE -> "1GiB";
      case PORT -> "70000";
      case NUMBER -> "1e6";
      case ADDRESS -> "localhost:8000";
      case TEXT -> "";
    };
  }

  static Stream<Variables.Variable> all() {
    return Variables.all().stream().filter(each -> each.kind() != Variables.Kind.TEXT);
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatCannotBeUnderstoodStopsTheStart(Variables.Variable variable) {
    String value = bad(variable.kind());
    assertThat(fault(variable.name(), value).orElse("it has started"))
        .startsWith(variable.name() + " must be ")
        .endsWith(", and is \"" + value + '"');
  }

  /** Texts have no form that could be told by their default. */
  @Test
  void fewAreTexts() {
    assertThat(Variables.all().stream().filter(each -> each.kind() == Variables.Kind.TEXT))
        .extracting(Variables.Variable::name)
        .containsOnly(
            "PORTICO_COGNITO_USER_POOL_ID",
            "PORTICO_COGNITO_CLIENT_ID",
            "PORTICO_COGNITO_CLIENT_IDS",
            "PORTICO_COGNITO_CLIENT_SECRET",
            "PORTICO_COGNITO_DOMAIN",
            "PORTICO_COGNITO_IDENTITY_PROVIDER",
            "PORTICO_COGNITO_IDENTITY_POOL_ID",
            "PORTICO_COGNITO_ISSUER",
            "PORTICO_INTERNAL_SECRETS",
            "PORTICO_INTERNAL_SECRETS_MORE",
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT",
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT_MORE",
            "PORTICO_AUTH_SEALING_KEYS",
            "PORTICO_DYNAMODB_TABLE",
            "PORTICO_TOTP_ISSUER");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORTICO_SESSION_IDLE | 30 | must be a duration as 8h, and is \"30\"",
        "PORTICO_SESSION_IDLE | 1m | must be between 5m and PORTICO_SESSION_LONGEST (30d), and is"
            + " 1m",
        "PORTICO_AUDIT_RETENTION | 1h | must be between 1d and 3650d, and is 1h",
        "PORTICO_LIMIT_ATTEMPTS_PER_ACCOUNT | many | must be a whole number as 20, and is"
            + " \"many\"",
        "PORTICO_BODY_LIMIT | 64KiB | must be a size as 64KB, and is \"64KiB\"",
        "PORTICO_ACCESS_LOG | flase | must be true or false, and is \"flase\"",
        "PORTICO_MANAGEMENT_PORT | -1 | must be a port from 0 to 65535, and is \"-1\"",
        "PORTICO_DYNAMODB_ENDPOINT | http://a b | must be an http or https URL, and is"
            + " \"http://a b\"",
        "PORTICO_INTERNAL_SECRETS | short | holds a secret of fewer than 32 characters"
      })
  void oneLineSaysWhatIsExpectedAndWhatItIs(String name, String value, String said) {
    assertThat(fault(name, value)).contains(name + " " + said);
  }

  @ParameterizedTest
  @CsvSource({"PORTICO_LOG_FORMAT,xml", "PORTICO_LOG_FORMAT,''", "PORTICO_LOG_FORMAT,JSON"})
  void whatLogbackDoesNotKnowIsRefusedBeforeTheStart(String name, String value) {
    assertThat(Variables.faultOfLogs(Map.of(name, value)).orElseThrow())
        .startsWith(name + " must be ")
        .endsWith(", and is \"" + value + '"');
  }

  @Test
  void whatLogbackKnowsIsTaken() {
    assertThat(Variables.faultOfLogs(Map.of())).isEmpty();
    assertThat(Variables.faultOfLogs(Map.of("PORTICO_LOG_FORMAT", "json"))).isEmpty();
  }
}
