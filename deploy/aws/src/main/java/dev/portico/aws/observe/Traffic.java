package dev.portico.aws.observe;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;

/**
 * What the load balancer sees of the gateways. Every metric is of both colours, since each release
 * makes the other one serve.
 *
 * @param alb the load balancer
 * @param blue one target group
 * @param green the other
 */
public record Traffic(
    ApplicationLoadBalancer alb, ApplicationTargetGroup blue, ApplicationTargetGroup green) {
  private static final Duration MINUTE = Duration.minutes(1);

  /** Answers of 500 and above, of gateways and of the balancer in their place, in percent. */
  IMetric failedPercent() {
    return MathExpression.Builder.create()
        .expression("100 * (FILL(blueFailed, 0) + FILL(greenFailed, 0) + FILL(own, 0)) / requests")
        .usingMetrics(
            new TreeMap<>(
                Map.of(
                    "blueFailed", of(blue, "HTTPCode_Target_5XX_Count", "Sum"),
                    "greenFailed", of(green, "HTTPCode_Target_5XX_Count", "Sum"),
                    "own", balancer("HTTPCode_ELB_5XX_Count", "Sum"),
                    "requests", balancer("RequestCount", "Sum"))))
        .period(MINUTE)
        .label("failed, %")
        .build();
  }

  /**
   * Answers that gateways failed to give for reasons of their own, and those that the balancer gave
   * in their place, in percent. Origins of sites have no part in it.
   */
  IMetric ownFailedPercent(LogMetrics logs) {
    return MathExpression.Builder.create()
        .expression("100 * (FILL(ownErrors, 0) + FILL(unanswered, 0)) / allRequests")
        .usingMetrics(
            new TreeMap<>(
                Map.of(
                    "ownErrors", logs.ownErrors(),
                    "unanswered", balancer("HTTPCode_ELB_5XX_Count", "Sum"),
                    "allRequests", balancer("RequestCount", "Sum"))))
        .period(MINUTE)
        .label("failed by gateways, %")
        .build();
  }

  /** The balancer's own answers of 500 and above: it found no gateway that answered. */
  IMetric balancerFailures() {
    return balancer("HTTPCode_ELB_5XX_Count", "Sum");
  }

  /** Gateways that are ready. */
  IMetric healthy() {
    return both("HealthyHostCount", "Minimum");
  }

  /** Gateways that are not. */
  IMetric unhealthy() {
    return both("UnHealthyHostCount", "Maximum");
  }

  /** The slowest percent of answers, in milliseconds; of the slower colour. */
  IMetric slowest() {
    return MathExpression.Builder.create()
        .expression("1000 * MAX([FILL(blueTime, 0), FILL(greenTime, 0)])")
        .usingMetrics(
            new TreeMap<>(
                Map.of(
                    "blueTime", of(blue, "TargetResponseTime", "p99"),
                    "greenTime", of(green, "TargetResponseTime", "p99"))))
        .period(MINUTE)
        .label("p99, ms")
        .build();
  }

  /** Viewers' requests. */
  IMetric requests() {
    return balancer("RequestCount", "Sum");
  }

  /** What the balancer is paid for. */
  IMetric capacityUnits() {
    return balancer("ConsumedLCUs", "Sum");
  }

  private IMetric both(String name, String statistic) {
    return MathExpression.Builder.create()
        // The names must differ from those of other metrics in the same graph.
        .expression("FILL(blue" + name + ", 0) + FILL(green" + name + ", 0)")
        .usingMetrics(
            new TreeMap<>(
                Map.of(
                    "blue" + name, of(blue, name, statistic),
                    "green" + name, of(green, name, statistic))))
        .period(MINUTE)
        .label(name)
        .build();
  }

  private Metric balancer(String name, String statistic) {
    return metric(name, statistic, Map.of("LoadBalancer", alb.getLoadBalancerFullName()));
  }

  private Metric of(ApplicationTargetGroup group, String name, String statistic) {
    return metric(
        name,
        statistic,
        new TreeMap<>(
            Map.of(
                "LoadBalancer", alb.getLoadBalancerFullName(),
                "TargetGroup", group.getTargetGroupFullName())));
  }

  private static Metric metric(String name, String statistic, Map<String, String> dimensions) {
    return Metric.Builder.create()
        .namespace("AWS/ApplicationELB")
        .metricName(name)
        .statistic(statistic)
        .dimensionsMap(dimensions)
        .period(MINUTE)
        .build();
  }
}
