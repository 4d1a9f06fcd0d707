package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

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

  /** What people know of a line is its text, which is not in {@code message}. */
  @Test
  void queriesSearchTheTextOfLines() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      List<String> queries =
          files
              .flatMap(file -> read(file).lines())
              .filter(line -> line.startsWith("    fields "))
              .toList();
      assertThat(queries)
          .filteredOn(query -> query.contains("formattedMessage"))
          .hasSizeGreaterThan(4);
      assertThat(queries).noneMatch(query -> query.matches(".*(?<![.@\\w])message\\b.*"));
    }
  }

  /** Whoever looks for a category that there is none of finds nothing, and believes it. */
  @Test
  void categoriesOfErrorsAreThoseOfTheGateway() {
    Path root = Path.of(System.getProperty("portico.root"));
    String errors =
        read(
            root.resolve("gateway-service/src/main/java/dev/portico/gateway/error/EdgeError.java"));
    Set<String> categories =
        Pattern.compile("(?m)^  ([A-Z_]+)\\(\\d{3}, ")
            .matcher(errors)
            .results()
            .map(match -> match.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.toSet());
    List<String> named =
        Pattern.compile("`([a-z]+(?:-[a-z]+)*)`")
            .matcher(read(PAGES.resolve("gateway-errors.md")))
            .results()
            .map(match -> match.group(1))
            .filter(word -> !word.equals("error"))
            .toList();
    assertThat(named).hasSizeGreaterThan(5).allMatch(categories::contains);
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
        .hasSize(7 + 3 * 4 + 2 + 1 + 1 + 1 + 5)
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
    assertThat(small.one("AWS::SNS::TopicPolicy", "").list("PolicyDocument.Statement"))
        .filteredOn(statement -> "Allow".equals(statement.get("Effect")))
        .hasSize(2)
        .allSatisfy(
            statement ->
                assertThat(statement.get("Condition"))
                    .isEqualTo(
                        Map.of("StringEquals", Map.of("aws:SourceAccount", "111111111111"))));
    assertThat(production.all(ALARM)).as("a certificate more for each own domain").hasSize(31);
  }

  @Test
  void alarmsOfGatewaysSeeBothColours() {
    for (String alarm : List.of("errors", "slow", "missing", "unhealthy")) {
      String text = small.one(ALARM, "Pagergateway" + alarm).text();
      assertThat(text).as(alarm).contains("BalancerBlue", "BalancerGreen");
    }
  }

  /** A site's dead or slow server would else put back every release of the gateway. */
  @Test
  void whatTakesAReleaseBackHasNoPartOfOrigins() {
    Resource errors = small.one("AWS::Logs::MetricFilter", "LogMetricsOwnErrors");
    assertThat(errors.at("FilterPattern"))
        .isEqualTo("{ ($.error = \"internal\") || ($.error = \"unavailable\") }");
    Resource hits = small.one("AWS::Logs::MetricFilter", "LogMetricsHitTime");
    assertThat(hits.at("FilterPattern"))
        .isEqualTo("{ ($.outcome = \"hit\") && ($.firstByteMicros >= 0) }");
    String own = small.one(ALARM, "Pagergatewayownerrors").text();
    assertThat(own)
        .contains("OwnErrors", "HTTPCode_ELB_5XX_Count", "RequestCount")
        .doesNotContain("HTTPCode_Target_5XX_Count");
    Resource slow = small.one(ALARM, "Pagergatewayslowhits");
    assertThat(slow.at("MetricName")).isEqualTo("HitTime");
    assertThat(slow.at("ExtendedStatistic")).isEqualTo("p99");
    assertThat(slow.at("Threshold")).isEqualTo(500_000);
  }

  /** ECS ends a task that does not get ready and starts another, which counts for some minutes. */
  @Test
  void aGatewayThatNeverGetsReadyTakesItsReleaseBack() {
    Resource unhealthy = small.one(ALARM, "Pagergatewayunhealthy");
    assertThat(unhealthy.at("DatapointsToAlarm")).isEqualTo(5);
    assertThat(unhealthy.at("EvaluationPeriods")).isEqualTo(15);
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

  /** Gateways write their gauges down once a minute, from which CloudWatch takes these. */
  @Test
  void aGatewayThatHasNotReadTheControlsOrLostTheFeedIsTold() {
    assertThat(small.environment("GatewayTask"))
        .containsEntry("PORTICO_METRICS_LOG_INTERVAL", "1m");
    Resource filter = small.one("AWS::Logs::MetricFilter", "LogMetricsControlsAge");
    assertThat(filter.at("FilterPattern")).isEqualTo("{ $.portico_controls_age_seconds >= 0 }");
    assertThat(filter.at("MetricTransformations.0.MetricValue"))
        .isEqualTo("$.portico_controls_age_seconds");
    Resource stale = small.one(ALARM, "Pagercontrolsstale");
    assertThat(stale.at("MetricName")).isEqualTo("ControlsAge");
    assertThat(stale.at("Statistic")).as("of the one that is furthest behind").isEqualTo("Maximum");
    assertThat(stale.at("Threshold")).isEqualTo(180);
    assertThat(stale.at("ComparisonOperator")).isEqualTo("GreaterThanThreshold");
    Resource lost = small.one(ALARM, "Pagerfeedlost");
    assertThat(lost.at("MetricName")).isEqualTo("FeedLease");
    Resource unheard = small.one(ALARM, "Pagerrevocationslost");
    assertThat(unheard.at("MetricName")).isEqualTo("Revocations");
    for (Resource alarm : List.of(lost, unheard)) {
      assertThat(alarm.at("Statistic")).as("of the one that has not").isEqualTo("Minimum");
      assertThat(alarm.at("Threshold")).isEqualTo(1);
      assertThat(alarm.at("ComparisonOperator")).isEqualTo("LessThanThreshold");
    }
    assertThat(
            small
                .one("AWS::Logs::MetricFilter", "LogMetricsRevocations")
                .at("MetricTransformations.0.MetricValue"))
        .isEqualTo("$.portico_revocations_connected");
  }

  @Test
  void aChangeThatDoesNotArriveIsTold() {
    Resource filter = small.one("AWS::Logs::MetricFilter", "LogMetricsFeedDelay");
    assertThat(filter.at("FilterPattern")).isEqualTo("{ $.portico_feed_delay_seconds >= 0 }");
    Resource late = small.one(ALARM, "Pagerfeedlate");
    assertThat(late.at("MetricName")).isEqualTo("FeedDelay");
    assertThat(late.at("Statistic"))
        .as("of the gateway that is furthest behind")
        .isEqualTo("Maximum");
    assertThat(late.at("Threshold")).isEqualTo(60);
    assertThat(late.at("DatapointsToAlarm")).isEqualTo(5);
  }

  @Test
  void oneEntryOfTheAuditLogThatIsNotStoredIsTold() throws IOException {
    Resource filter = small.one("AWS::Logs::MetricFilter", "LogMetricsFailedAudits");
    String logger = "dev.portico.auth.audit.AuditLog";
    assertThat(filter.at("FilterPattern"))
        .isEqualTo("{ ($.loggerName = \"" + logger + "\") && ($.level = \"ERROR\") }");
    assertThat(String.valueOf(filter.at("LogGroupName"))).contains("LogsAuth");
    assertThat(read(Path.of(System.getProperty("portico.root")).resolve("docs/auth-service.md")))
        .contains("`" + logger + "`");
    Resource alarm = small.one(ALARM, "Pagerauditfailed");
    assertThat(alarm.at("MetricName")).isEqualTo("FailedAudits");
    assertThat(alarm.at("Threshold")).isEqualTo(0);
    assertThat(alarm.at("EvaluationPeriods")).isEqualTo(1);
  }

  /** By 503 a copy that stops sends gateways to another one, at each release and each time. */
  @Test
  void aCopyThatStopsDoesNotFail() {
    String contracts =
        read(Path.of(System.getProperty("portico.root")).resolve("deploy/contracts/README.md"));
    Map.of("content", "/internal/changes", "auth", "/internal/revocations")
        .forEach(
            (service, feed) -> {
              assertThat(contracts).contains("`POST " + feed + "`");
              Resource filter =
                  small.one("AWS::Logs::MetricFilter", "LogMetricsFailures" + service);
              assertThat(filter.at("FilterPattern"))
                  .isEqualTo(
                      "{ ($.status >= 500) && (($.status != 503) || ($.path != \"%s\")) }"
                          .formatted(feed));
            });
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
        .hasSize(7)
        .allSatisfy(group -> assertThat(group.at("RetentionInDays")).isEqualTo(30));
    assertThat(production.all("AWS::Logs::LogGroup"))
        .as("the firewall's too")
        .hasSize(8)
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
        .hasSize(20)
        .filteredOn(filter -> String.valueOf(filter.at("LogGroupName")).contains("LogsGateway"))
        .filteredOn(filter -> !String.valueOf(filter.at("FilterPattern")).contains("$.level"))
        .hasSize(14)
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
        // As hit-ratio-by-hour.sql counts.
        .contains("FILL(hit, 0) + FILL(stale, 0) + FILL(revalidated, 0) + FILL(miss, 0)")
        .contains("Processors", "Memory", "Tasks")
        .contains("Table: units", "capacity units", "Bytes to viewers")
        .contains("Logs: bytes taken in", "NAT gateways: bytes")
        .contains("oldest controls", "lease", "Audit log")
        .contains("origins under way", "Viewers' connections", "longest delay");
  }

  @Test
  void theDashboardShowsEachLogAndEachNatGateway() {
    assertThat(names(production, "AWS/Logs")).hasSize(4);
    assertThat(names(production, "AWS/NATGateway")).as("3 gateways, both ways").hasSize(6);
    assertThat(names(small, "AWS/NATGateway")).hasSize(2);
    assertThat(names(Deployment.endpoints().edge(), "AWS/NATGateway")).isEmpty();
  }

  private static List<Seen> names(Template template, String namespace) {
    return shown(template).stream().filter(seen -> namespace.equals(seen.namespace())).toList();
  }

  /** What AWS has of the services that are watched, as its documentation spells it. */
  private static final Map<String, Set<String>> OF_AWS =
      Map.of(
          "AWS/ApplicationELB",
          Set.of(
              "RequestCount",
              "RequestCountPerTarget",
              "TargetResponseTime",
              "HTTPCode_Target_5XX_Count",
              "HTTPCode_ELB_5XX_Count",
              "HealthyHostCount",
              "UnHealthyHostCount",
              "ConsumedLCUs"),
          "AWS/ECS",
          Set.of("CPUUtilization", "MemoryUtilization"),
          "ECS/ContainerInsights",
          Set.of("RunningTaskCount"),
          "AWS/DynamoDB",
          Set.of(
              "ConsumedReadCapacityUnits",
              "ConsumedWriteCapacityUnits",
              "ReadThrottleEvents",
              "WriteThrottleEvents"),
          "AWS/Logs",
          Set.of("IncomingBytes"),
          "AWS/NATGateway",
          Set.of("BytesOutToDestination", "BytesInFromDestination"),
          "AWS/CertificateManager",
          Set.of("DaysToExpiry"),
          "AWS/Firehose",
          Set.of("DeliveryToS3.DataFreshness"));

  /** A metric that something looks at, with the names of its dimensions. */
  private record Seen(String namespace, String name, Set<String> dimensions) {}

  /** A wrong name is an empty graph, or an alarm that never goes off, and nothing else tells. */
  @Test
  void everyMetricThatIsLookedAtIsThere() {
    for (Template template : List.of(small, production)) {
      Map<String, Set<String>> own = own(template);
      List<Seen> all = new ArrayList<>(shown(template));
      all.addAll(alarmed(template));
      assertThat(all).hasSizeGreaterThan(60);
      for (Seen seen : all) {
        if (seen.namespace().equals("Portico/portico")) {
          assertThat(own).as("%s", seen).containsEntry(seen.name(), seen.dimensions());
        } else {
          assertThat(OF_AWS).as("%s", seen).containsKey(seen.namespace());
          assertThat(OF_AWS.get(seen.namespace())).as("%s", seen).contains(seen.name());
        }
      }
      assertThat(all)
          .as("none is taken, and paid, for nobody")
          .map(Seen::name)
          .containsAll(own.keySet());
    }
  }

  /** Of an index DynamoDB counts apart, and the table's own metrics do not have it. */
  @Test
  void throttlingIsSeenOfTheTableAndOfItsIndex() {
    assertThat(alarmed(small).stream().filter(seen -> seen.name().endsWith("ThrottleEvents")))
        .extracting(Seen::name, Seen::dimensions)
        .containsExactlyInAnyOrder(
            tuple("ReadThrottleEvents", Set.of("TableName")),
            tuple("WriteThrottleEvents", Set.of("TableName")),
            tuple("ReadThrottleEvents", Set.of("TableName", "GlobalSecondaryIndexName")),
            tuple("WriteThrottleEvents", Set.of("TableName", "GlobalSecondaryIndexName")));
  }

  /** Metrics that are taken from logs, with the names of their dimensions. */
  private static Map<String, Set<String>> own(Template template) {
    return template.all("AWS::Logs::MetricFilter").stream()
        .collect(
            Collectors.toMap(
                filter -> String.valueOf(filter.at("MetricTransformations.0.MetricName")),
                filter ->
                    filter.list("MetricTransformations.0.Dimensions").stream()
                        .map(dimension -> String.valueOf(dimension.get("Key")))
                        .collect(Collectors.toSet())));
  }

  /** Metrics of alarms: one, or those of which another is reckoned. */
  private static List<Seen> alarmed(Template template) {
    List<Seen> found = new ArrayList<>();
    for (Resource alarm : template.all(ALARM)) {
      if (alarm.at("MetricName") != null) {
        found.add(seen(alarm.properties()));
      }
      for (Map<String, Object> query : alarm.list("Metrics")) {
        if (Template.find(query, "MetricStat.Metric") instanceof Map<?, ?> metric) {
          found.add(seen(metric));
        }
      }
    }
    return found;
  }

  private static Seen seen(Map<?, ?> metric) {
    return new Seen(
        String.valueOf(metric.get("Namespace")),
        String.valueOf(metric.get("MetricName")),
        keys(metric.get("Dimensions")));
  }

  private static Set<String> keys(@Nullable Object dimensions) {
    return dimensions instanceof List<?> list
        ? list.stream()
            .map(each -> String.valueOf(((Map<?, ?>) each).get("Name")))
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static final Pattern SEARCH =
      Pattern.compile("SEARCH\\('\\{([^,}]+),(\\w+)} MetricName=\"(\\w+)\"'");

  /**
   * Metrics of the dashboard: rows of namespace, name, dimensions and what to show, or searches.
   */
  private static List<Seen> shown(Template template) {
    Object body = template.one("AWS::CloudWatch::Dashboard", "").at("DashboardBody");
    Map<String, Object> board = new Yaml().load(rendered(body));
    List<Seen> found = new ArrayList<>();
    for (Object widget : (List<?>) Objects.requireNonNull(board.get("widgets"))) {
      if (Template.find(widget, "properties.metrics") instanceof List<?> rows) {
        for (Object row : rows) {
          found.addAll(seen((List<?>) row));
        }
      }
    }
    return found;
  }

  private static List<Seen> seen(List<?> row) {
    if (row.getFirst() instanceof Map<?, ?> expression) {
      return SEARCH
          .matcher(String.valueOf(expression.get("expression")))
          .results()
          .map(match -> new Seen(match.group(1), match.group(3), Set.of(match.group(2))))
          .toList();
    }
    Set<String> dimensions = new TreeSet<>();
    for (int i = 2; i + 1 < row.size(); i += 2) {
      dimensions.add(String.valueOf(row.get(i)));
    }
    return List.of(
        new Seen(String.valueOf(row.getFirst()), String.valueOf(row.get(1)), dimensions));
  }

  /** The text of a value of the template, with something in place of what is not known yet. */
  private static String rendered(@Nullable Object value) {
    if (value instanceof Map<?, ?> function) {
      return function.get("Fn::Join") instanceof List<?> join
          ? ((List<?>) join.get(1))
              .stream().map(WatchingTest::rendered).collect(Collectors.joining())
          : "x";
    }
    return String.valueOf(value);
  }

  /** Each gateway tells a number a minute: the sum of them is a matter of the period. */
  @Test
  void theDashboardAddsUpNoGauges() {
    String board = small.one("AWS::CloudWatch::Dashboard", "").text();
    assertThat(Pattern.compile("(Flights|Connections)\\W[^]]*]").matcher(board).results())
        .hasSize(2)
        .noneMatch(metric -> metric.group().contains("Sum"));
    assertThat(board).contains("under way, per gateway", "connections, per gateway");
  }

  @Test
  void clustersAreWatchedInsideForTheNumberOfTasks() {
    assertThat(small.one("AWS::ECS::Cluster", "").list("ClusterSettings"))
        .containsExactly(Map.of("Name", "containerInsights", "Value", "enabled"));
  }
}
