package dev.portico.aws.observe;

import dev.portico.aws.settings.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.Unit;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.constructs.Construct;

/**
 * Metrics that CloudWatch takes from the logs' lines of JSON, so that no service needs the right to
 * write metrics. Fields are those of docs/gateway-service.md.
 */
public final class LogMetrics extends Construct {
  private final String namespace;

  /** Of the access logs and the services' own lines. */
  public LogMetrics(
      Construct scope, Settings settings, Running gateway, Running content, Running auth) {
    super(scope, "LogMetrics");
    namespace = "Portico/" + settings.name();
    ILogGroup access = gateway.logs();
    take(access, "Requests", "{ $.outcome = * }", "1", Unit.COUNT, Map.of("Outcome", "$.outcome"));
    take(access, "Causes", "{ $.error = * }", "1", Unit.COUNT, Map.of("Cause", "$.error"));
    take(access, "Time", "{ $.micros >= 0 }", "$.micros", Unit.MICROSECONDS, null);
    take(
        access, "OriginTime", "{ $.originMicros >= 0 }", "$.originMicros", Unit.MICROSECONDS, null);
    take(access, "Sent", "{ $.bytesSent >= 0 }", "$.bytesSent", Unit.BYTES, null);
    take(access, "Cut", "{ $.completed IS FALSE }", "1", Unit.COUNT, null);
    failures(content);
    failures(auth);
    errors(gateway);
    errors(content);
    errors(auth);
  }

  private void failures(Running service) {
    take(service.logs(), failuresOf(service), "{ $.status >= 500 }", "1", Unit.COUNT, null);
  }

  private void errors(Running service) {
    take(service.logs(), errorsOf(service), "{ $.level = \"ERROR\" }", "1", Unit.COUNT, null);
  }

  private void take(
      ILogGroup logs,
      String name,
      String pattern,
      String value,
      Unit unit,
      @Nullable Map<String, String> dimensions) {
    MetricFilter.Builder.create(this, name)
        .logGroup(logs)
        .filterPattern(FilterPattern.literal(pattern))
        .metricNamespace(namespace)
        .metricName(name)
        .metricValue(value)
        .unit(unit)
        .dimensions(dimensions)
        .build();
  }

  private static String failuresOf(Running service) {
    return "Failures-" + service.name();
  }

  private static String errorsOf(Running service) {
    return "Errors-" + service.name();
  }

  /** Answers of 500 and above of an inner service, in a minute. */
  Metric failures(String statistic, Running service) {
    return metric(failuresOf(service), statistic, Map.of());
  }

  /** Lines of level ERROR of a service, in a minute. */
  Metric errors(String statistic, Running service) {
    return metric(errorsOf(service), statistic, Map.of());
  }

  /** One of the metrics of the access log. */
  Metric metric(String name, String statistic, Map<String, String> dimensions) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .statistic(statistic)
        .dimensionsMap(dimensions.isEmpty() ? null : dimensions)
        .period(Duration.minutes(1))
        .build();
  }

  /** All values of a metric by its dimension, as CloudWatch finds them. */
  String search(String name, String dimension) {
    return "SEARCH('{" + namespace + "," + dimension + "} MetricName=\"" + name + "\"', 'Sum', 60)";
  }
}
