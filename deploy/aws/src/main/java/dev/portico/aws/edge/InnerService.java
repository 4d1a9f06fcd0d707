package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings.Size;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ecs.CpuUtilizationScalingProps;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.constructs.Construct;

/**
 * A service that only other tasks ask: replaced task by task, and put back when tasks do not get
 * healthy.
 */
final class InnerService {
  private static final int CPU_PERCENT = 60;

  private InnerService() {}

  static FargateService run(
      Construct scope,
      Platform platform,
      Network network,
      ISecurityGroup group,
      FargateTaskDefinition task,
      String host,
      List<Port> ports,
      Size size) {
    FargateService service =
        FargateService.Builder.create(scope, "Service")
            .cluster(platform.cluster())
            .serviceName(host)
            .taskDefinition(task)
            .securityGroups(List.of(group))
            .vpcSubnets(network.tasks())
            .assignPublicIp(false)
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .serviceConnectConfiguration(platform.connect(host, ports))
            .enableEcsManagedTags(true)
            .propagateTags(PropagatedTagSource.SERVICE)
            .build();
    service
        .autoScaleTaskCount(
            EnableScalingProps.builder().minCapacity(size.min()).maxCapacity(size.max()).build())
        .scaleOnCpuUtilization(
            "Cpu",
            CpuUtilizationScalingProps.builder()
                .targetUtilizationPercent(CPU_PERCENT)
                .scaleInCooldown(Duration.minutes(5))
                .scaleOutCooldown(Duration.minutes(1))
                .build());
    return service;
  }
}
