package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings.Traces;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerDependency;
import software.amazon.awscdk.services.ecs.ContainerDependencyCondition;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * AWS's collector of OpenTelemetry beside a service in its task, which hands spans on to X-Ray. The
 * containers of a task share its role: so each service's may do one thing more, and the gateway's
 * that alone.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data-containerdefinitions.html">AWS
 *     Distro for OpenTelemetry as a sidecar</a>
 */
final class TraceCollector {
  /** Memory, in MiB, that it has to itself. */
  static final int MEMORY = 128;

  /** A tag that does not move. */
  private static final String IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0";

  private static final int PORT = 4318;

  private TraceCollector() {}

  /** Settings by which any service finds it. */
  static Map<String, String> environment() {
    return Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + PORT);
  }

  /**
   * Settings of the gateway, which decides for all what is kept: so many percent, whatever viewers
   * say, who could have everything kept at the team's expense. By a sampler that asks no caller;
   * with such a one the gateway begins each trace itself, so that viewers do not choose the id
   * either by which it decides.
   */
  static Map<String, String> sampler(Traces traces) {
    return Map.of(
        "OTEL_TRACES_SAMPLER",
        "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG",
        String.format(Locale.ROOT, "%.2f", traces.percent() / 100.0));
  }

  /** What it needs; segments of traces have no names that a right could be limited to. */
  static PolicyStatement right() {
    return Rights.to("Traces", List.of("*"), "xray:PutTraceSegments");
  }

  /**
   * Adds it. The service starts after it and stops before it, so that its last spans arrive; that
   * it ends ends nobody else.
   */
  static void beside(
      ContainerDefinition service, FargateTaskDefinition definition, String name, Context context) {
    ContainerDefinition collector =
        definition.addContainer(
            "Collector",
            ContainerDefinitionOptions.builder()
                .containerName("collector")
                .image(ContainerImage.fromRegistry(IMAGE))
                .essential(false)
                .enableRestartPolicy(true)
                .memoryLimitMiB(MEMORY)
                .readonlyRootFilesystem(true)
                .environment(
                    Map.of("AOT_CONFIG_CONTENT", configuration(context.settings().region())))
                .logging(
                    LogDriver.awsLogs(
                        AwsLogDriverProps.builder()
                            .logGroup(context.logs().connect())
                            .streamPrefix("collector-" + name)
                            .mode(AwsLogDriverMode.NON_BLOCKING)
                            .build()))
                .build());
    service.addContainerDependencies(
        ContainerDependency.builder()
            .container(collector)
            .condition(ContainerDependencyCondition.START)
            .build());
  }

  /** Takes spans from within the task only; drops them when its memory runs out. */
  private static String configuration(String region) {
    return """
    receivers:
      otlp:
        protocols:
          http:
            endpoint: 127.0.0.1:%d
    processors:
      memory_limiter:
        check_interval: 1s
        limit_mib: 96
        spike_limit_mib: 24
      batch:
    exporters:
      awsxray:
        region: %s
        indexed_attributes: [portico.site, portico.outcome, portico.request_id]
    service:
      pipelines:
        traces:
          receivers: [otlp]
          processors: [memory_limiter, batch]
          exporters: [awsxray]
    """
        .formatted(PORT, region);
  }
}
