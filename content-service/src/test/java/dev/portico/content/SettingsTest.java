package dev.portico.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.auth.AuthSettings;
import dev.portico.content.change.ChangeSettings;
import dev.portico.content.dynamodb.DynamoDbSettings;
import dev.portico.content.member.pool.CognitoSettings;
import dev.portico.content.member.pool.RevocationSettings;
import dev.portico.content.settings.OriginsSettings;
import dev.portico.content.site.SiteSettings;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @BeforeAll
  static void region() {
    System.setProperty("aws.region", "us-east-1");
  }

  private static Map<String, Object> required() {
    return new HashMap<>(
        Map.of(
            "PORTICO_COGNITO_ISSUER", "https://issuer.example/pool",
            "PORTICO_COGNITO_JWKS_URL", "https://issuer.example/pool/jwks.json",
            "PORTICO_COGNITO_CLIENT_IDS", "one,two",
            "PORTICO_INTERNAL_SECRETS", SECRET));
  }

  @Test
  void defaults() {
    try (ApplicationContext context = ApplicationContext.run(required())) {
      assertThat(context.getBean(DynamoDbSettings.class))
          .isEqualTo(new DynamoDbSettings("portico", null, 200, Duration.ofSeconds(30)));
      SiteSettings site = context.getBean(SiteSettings.class);
      assertThat(site.domain()).isEqualTo("localhost");
      assertThat(site.apiDomain()).isEqualTo("localhost");
      assertThat(site.restorable()).isEqualTo(Duration.ofDays(30));
      assertThat(site.settingsHistory()).isEqualTo(Duration.ofDays(365));
      assertThat(site.hostClaim()).isEqualTo(Duration.ofDays(7));
      assertThat(site.siteUrl("docs")).isEqualTo("http://docs.localhost:8080/");
      assertThat(site.previewUrl("docs", "next")).isEqualTo("http://next--docs.localhost:8080/");
      assertThat(context.getBean(OriginsSettings.class)).isEqualTo(new OriginsSettings(List.of()));
      assertThat(context.getBean(ChangeSettings.class))
          .isEqualTo(
              new ChangeSettings(
                  List.of(SECRET),
                  Duration.ofDays(7),
                  Duration.ofMillis(200),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(8)));
      assertThat(context.getBean(CognitoSettings.class))
          .isEqualTo(
              new CognitoSettings(
                  "https://issuer.example/pool",
                  URI.create("https://issuer.example/pool/jwks.json"),
                  List.of("one", "two"),
                  Duration.ofSeconds(60)));
      assertThat(context.getBean(AuthSettings.class).internal())
          .isEqualTo(URI.create("http://localhost:8085"));
      assertThat(context.getBean(RevocationSettings.class))
          .isEqualTo(new RevocationSettings(Duration.ofMinutes(5)));
    }
  }

  @Test
  void whereAuthServiceIsMustBeAnAddress() {
    Map<String, Object> settings = required();
    settings.put("PORTICO_AUTH_INTERNAL", "localhost:8085");
    assertThatThrownBy(() -> ApplicationContext.run(settings).close())
        .hasStackTraceContaining("PORTICO_AUTH_INTERNAL");
  }

  @Test
  void innerAddressesThatAreAllowedAreSeparatedByCommas() {
    Map<String, Object> settings = required();
    settings.put("PORTICO_ORIGIN_ALLOWED_INNER", "10.0.0.0/8, fd00::/8");
    try (ApplicationContext context = ApplicationContext.run(settings)) {
      assertThat(context.getBean(OriginsSettings.class).allowedInner())
          .containsExactly("10.0.0.0/8", "fd00::/8");
    }
  }

  @Test
  void invalidationsHaveAPaceThatCanBe() {
    for (String variable : List.of("PORTICO_INVALIDATION_RATE", "PORTICO_INVALIDATION_BURST")) {
      for (String value : List.of("0", "10001")) {
        Map<String, Object> mistaken = required();
        mistaken.put(variable, value);
        assertThatThrownBy(() -> ApplicationContext.run(mistaken).close())
            .hasStackTraceContaining(variable);
      }
    }
  }

  @Test
  void limitsOfDeploymentsThatCannotBeFailTheStart() {
    Map<String, String> mistakes =
        Map.of(
            "PORTICO_DEPLOYMENT_MAX_FILES", "1000001",
            "PORTICO_DEPLOYMENT_MAX_BYTES", "0",
            "PORTICO_DEPLOYMENT_MAX_PUBLICATIONS", "0",
            "PORTICO_DEPLOYMENT_KEEP_ACTIVATED", "0",
            "PORTICO_DEPLOYMENT_KEEP_PREVIEWS", "0s",
            "PORTICO_BLOB_MEMORY", "31MB",
            "PORTICO_BLOB_PARALLEL_PUTS", "1001",
            "PORTICO_BLOB_COLLECTION_GRACE", "-1d",
            "PORTICO_BLOB_VARIANTS_BROTLI_QUALITY", "12",
            "PORTICO_BLOB_VARIANTS_ZSTD_LEVEL", "20");
    mistakes.forEach(
        (variable, value) -> {
          Map<String, Object> settings = required();
          settings.put(variable, value);
          assertThatThrownBy(() -> ApplicationContext.run(settings).close(), variable)
              .hasStackTraceContaining(variable);
        });
  }

  @Test
  void urlsOfARealDomain() {
    Map<String, Object> settings = required();
    settings.put("PORTICO_SITE_DOMAIN", "sites.example");
    try (ApplicationContext context = ApplicationContext.run(settings)) {
      assertThat(context.getBean(SiteSettings.class).siteUrl("docs"))
          .isEqualTo("https://docs.sites.example/");
    }
    settings.put("PORTICO_SITE_URL", "https://{label}.sites.example:8443/");
    try (ApplicationContext context = ApplicationContext.run(settings)) {
      assertThat(context.getBean(SiteSettings.class).siteUrl("docs"))
          .isEqualTo("https://docs.sites.example:8443/");
    }
  }

  @Test
  void whatIsMissingFailsTheStart() {
    for (String key : required().keySet()) {
      Map<String, Object> settings = required();
      settings.remove(key);
      assertThatThrownBy(() -> ApplicationContext.run(settings).close()).as(key).isNotNull();
    }
    Map<String, Object> guessable = required();
    guessable.put("PORTICO_INTERNAL_SECRETS", "short");
    assertThatThrownBy(() -> ApplicationContext.run(guessable).close()).isNotNull();
    Map<String, Object> mistaken = required();
    mistaken.put("PORTICO_ORIGIN_ALLOWED_INNER", "10.0.0.0/8,10.0.0.1/8");
    assertThatThrownBy(() -> ApplicationContext.run(mistaken).close())
        .hasStackTraceContaining("PORTICO_ORIGIN_ALLOWED_INNER");
    Map.of(
            "PORTICO_SITE_DOMAIN", " ",
            "PORTICO_API_DOMAIN", "",
            "PORTICO_DYNAMODB_TABLE", "",
            "PORTICO_DYNAMODB_ENDPOINT", "localhost:8000",
            "PORTICO_DYNAMODB_CONNECTIONS", "0",
            "PORTICO_S3_BUCKET", " ",
            "PORTICO_S3_ENDPOINT", "ftp://localhost/",
            "PORTICO_S3_CONNECTIONS", "10001",
            "PORTICO_S3_TIMEOUT", "0s",
            "PORTICO_DYNAMODB_CALL_TIMEOUT", "-1s")
        .forEach(
            (variable, value) -> {
              Map<String, Object> wrong = required();
              wrong.put(variable, value);
              assertThatThrownBy(() -> ApplicationContext.run(wrong).close())
                  .as(variable)
                  .hasStackTraceContaining(variable);
            });
    for (String skew : List.of("6m", "-1s")) {
      Map<String, Object> careless = required();
      careless.put("PORTICO_TOKEN_CLOCK_SKEW", skew);
      assertThatThrownBy(() -> ApplicationContext.run(careless).close())
          .hasStackTraceContaining("PORTICO_TOKEN_CLOCK_SKEW");
    }
  }

  @Test
  void secretsOfGatewaysMayComeInTwoVariables() {
    String other = "fedcba9876543210fedcba9876543210";
    Map<String, Object> settings = required();
    settings.put("PORTICO_INTERNAL_SECRETS_MORE", other);
    try (ApplicationContext context = ApplicationContext.run(settings)) {
      assertThat(context.getBean(ChangeSettings.class).secrets()).containsExactly(SECRET, other);
    }
    // What an ECS secret holds while none is being replaced.
    settings.put("PORTICO_INTERNAL_SECRETS_MORE", ",");
    try (ApplicationContext context = ApplicationContext.run(settings)) {
      assertThat(context.getBean(ChangeSettings.class).secrets()).containsExactly(SECRET);
    }
    settings.put("PORTICO_INTERNAL_SECRETS_MORE", "short");
    assertThatThrownBy(() -> ApplicationContext.run(settings).close())
        .hasStackTraceContaining("PORTICO_INTERNAL_SECRETS");
  }

  @Test
  void everyVariableIsDocumented() throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    String settings =
        Files.readString(root.resolve("content-service/src/main/resources/application.yml"));
    String document = Files.readString(root.resolve("docs/content-service.md"));
    TreeSet<String> variables =
        Pattern.compile("PORTICO_[A-Z0-9_]+")
            .matcher(settings)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(variables)
        .isNotEmpty()
        .allMatch(variable -> document.contains("`" + variable + "`"));
  }
}
