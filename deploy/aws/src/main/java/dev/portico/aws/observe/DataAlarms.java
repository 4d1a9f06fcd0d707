package dev.portico.aws.observe;

import dev.portico.aws.data.Facts;
import dev.portico.aws.observe.Pager.Patience;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;

/**
 * What is wrong with the table, the audit log in it, the certificates, or the way of the access log
 * to its files.
 */
public final class DataAlarms {
  private static final int DAYS_LEFT = 21;

  /**
   * Seconds for which a line waits for its file: several times as long as Firehose gathers them.
   */
  private static final int LATE = 1800;

  private DataAlarms() {}

  /**
   * Makes them.
   *
   * @param stream name of the Firehose stream of the access log
   */
  public static void add(
      Pager pager,
      LogMetrics metrics,
      String table,
      List<ICertificate> certificates,
      String stream) {
    pager.above("audit-failed", "", metrics.failedAudits(), 0, new Patience(1, 1));
    pager.above(
        "table-throttled",
        "",
        MathExpression.Builder.create()
            .expression(
                "FILL(reads, 0) + FILL(writes, 0) + FILL(indexreads, 0) + FILL(indexwrites, 0)")
            .usingMetrics(
                new TreeMap<>(
                    Map.of(
                        "reads", table(table, "ReadThrottleEvents"),
                        "writes", table(table, "WriteThrottleEvents"),
                        // The table's own do not count the index's.
                        "indexreads", index(table, "ReadThrottleEvents"),
                        "indexwrites", index(table, "WriteThrottleEvents"))))
            .period(Duration.minutes(1))
            .build(),
        0,
        new Patience(3, 5));
    pager.above("access-log-late", "", oldestLine(stream), LATE, new Patience(3, 5));
    for (int i = 0; i < certificates.size(); i++) {
      pager.alarm(
          "certificate-expiry",
          String.valueOf(i + 1),
          Metric.Builder.create()
              .namespace("AWS/CertificateManager")
              .metricName("DaysToExpiry")
              .statistic("Minimum")
              .dimensionsMap(Map.of("CertificateArn", certificates.get(i).getCertificateArn()))
              .period(Duration.days(1))
              .build(),
          ComparisonOperator.LESS_THAN_THRESHOLD,
          DAYS_LEFT,
          new Patience(1, 1),
          TreatMissingData.IGNORE);
    }
  }

  private static Metric oldestLine(String stream) {
    return Metric.Builder.create()
        .namespace("AWS/Firehose")
        .metricName("DeliveryToS3.DataFreshness")
        .statistic("Maximum")
        .dimensionsMap(Map.of("DeliveryStreamName", stream))
        .period(Duration.minutes(1))
        .build();
  }

  /** A metric of the table. */
  static Metric table(String table, String name) {
    return metric(name, Map.of("TableName", table));
  }

  private static Metric index(String table, String name) {
    return metric(
        name, new TreeMap<>(Map.of("TableName", table, "GlobalSecondaryIndexName", Facts.INDEX)));
  }

  private static Metric metric(String name, Map<String, String> dimensions) {
    return Metric.Builder.create()
        .namespace("AWS/DynamoDB")
        .metricName(name)
        .statistic("Sum")
        .dimensionsMap(dimensions)
        .period(Duration.minutes(1))
        .build();
  }
}
