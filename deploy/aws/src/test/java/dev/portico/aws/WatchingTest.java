package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WatchingTest {
  private static final String ALARM = "AWS::CloudWatch::Alarm";
  private static final Path PAGES =
      Path.of(System.getProperty("portico.root")).resolve("docs/runbooks");

  private final Template small = Deployment.small().edge();
  private final Template production = Deployment.production().edge();

  /** Pages that alarms and rules of the template name. */
  private static Set<String> named(Template template) {
    return Stream.concat(
            template.all(ALARM).stream().map(alarm -> alarm.at("AlarmDescription")),
            template.all("AWS::Events::Rule").stream().map(rule -> rule.at("Description")))
        .map(String::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyAlarmHasAPageAndEveryPageAnAlarm() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      Set<String> pages =
          files
              .map(file -> "docs/runbooks/" + file.getFileName())
              .filter(page -> !page.endsWith("README.md"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(named(small)).isEqualTo(pages);
      assertThat(named(production)).isEqualTo(pages);
    }
  }

  @Test
  void everyPageSaysWhatItMeansWhereToLookAndWhatToDo() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      assertThat(files.filter(file -> !file.endsWith("README.md")))
          .isNotEmpty()
          .allSatisfy(
              file -> assertThat(read(file)).contains("**It means** ", "\n## Look\n", "\n## Do\n"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyAlarmIsTold() {
    assertThat(small.all(ALARM))
        .hasSize(5 + 3 * 4 + 2 + 1 + 1)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.at("AlarmActions.0")).isNotNull();
              assertThat(alarm.at("OKActions.0")).isNotNull();
            });
    assertThat(small.one("AWS::SNS::Subscription", "").at("Endpoint"))
        .isEqualTo("operations@example.com");
    assertThat(small.one("AWS::SNS::TopicPolicy", "").text())
        .as("who may tell, once the topic has a policy")
        .contains("aws:SecureTransport")
        .contains("cloudwatch.amazonaws.com", "events.amazonaws.com");
    assertThat(production.all(ALARM)).as("a certificate more for each own domain").hasSize(23);
  }

  @Test
  void alarmsOfGatewaysSeeBothColours() {
    for (String alarm : List.of("errors", "slow", "missing", "unhealthy")) {
      String text = small.one(ALARM, "Pagergateway" + alarm).text();
      assertThat(text).as(alarm).contains("BalancerBlue", "BalancerGreen");
    }
  }

  @Test
  void noNewsOfTasksAndGatewaysIsBadNews() {
    for (Resource alarm : small.all(ALARM)) {
      boolean missing = String.valueOf(alarm.at("AlarmDescription")).contains("missing");
      assertThat("breaching".equals(alarm.at("TreatMissingData")))
          .as(alarm.id())
          .isEqualTo(missing);
    }
  }

  @Test
  void tooFewTasksAreFewerThanTheSettingsWant() {
    assertThat(production.one(ALARM, "Pagerservicemissingcontent").at("Threshold")).isEqualTo(2);
    assertThat(production.one(ALARM, "Pagergatewaymissing").at("Threshold")).isEqualTo(3);
    assertThat(small.one(ALARM, "Pagergatewaymissing").at("Threshold")).isEqualTo(1);
    assertThat(production.one(ALARM, "Pagergatewayslow").at("Threshold")).isEqualTo(1000);
  }

  @Test
  void aReleaseThatFailsIsTold() {
    Resource rule = small.one("AWS::Events::Rule", "");
    assertThat(rule.at("EventPattern.detail.eventName"))
        .isEqualTo(List.of("SERVICE_DEPLOYMENT_FAILED"));
    // In what AWS sends, the service's ARN is the only thing that names the cluster.
    assertThat(String.valueOf(rule.at("EventPattern.resources")))
        .contains("prefix=arn:aws:ecs:")
        .contains(":service/portico/");
    assertThat(String.valueOf(rule.at("Targets.0.Arn"))).contains("PagerTopic");
  }

  @Test
  void everythingIsLoggedForTheDaysOfTheSettings() {
    assertThat(small.all("AWS::Logs::LogGroup"))
        .hasSize(6)
        .allSatisfy(group -> assertThat(group.at("RetentionInDays")).isEqualTo(30));
    assertThat(production.all("AWS::Logs::LogGroup"))
        .as("the firewall's too")
        .hasSize(7)
        .allSatisfy(group -> assertThat(group.at("RetentionInDays")).isEqualTo(90));
    assertThat(small.all("AWS::Logs::LogGroup"))
        .extracting(group -> group.at("LogGroupName"))
        .contains("/portico/gateway-service", "/portico/content-service", "/portico/auth-service");
    for (String task : List.of("GatewayTask", "ContentTask", "AuthTask")) {
      assertThat(small.environment(task)).containsEntry("PORTICO_LOG_FORMAT", "json");
      assertThat(
              small
                  .one("AWS::ECS::TaskDefinition", task)
                  .at("ContainerDefinitions.0.LogConfiguration.Options.mode"))
          .as("a log that cannot be delivered stops no service")
          .isEqualTo("non-blocking");
    }
  }

  /** Fields that a line of the gateway's access log has: docs/gateway-service.md. */
  @Test
  void metricsAreTakenOfFieldsThatTheLogHas() throws IOException {
    String documented =
        read(Path.of(System.getProperty("portico.root")).resolve("docs/gateway-service.md"));
    assertThat(small.all("AWS::Logs::MetricFilter"))
        .hasSize(11)
        .filteredOn(filter -> String.valueOf(filter.at("LogGroupName")).contains("LogsGateway"))
        .filteredOn(filter -> !String.valueOf(filter.at("FilterPattern")).contains("$.level"))
        .hasSize(6)
        .allSatisfy(
            filter -> {
              String field =
                  String.valueOf(filter.at("FilterPattern")).replaceAll(".*\\$\\.(\\w+) .*", "$1");
              assertThat(documented).contains("`" + field + "`");
            });
    Resource outcomes = small.one("AWS::Logs::MetricFilter", "LogMetricsRequests");
    assertThat(outcomes.at("MetricTransformations.0.Dimensions"))
        .isEqualTo(List.of(Map.of("Key", "Outcome", "Value", "$.outcome")));
  }

  @Test
  void theDashboardShowsWhatMatters() {
    String board = small.one("AWS::CloudWatch::Dashboard", "").text();
    assertThat(board)
        .contains("Requests by outcome", "Share of hits", "Errors by cause", "Origins", "p99")
        .contains("Processors", "Memory", "Tasks")
        .contains("Table: units", "capacity units", "Bytes to viewers");
  }

  @Test
  void clustersAreWatchedInsideForTheNumberOfTasks() {
    assertThat(small.one("AWS::ECS::Cluster", "").list("ClusterSettings"))
        .containsExactly(Map.of("Name", "containerInsights", "Value", "enabled"));
  }
}
