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
  /**
   * Categories that no site's origin can bring about: a bug or an exhausted resource of the
   * gateway, and what it cannot decide or does not know without the other services.
   */
  private static final String OWN_ERRORS =
      "{ ($.error = \"internal\") || ($.error = \"unavailable\") }";

  /** Answers in whose time nobody else has a part: their first byte. */
  private static final String HITS = "{ ($.outcome = \"hit\") && ($.firstByteMicros >= 0) }";

  /** Lines of auth-service of an entry of the audit log that the table did not take. */
  private static final String FAILED_AUDITS =
      "{ ($.loggerName = \"dev.portico.auth.audit.AuditLog\") && ($.level = \"ERROR\") }";

  /** Without WebSockets, of which it is the life. */
  private static final String TIMED = "{ ($.micros >= 0) && ($.status != 101) }";

  private final String namespace;

  /** Of the access logs and the services' own lines: the log groups of the three services. */
  public LogMetrics(
      Construct scope, Settings settings, ILogGroup access, ILogGroup content, ILogGroup auth) {
    super(scope, "LogMetrics");
    namespace = "Portico/" + settings.name();
    take(access, "Requests", "{ $.outcome = * }", "1", Unit.COUNT, Map.of("Outcome", "$.outcome"));
    take(access, "Causes", "{ $.error = * }", "1", Unit.COUNT, Map.of("Cause", "$.error"));
    take(access, "Time", TIMED, "$.micros", Unit.MICROSECONDS, null);
    take(
        access, "OriginTime", "{ $.originMicros >= 0 }", "$.originMicros", Unit.MICROSECONDS, null);
    take(access, "Sent", "{ $.bytesSent >= 0 }", "$.bytesSent", Unit.BYTES, null);
    take(access, "Cut", "{ $.completed IS FALSE }", "1", Unit.COUNT, null);
    take(access, "OwnErrors", OWN_ERRORS, "1", Unit.COUNT, null);
    take(access, "HitTime", HITS, "$.firstByteMicros", Unit.MICROSECONDS, null);
    gauge(access, "ControlsAge", "portico_controls_age_seconds", Unit.SECONDS);
    gauge(access, "FeedLease", "portico_feed_lease", Unit.NONE);
    gauge(access, "Revocations", "portico_revocations_connected", Unit.NONE);
    gauge(access, "FeedDelay", "portico_feed_delay_seconds", Unit.SECONDS);
    gauge(access, "Flights", "portico_flights", Unit.COUNT);
    gauge(access, "Connections", "portico_connections", Unit.COUNT);
    take(auth, "FailedAudits", FAILED_AUDITS, "1", Unit.COUNT, null);
    failures("content", content, "/internal/changes");
    failures("auth", auth, "/internal/revocations");
    errors("gateway", access);
    errors("content", content);
    errors("auth", auth);
  }

  /** What each gateway writes down of its gauges once a minute. */
  private void gauge(ILogGroup logs, String name, String field, Unit unit) {
    take(logs, name, "{ $." + field + " >= 0 }", "$." + field, unit, null);
  }

  /**
   * Answers of 500 and above. Not 503 to whoever waits for news: a copy that stops sends them to
   * another one by that, so that each release would count as many as there are gateways.
   */
  private void failures(String service, ILogGroup logs, String feed) {
    String pattern = "{ ($.status >= 500) && (($.status != 503) || ($.path != \"" + feed + "\")) }";
    take(logs, failuresOf(service), pattern, "1", Unit.COUNT, null);
  }

  private void errors(String service, ILogGroup logs) {
    take(logs, errorsOf(service), "{ $.level = \"ERROR\" }", "1", Unit.COUNT, null);
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

  private static String failuresOf(String service) {
    return "Failures-" + service;
  }

  private static String errorsOf(String service) {
    return "Errors-" + service;
  }

  /** Answers of 500 and above of an inner service by which something failed, in a minute. */
  Metric failures(String statistic, Running service) {
    return metric(failuresOf(service.name()), statistic, Map.of());
  }

  /** Lines of level ERROR of a service, in a minute. */
  Metric errors(String statistic, Running service) {
    return metric(errorsOf(service.name()), statistic, Map.of());
  }

  /** Errors of the gateways themselves, in a minute. */
  Metric ownErrors() {
    return metric("OwnErrors", "Sum", Map.of());
  }

  /** The slowest percent of the first bytes of hits, in microseconds. */
  Metric slowestHits() {
    return metric("HitTime", "p99", Map.of());
  }

  /** How long ago the gateway that is furthest behind read the controls, in seconds. */
  Metric controlsAge() {
    return metric("ControlsAge", "Maximum", Map.of());
  }

  /** 1 where all gateways have their lease on the change feed, 0 where one has not. */
  Metric feedLease() {
    return metric("FeedLease", "Minimum", Map.of());
  }

  /** 1 where all gateways know all revocations up to a few seconds ago, 0 where one does not. */
  Metric revocations() {
    return metric("Revocations", "Minimum", Map.of());
  }

  /** The longest time of late from a site's change to its use by a gateway, in seconds. */
  Metric feedDelay() {
    return metric("FeedDelay", "Maximum", Map.of());
  }

  /** Entries of auth-service's audit log that are not in the table, in a minute. */
  Metric failedAudits() {
    return metric("FailedAudits", "Sum", Map.of());
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
