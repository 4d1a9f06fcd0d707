package dev.portico.aws.observe;

import dev.portico.aws.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.constructs.Construct;

/** The dashboard: what viewers get, then how the services fare, then what costs. */
public final class Board extends Construct {
  private static final int WIDTH = 8;

  private static final List<String> ANSWERED_BY_CACHE = List.of("hit", "stale", "revalidated");
  private static final List<String> NOT_ANSWERED = List.of("miss", "pass");

  private final LogMetrics logs;

  /** Makes it. */
  public Board(
      Construct scope,
      Settings settings,
      Traffic traffic,
      LogMetrics logs,
      List<Running> services,
      Paid paid) {
    super(scope, "Board");
    this.logs = logs;
    Dashboard.Builder.create(this, "Dashboard")
        .dashboardName(settings.name())
        .defaultInterval(Duration.hours(3))
        .widgets(
            List.of(
                List.of(
                    graph("Requests", traffic.requests()),
                    graph("Requests by outcome", all("Requests", "Outcome")),
                    graph("Share of hits, %", hitRatio())),
                List.of(
                    graph(
                        "Time, µs", time("Time", "p50"), time("Time", "p95"), time("Time", "p99")),
                    graph("Origins, µs", time("OriginTime", "p50"), time("OriginTime", "p95")),
                    graph("Errors by cause", all("Causes", "Cause"))),
                List.of(
                    graph("Failed, %", traffic.failedPercent()),
                    graph("Gateways", traffic.healthy(), traffic.unhealthy()),
                    graph("Cut responses", logs.metric("Cut", "Sum", Map.of()))),
                List.of(
                    each("Processors, %", services, Running::cpu),
                    each("Memory, %", services, Running::memory),
                    each("Tasks", services, Running::tasks)),
                List.of(
                    graph("Table: units", paid.units()),
                    graph("Load balancer: capacity units", traffic.capacityUnits()),
                    graph("Bytes to viewers", logs.metric("Sent", "Sum", Map.of()))),
                List.of(
                    graph("Logs: bytes taken in", paid.logged()),
                    graph("NAT gateways: bytes", paid.throughNat())),
                List.of(
                    graph("Gateways: oldest controls, s", logs.controlsAge()),
                    graph(
                        "Gateways: all have their lease, and know revocations",
                        logs.feedLease(),
                        logs.revocations()),
                    graph("Audit log: not stored", logs.failedAudits())),
                List.of(
                    graph("Requests to origins under way, per gateway", gauge("Flights")),
                    graph("Viewers' connections, per gateway", gauge("Connections")),
                    graph("Sites' changes: longest delay, s", logs.feedDelay()))))
        .build();
  }

  private IMetric time(String name, String statistic) {
    return logs.metric(name, statistic, Map.of());
  }

  /** What a gateway shows. A sum would grow with the period that the dashboard is looked at. */
  private IMetric gauge(String name) {
    return logs.metric(name, "Average", Map.of());
  }

  /** As hit-ratio-by-hour.sql has it: of what a cache could have answered, not of everything. */
  private IMetric hitRatio() {
    String answered = sum(ANSWERED_BY_CACHE);
    return MathExpression.Builder.create()
        .expression("100 * (%s) / (%s + %s)".formatted(answered, answered, sum(NOT_ANSWERED)))
        .usingMetrics(
            Stream.concat(ANSWERED_BY_CACHE.stream(), NOT_ANSWERED.stream())
                .collect(
                    Collectors.toMap(
                        outcome -> outcome,
                        outcome -> logs.metric("Requests", "Sum", Map.of("Outcome", outcome)))))
        .period(Duration.minutes(1))
        .label("hits, %")
        .build();
  }

  private static String sum(List<String> outcomes) {
    return outcomes.stream().map("FILL(%s, 0)"::formatted).collect(Collectors.joining(" + "));
  }

  private IMetric all(String name, String dimension) {
    return MathExpression.Builder.create()
        .expression(logs.search(name, dimension))
        .usingMetrics(Map.of())
        .period(Duration.minutes(1))
        .label("")
        .build();
  }

  private static IWidget each(
      String title, List<Running> services, Function<Running, IMetric> metric) {
    return graph(title, services.stream().map(metric).toArray(IMetric[]::new));
  }

  private static IWidget graph(String title, IMetric... metrics) {
    return GraphWidget.Builder.create().title(title).width(WIDTH).left(List.of(metrics)).build();
  }
}
