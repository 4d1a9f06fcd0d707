package dev.portico.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import java.util.HashMap;
import java.util.List;
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
          "PORTICO_COGNITO_ISSUER", "https://issuer.example/pool",
          "PORTICO_COGNITO_JWKS_URL", "https://issuer.example/pool/jwks.json",
          "PORTICO_COGNITO_CLIENT_IDS", "one",
          "PORTICO_INTERNAL_SECRETS", "0123456789abcdef0123456789abcdef");

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
        .containsExactlyInAnyOrder(
            "PORTICO_SITE_DOMAIN",
            "PORTICO_API_DOMAIN",
            "PORTICO_SITE_URL",
            "PORTICO_DNS_SERVER",
            "PORTICO_ORIGIN_ALLOWED_INNER",
            "PORTICO_COGNITO_ISSUER",
            "PORTICO_COGNITO_CLIENT_IDS",
            "PORTICO_AUTH_SECRET",
            "PORTICO_DYNAMODB_TABLE",
            "PORTICO_S3_BUCKET",
            "PORTICO_INTERNAL_SECRETS",
            "PORTICO_INTERNAL_SECRETS_MORE",
            "PORTICO_SPOOL_DIRECTORY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORTICO_GATEWAY_LEASE | 20 | must be a duration as 10s, and is \"20\"",
        "PORTICO_GATEWAY_LEASE | 10m | must be between 1s and 5m, and is 10m",
        "PORTICO_DEPLOYMENT_KEEP_PREVIEWS | 90 | must be a duration as 30d, and is \"90\"",
        "PORTICO_DEPLOYMENT_MAX_BYTES | 1GiB | must be a size as 20GB, and is \"1GiB\"",
        "PORTICO_DEPLOYMENT_MAX_FILES | abc | must be a whole number as 100000, and is \"abc\"",
        "PORTICO_DEPLOYMENT_MAX_FILES | 0 | must be between 1 and 1000000, and is 0",
        "PORTICO_ACCESS_LOG | flase | must be true or false, and is \"flase\"",
        "PORTICO_ACCESS_LOG | TRUE | must be true or false, and is \"TRUE\"",
        "PORTICO_API_PORT | -1 | must be a port from 0 to 65535, and is \"-1\"",
        "PORTICO_S3_ENDPOINT | http://a b | must be an http or https URL, and is \"http://a b\"",
        "PORTICO_BLOB_VARIANTS_MAX_SIZE | 4GB | must be between 0 and 2147483647,"
            + " and is 4294967296",
        "PORTICO_SITE_URL | https://x.example/ | must have {label} in it, and is"
            + " \"https://x.example/\"",
        "PORTICO_INTERNAL_SECRETS | short | holds a secret of fewer than 32 characters"
      })
  void oneLineSaysWhatIsExpectedAndWhatItIs(String name, String value, String said) {
    assertThat(fault(name, value)).contains(name + " " + said);
  }

  @Test
  void sizesAndTimesHaveTheirUnitsInEitherCase() {
    for (var each :
        List.of(
            Map.entry("PORTICO_BLOB_MEMORY", "64mb"),
            Map.entry("PORTICO_BLOB_MEMORY", "67108864"),
            Map.entry("PORTICO_SHUTDOWN_GRACE", "500ms"),
            Map.entry("PORTICO_S3_ENDPOINT", ""))) {
      assertThat(fault(each.getKey(), each.getValue())).as(each.toString()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PORTICO_LOG_FORMAT,xml",
    "PORTICO_LOG_FORMAT,''",
    "PORTICO_LOG_FORMAT,JSON",
    "PORTICO_LOG_LEVEL,verbose",
    "PORTICO_LOG_LEVEL,''"
  })
  void whatLogbackDoesNotKnowIsRefusedBeforeTheStart(String name, String value) {
    assertThat(Variables.faultOfLogs(Map.of(name, value)).orElseThrow())
        .startsWith(name + " must be ")
        .endsWith(", and is \"" + value + '"');
  }

  @Test
  void whatLogbackKnowsIsTaken() {
    assertThat(Variables.faultOfLogs(Map.of())).isEmpty();
    assertThat(
            Variables.faultOfLogs(
                Map.of("PORTICO_LOG_FORMAT", "json", "PORTICO_LOG_LEVEL", "warn")))
        .isEmpty();
  }
}
