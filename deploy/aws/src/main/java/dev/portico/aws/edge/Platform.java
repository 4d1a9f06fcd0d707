package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import java.util.List;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.CloudMapNamespaceOptions;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.ServiceConnectProps;
import software.amazon.awscdk.services.ecs.ServiceConnectService;
import software.amazon.awscdk.services.servicediscovery.NamespaceType;
import software.constructs.Construct;

/** Where the services run and how they find one another. */
final class Platform extends Construct {
  private final Cluster cluster;
  private final Logs logs;

  Platform(Construct scope, Settings settings, Network network, Logs logs) {
    super(scope, "Platform");
    this.logs = logs;
    cluster =
        Cluster.Builder.create(this, "Cluster")
            .clusterName(settings.name())
            .vpc(network.vpc())
            .containerInsightsV2(ContainerInsights.ENABLED)
            .defaultCloudMapNamespace(
                CloudMapNamespaceOptions.builder()
                    .name(settings.name())
                    .type(NamespaceType.HTTP)
                    .useForServiceConnect(true)
                    .build())
            .build();
  }

  Cluster cluster() {
    return cluster;
  }

  /**
   * What a service offers to others under {@code host}; nothing for one that only asks. As TCP: for
   * HTTP the agents would end a request after 15 s, and an upload may take hours.
   */
  ServiceConnectProps connect(String host, List<Port> ports) {
    return ServiceConnectProps.builder()
        .services(
            ports.stream()
                .map(
                    port ->
                        ServiceConnectService.builder()
                            .portMappingName(port.title())
                            .dnsName(host)
                            .port(port.number())
                            .build())
                .toList())
        .logDriver(
            LogDriver.awsLogs(
                AwsLogDriverProps.builder().logGroup(logs.connect()).streamPrefix(host).build()))
        .build();
  }
}
