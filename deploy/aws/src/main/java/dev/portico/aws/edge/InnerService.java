package dev.portico.aws.edge;

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

  /**
   * Runs it.
   *
   * @param host by which others ask it, also the name of the service
   * @param group of the network
   */
  static FargateService run(
      Construct scope, Context context, String host, ISecurityGroup group, Task task) {
    FargateTaskDefinition definition = task.define(scope, context);
    FargateService service =
        FargateService.Builder.create(scope, "Service")
            .cluster(context.platform().cluster())
            .serviceName(host)
            .taskDefinition(definition)
            .securityGroups(List.of(group))
            .vpcSubnets(context.network().tasks())
            .assignPublicIp(false)
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .serviceConnectConfiguration(context.platform().connect(host, task.ports()))
            .enableEcsManagedTags(true)
            .propagateTags(PropagatedTagSource.SERVICE)
            .build();
    service.getNode().addDependency(context.network(), definition);
    service
        .autoScaleTaskCount(
            EnableScalingProps.builder()
                .minCapacity(task.size().min())
                .maxCapacity(task.size().max())
                .build())
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
