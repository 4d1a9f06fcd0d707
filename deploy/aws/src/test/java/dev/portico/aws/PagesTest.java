package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.cost.Prices;
import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The pages about AWS and the pipelines that they refer to. */
class PagesTest {
  private static final Path DOCS = Path.of(System.getProperty("portico.root")).resolve("docs");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void whatTheyLinkToIsThere() throws IOException {
    List<Path> pages =
        new ArrayList<>(List.of(DOCS.resolve("aws.md"), DOCS.resolve("aws-not-proven.md")));
    try (Stream<Path> runbooks = Files.list(DOCS.resolve("runbooks"))) {
      runbooks.forEach(pages::add);
    }
    int links = 0;
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        links++;
        assertThat(page.resolveSibling(link.group(1))).as("%s", page).exists();
      }
    }
    assertThat(links).isGreaterThan(30);
  }

  @Test
  void everySettingIsExplained() throws IOException {
    String page = Files.readString(DOCS.resolve("aws.md"));
    for (String field :
        List.of(
            "name",
            "account",
            "region",
            "domains.sites",
            "domains.api",
            "domains.custom[]",
            "images.tag",
            "network.cidr",
            "network.egress",
            "network.natGateways",
            "network.originPorts",
            "gateway.cpu",
            "gateway.requestsPerMinute",
            "content.…",
            "architecture",
            "accounts.domainPrefix",
            "accounts.secondFactor",
            "accounts.threatProtection",
            "accounts.selfSignUp",
            "accounts.awsCredentials",
            "accounts.callbacks[]",
            "accounts.moreClients[]",
            "accounts.hostedLogin.identityProviders[]",
            "accounts.hostedLogin.identityProvider",
            "accounts.mail.from",
            "releases.bakeMinutes",
            "alarms.mail",
            "alarms.slowMillis",
            "logDays",
            "accessLogDays",
            "cloudFront.certificate",
            "firewall.requestsPerAddress",
            "traces.percent")) {
      assertThat(page).contains("`" + field + "`");
    }
  }

  /** Cognito takes an address for proven only where a mapping says so. */
  @Test
  void theProviderThatIsShownSaysWhatItHasProven() throws IOException {
    String page = Files.readString(DOCS.resolve("aws.md"));
    assertThat(page)
        .contains("--attribute-mapping email=email,email_verified=email_verified,name=name ")
        .contains("authorize_scopes=\"openid email profile\"");
  }

  @Test
  void whatTracesCostBesideXRayIsNamed() throws IOException {
    String page = Files.readString(DOCS.resolve("aws.md"));
    String traces = page.substring(page.indexOf("\n### Traces\n"));
    traces = traces.substring(0, traces.indexOf("\n### ", 1));
    Map<String, Prices.Item> prices = Prices.read().items();
    var usd = new DecimalFormat("0.00#", DecimalFormatSymbols.getInstance(Locale.ROOT));
    for (String paid : List.of("nat-gb", "log-gb")) {
      double price = Objects.requireNonNull(prices.get(paid)).price();
      assertThat(traces).contains(usd.format(price) + " USD a GB");
    }
    assertThat(traces).doesNotContain("Nothing else is paid");
  }

  private static Map<String, Object> pipeline(String name) throws IOException {
    return new Yaml()
        .load(Files.readString(Deployment.module().resolve("pipelines").resolve(name)));
  }

  @Test
  void theDeployingPipelineTestsFirstAndHasNoLongLivedKeys() throws IOException {
    Map<String, Object> deploy = pipeline("deploy.yml");
    assertThat(Template.find(deploy, "permissions")).isEqualTo(Map.of("contents", "read"));
    assertThat(Template.find(deploy, "jobs.deploy.needs")).isEqualTo("test");
    assertThat(Template.find(deploy, "jobs.deploy.permissions"))
        .isEqualTo(Map.of("contents", "read", "id-token", "write"));
    assertThat(Template.find(deploy, "jobs.deploy.environment")).isEqualTo("production");
    assertThat(deploy.toString())
        .doesNotContain("secrets.")
        .doesNotContainIgnoringCase("access-key")
        .contains("role-to-assume", "-Dportico.images.tag=\"$GITHUB_SHA\"", "tag=\"$GITHUB_SHA\"");
  }

  /** Without images of the commit the system tests are skipped, and the release goes on. */
  @Test
  void theDeployingPipelineMakesImagesBeforeItTests() throws IOException {
    var runs = new ArrayList<String>();
    for (Object step :
        (List<?>)
            Objects.requireNonNull(Template.find(pipeline("deploy.yml"), "jobs.test.steps"))) {
      runs.add(String.valueOf(Template.find(step, "run")));
    }
    runs.removeIf(run -> !run.startsWith("mvn "));
    assertThat(runs).hasSize(2);
    assertThat(runs.getFirst()).contains("-Pimages").endsWith(" package");
    assertThat(runs.getLast()).endsWith(" verify");
  }

  /** One place says what the settings file's {@code name} is when nobody says otherwise. */
  @Test
  void theDeployingPipelineTakesTheNameOfRepositoriesFromAVariable() throws IOException {
    Map<String, Object> deploy = pipeline("deploy.yml");
    assertThat(Template.find(deploy, "jobs.deploy.env.PORTICO_NAME"))
        .isEqualTo("${{ vars.PORTICO_NAME || 'portico' }}");
    assertThat(deploy.toString()).doesNotContain("\"portico/", "/portico\"");
  }

  @Test
  void thePublishingPipelineHasADeployTokenAlone() throws IOException {
    Map<String, Object> publish = pipeline("publish-site.yml");
    assertThat(Template.find(publish, "permissions")).isEqualTo(Map.of("contents", "read"));
    assertThat(publish.toString())
        .contains("secrets.PORTICO_TOKEN", "--no-activate")
        .doesNotContain("id-token", "AWS");
  }
}
