package dev.portico.aws.observe;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.logs.ILogGroup;

/**
 * What is paid for by its use, beside the load balancer.
 *
 * @param table its name
 * @param logs groups of logs
 * @param natGateways their ids; none where the way out is by endpoints
 */
public record Paid(String table, List<ILogGroup> logs, List<String> natGateways) {
  /** Keeps unmodifiable copies. */
  public Paid {
    logs = List.copyOf(logs);
    natGateways = List.copyOf(natGateways);
  }

  /** Read and write units. */
  IMetric[] units() {
    return new IMetric[] {
      DataAlarms.table(table, "ConsumedReadCapacityUnits"),
      DataAlarms.table(table, "ConsumedWriteCapacityUnits")
    };
  }

  /** Bytes that CloudWatch takes in, by group. */
  IMetric[] logged() {
    return logs.stream()
        .map(
            group ->
                sum("AWS/Logs", "IncomingBytes", Map.of("LogGroupName", group.getLogGroupName())))
        .toArray(IMetric[]::new);
  }

  /** Bytes that the NAT gateways pass on, either way. */
  IMetric[] throughNat() {
    return natGateways.stream()
        .flatMap(
            id ->
                Stream.of("BytesOutToDestination", "BytesInFromDestination")
                    .map(name -> sum("AWS/NATGateway", name, Map.of("NatGatewayId", id))))
        .toArray(IMetric[]::new);
  }

  private static Metric sum(String namespace, String name, Map<String, String> dimensions) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .statistic("Sum")
        .dimensionsMap(dimensions)
        .period(Duration.minutes(1))
        .build();
  }
}
