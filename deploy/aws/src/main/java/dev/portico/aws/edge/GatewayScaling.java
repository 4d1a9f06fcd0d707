package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings.Gateway;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricDimensionProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.ecs.CpuUtilizationScalingProps;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.ScalableTaskCount;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.constructs.Construct;

/**
 * How many gateways: by requests, and by processor as a second signal. Requests are those of both
 * colours, since after a release the other group serves and a policy on one of them would see
 * nothing any more.
 */
final class GatewayScaling extends Construct {
  private static final int CPU_PERCENT = 60;
  private static final int OUT_SECONDS = 60;
  private static final int IN_SECONDS = 300;

  GatewayScaling(Construct scope, Gateway gateway, FargateService service, Balancer balancer) {
    super(scope, "Scaling");
    ScalableTaskCount count =
        service.autoScaleTaskCount(
            EnableScalingProps.builder()
                .minCapacity(gateway.size().min())
                .maxCapacity(gateway.size().max())
                .build());
    count.scaleOnCpuUtilization(
        "Cpu",
        CpuUtilizationScalingProps.builder()
            .targetUtilizationPercent(CPU_PERCENT)
            .scaleInCooldown(Duration.seconds(IN_SECONDS))
            .scaleOutCooldown(Duration.seconds(OUT_SECONDS))
            .build());
    CfnScalingPolicy requests =
        CfnScalingPolicy.Builder.create(this, "Requests")
            .policyName(service.getServiceName() + "-requests")
            .policyType("TargetTrackingScaling")
            .resourceId(
                "service/" + service.getCluster().getClusterName() + "/" + service.getServiceName())
            .scalableDimension("ecs:service:DesiredCount")
            .serviceNamespace("ecs")
            .targetTrackingScalingPolicyConfiguration(
                TargetTrackingScalingPolicyConfigurationProperty.builder()
                    .targetValue(gateway.requestsPerMinute())
                    .scaleInCooldown(IN_SECONDS)
                    .scaleOutCooldown(OUT_SECONDS)
                    .customizedMetricSpecification(
                        CustomizedMetricSpecificationProperty.builder()
                            .metrics(
                                List.of(
                                    requests("blue", balancer.blue()),
                                    requests("green", balancer.green()),
                                    TargetTrackingMetricDataQueryProperty.builder()
                                        .id("both")
                                        .expression("FILL(blue, 0) + FILL(green, 0)")
                                        .returnData(true)
                                        .build()))
                            .build())
                    .build())
            .build();
    requests.getNode().addDependency(count);
  }

  private static TargetTrackingMetricDataQueryProperty requests(
      String id, ApplicationTargetGroup group) {
    return TargetTrackingMetricDataQueryProperty.builder()
        .id(id)
        .returnData(false)
        .metricStat(
            TargetTrackingMetricStatProperty.builder()
                .stat("Sum")
                .metric(
                    TargetTrackingMetricProperty.builder()
                        .namespace("AWS/ApplicationELB")
                        .metricName("RequestCountPerTarget")
                        .dimensions(
                            List.of(
                                TargetTrackingMetricDimensionProperty.builder()
                                    .name("TargetGroup")
                                    .value(group.getTargetGroupFullName())
                                    .build()))
                        .build())
                .build())
        .build();
  }
}
