package dev.portico.aws.observe;

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

/** What the table and the certificates can do to the services. */
public final class DataAlarms {
  private static final int DAYS_LEFT = 21;

  private DataAlarms() {}

  /** Makes them. */
  public static void add(Pager pager, String table, List<ICertificate> certificates) {
    pager.above(
        "table-throttled",
        "",
        MathExpression.Builder.create()
            .expression("FILL(reads, 0) + FILL(writes, 0)")
            .usingMetrics(
                new TreeMap<>(
                    Map.of(
                        "reads", table(table, "ReadThrottleEvents"),
                        "writes", table(table, "WriteThrottleEvents"))))
            .period(Duration.minutes(1))
            .build(),
        0,
        new Patience(3, 5));
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

  /** A metric of the table. */
  static Metric table(String table, String name) {
    return Metric.Builder.create()
        .namespace("AWS/DynamoDB")
        .metricName(name)
        .statistic("Sum")
        .dimensionsMap(Map.of("TableName", table))
        .period(Duration.minutes(1))
        .build();
  }
}
