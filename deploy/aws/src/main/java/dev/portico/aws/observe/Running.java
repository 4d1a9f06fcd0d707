package dev.portico.aws.observe;

import dev.portico.aws.settings.Settings.Size;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ecs.FargateService;

/**
 * A service and where it can be watched.
 *
 * @param name for people
 * @param service of ECS
 * @param size its bounds
 */
public record Running(String name, FargateService service, Size size) {
  /** Used share of the processors that its tasks have. */
  Metric cpu() {
    return metric("AWS/ECS", "CPUUtilization", "Average");
  }

  /** Used share of the memory that its tasks have, of the fullest. */
  Metric memory() {
    return metric("AWS/ECS", "MemoryUtilization", "Maximum");
  }

  /** Tasks that run. */
  Metric tasks() {
    return metric("ECS/ContainerInsights", "RunningTaskCount", "Minimum");
  }

  private Metric metric(String namespace, String name, String statistic) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .statistic(statistic)
        .dimensionsMap(
            new TreeMap<>(
                Map.of(
                    "ClusterName", service.getCluster().getClusterName(),
                    "ServiceName", service.getServiceName())))
        .period(Duration.minutes(1))
        .label(this.name)
        .build();
  }
}
