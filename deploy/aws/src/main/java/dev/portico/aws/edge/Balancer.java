package dev.portico.aws.edge;

import java.util.List;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListenerRule;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocolVersion;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.DesyncMitigationMode;
import software.amazon.awscdk.services.elasticloadbalancingv2.FixedResponseOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCertificate;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.Protocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.RedirectOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.SslPolicy;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.elasticloadbalancingv2.XffHeaderProcessingMode;
import software.amazon.awscdk.services.s3.IBucket;
import software.constructs.Construct;

/**
 * The load balancer, the only thing that the internet reaches, with the gateways' two target
 * groups: one serves, the other is empty but while a release replaces them.
 */
final class Balancer extends Construct {
  /** Longer than the gateway waits for the first byte of an answer (120 s). */
  static final int IDLE_SECONDS = 180;

  /** While a target still answers what it has begun. */
  static final int DRAIN_SECONDS = 30;

  /**
   * What leads a request to the release that is being tested, at the public listener: the smoke
   * test asks from outside of the VPC, by the names that viewers use, with their certificates.
   */
  static final String TEST_FIELD = "X-Portico-Release";

  private final ApplicationLoadBalancer balancer;
  private final ApplicationTargetGroup blue;
  private final ApplicationTargetGroup green;
  private final ApplicationListenerRule production;
  private final ApplicationListenerRule test;

  Balancer(Construct scope, Network network, Names names, IBucket accessLogs) {
    super(scope, "Balancer");
    balancer =
        ApplicationLoadBalancer.Builder.create(this, "Alb")
            .vpc(network.vpc())
            .internetFacing(true)
            .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build())
            .securityGroup(network.balancer())
            .deletionProtection(true)
            .desyncMitigationMode(DesyncMitigationMode.STRICTEST)
            .dropInvalidHeaderFields(true)
            .xffHeaderProcessingMode(XffHeaderProcessingMode.APPEND)
            .preserveHostHeader(true)
            .http2Enabled(true)
            .idleTimeout(Duration.seconds(IDLE_SECONDS))
            .build();
    balancer.logAccessLogs(accessLogs, "balancer");
    blue = targets("Blue", network);
    green = targets("Green", network);
    ApplicationListener listener = listener(names);
    redirect();
    test =
        ApplicationListenerRule.Builder.create(this, "Test")
            .listener(listener)
            .priority(1)
            .conditions(List.of(ListenerCondition.httpHeader(TEST_FIELD, List.of(testValue()))))
            .action(ListenerAction.forward(List.of(green)))
            .build();
    production =
        ApplicationListenerRule.Builder.create(this, "Production")
            .listener(listener)
            .priority(2)
            .conditions(List.of(ListenerCondition.pathPatterns(List.of("*"))))
            .action(ListenerAction.forward(List.of(blue)))
            .build();
  }

  /**
   * The random part of the stack's id, which is in no template and which no viewer knows. Between
   * releases the group behind the rule is empty, and the balancer answers 503: whoever could send
   * enough of that would set off the alarms that take a release back.
   */
  static String testValue() {
    return Fn.select(2, Fn.split("/", Aws.STACK_ID));
  }

  private ApplicationTargetGroup targets(String id, Network network) {
    return ApplicationTargetGroup.Builder.create(this, id)
        .vpc(network.vpc())
        .targetType(TargetType.IP)
        .protocol(ApplicationProtocol.HTTP)
        // With HTTP/2 to targets a balancer passes no WebSocket.
        .protocolVersion(ApplicationProtocolVersion.HTTP1)
        .port(Port.GATEWAY.number())
        .deregistrationDelay(Duration.seconds(DRAIN_SECONDS))
        .healthCheck(
            HealthCheck.builder()
                .protocol(Protocol.HTTP)
                .port(String.valueOf(Port.GATEWAY_MANAGEMENT.number()))
                .path("/health/readiness")
                .healthyHttpCodes("200")
                .interval(Duration.seconds(10))
                .timeout(Duration.seconds(5))
                .healthyThresholdCount(2)
                .unhealthyThresholdCount(3)
                .build())
        .build();
  }

  private ApplicationListener listener(Names names) {
    return balancer.addListener(
        "Https",
        BaseApplicationListenerProps.builder()
            .port(443)
            .protocol(ApplicationProtocol.HTTPS)
            .sslPolicy(SslPolicy.TLS13_RES)
            .certificates(
                names.certificates().stream()
                    .map(ListenerCertificate::fromCertificateManager)
                    .toList())
            .open(false)
            // Never seen: the last rule takes every path.
            .defaultAction(
                ListenerAction.fixedResponse(
                    503, FixedResponseOptions.builder().contentType("text/plain").build()))
            .build());
  }

  private void redirect() {
    balancer.addListener(
        "Http",
        BaseApplicationListenerProps.builder()
            .port(80)
            .protocol(ApplicationProtocol.HTTP)
            .open(false)
            .defaultAction(
                ListenerAction.redirect(
                    RedirectOptions.builder()
                        .protocol("HTTPS")
                        .port("443")
                        .permanent(true)
                        .build()))
            .build());
  }

  /** The load balancer itself. */
  ApplicationLoadBalancer alb() {
    return balancer;
  }

  /** One of the two groups; a release makes either the serving one. */
  ApplicationTargetGroup blue() {
    return blue;
  }

  /** The other group. */
  ApplicationTargetGroup green() {
    return green;
  }

  ApplicationListenerRule production() {
    return production;
  }

  ApplicationListenerRule test() {
    return test;
  }
}
