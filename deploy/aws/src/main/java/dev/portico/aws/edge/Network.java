package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.CloudFront;
import dev.portico.aws.settings.Settings.Egress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.CfnNatGateway;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IPeer;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * The VPC and who may talk to whom: the internet to the balancer, the balancer to gateways,
 * gateways to content and auth, content to auth. Nobody else is let in anywhere.
 *
 * <p>Services depend on all of it: a task that starts before its way out, an endpoint or a rule is
 * there gets neither its image nor its secrets, and the circuit breaker gives it up.
 */
final class Network extends Construct {
  private static final int HTTPS = 443;
  private static final int SUBNET_BITS = 24;

  private final Vpc vpc;
  private final boolean throughNat;
  private final SecurityGroup balancer;
  private final SecurityGroup gateway;
  private final SecurityGroup content;
  private final SecurityGroup auth;

  Network(Construct scope, Settings settings) {
    super(scope, "Network");
    throughNat = settings.network().egress() == Egress.NAT;
    vpc = vpc(settings);
    if (!throughNat) {
      endpoints(settings);
    }
    balancer = group("Balancer", "The load balancer");
    gateway = group("Gateway", "gateway-service");
    content = group("Content", "content-service");
    auth = group("Auth", "auth-service");
    viewers(settings);
    allow(balancer, gateway, Port.GATEWAY);
    allow(balancer, gateway, Port.GATEWAY_MANAGEMENT);
    allow(gateway, content, Port.CONTENT_API);
    allow(gateway, content, Port.CONTENT_INTERNAL);
    allow(gateway, auth, Port.AUTH_API);
    allow(gateway, auth, Port.AUTH_INTERNAL);
    allow(content, auth, Port.AUTH_INTERNAL);
    for (int port : settings.network().originPorts()) {
      leave(gateway, port, "Origins of sites; Cognito's keys");
    }
    if (!settings.network().originPorts().contains(HTTPS)) {
      leave(gateway, HTTPS, "Cognito's keys");
    }
    leave(content, HTTPS, "S3, DynamoDB, Cognito's keys");
    leave(auth, HTTPS, "Cognito, DynamoDB");
  }

  private Vpc vpc(Settings settings) {
    LogGroup flows =
        LogGroup.Builder.create(this, "FlowLogs")
            .retention(Logs.retention(settings))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    return Vpc.Builder.create(this, "Vpc")
        .ipAddresses(IpAddresses.cidr(settings.network().cidr()))
        .maxAzs(settings.network().zones())
        .natGateways(settings.network().natGateways())
        .subnetConfiguration(
            List.of(
                subnets("balancer", SubnetType.PUBLIC),
                subnets(
                    "tasks",
                    throughNat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED)))
        // Free of charge, and what most of the traffic is with.
        .gatewayEndpoints(
            new TreeMap<>(
                Map.of(
                    "S3", endpoint(GatewayVpcEndpointAwsService.S3),
                    "DynamoDb", endpoint(GatewayVpcEndpointAwsService.DYNAMODB))))
        .flowLogs(
            Map.of(
                "Flows",
                FlowLogOptions.builder()
                    .destination(FlowLogDestination.toCloudWatchLogs(flows))
                    .trafficType(FlowLogTrafficType.REJECT)
                    .build()))
        .build();
  }

  private static SubnetConfiguration subnets(String name, SubnetType type) {
    return SubnetConfiguration.builder()
        .name(name)
        .subnetType(type)
        .cidrMask(SUBNET_BITS)
        .mapPublicIpOnLaunch(type == SubnetType.PUBLIC ? Boolean.FALSE : null)
        .build();
  }

  private static GatewayVpcEndpointOptions endpoint(GatewayVpcEndpointAwsService service) {
    return GatewayVpcEndpointOptions.builder().service(service).build();
  }

  private void endpoints(Settings settings) {
    SecurityGroup doors = group("Endpoints", "Interface endpoints of AWS services");
    doors.addIngressRule(
        // As it is in the settings: what CloudFormation fills in, no rule can look at.
        Peer.ipv4(settings.network().cidr()),
        software.amazon.awscdk.services.ec2.Port.tcp(HTTPS),
        "Tasks");
    Map<String, InterfaceVpcEndpointAwsService> services =
        new TreeMap<>(
            Map.of(
                "EcrApi", InterfaceVpcEndpointAwsService.ECR,
                "EcrImages", InterfaceVpcEndpointAwsService.ECR_DOCKER,
                "LogDelivery", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
                "SecretValues", InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
                "UserPools", InterfaceVpcEndpointAwsService.COGNITO_IDP));
    services.forEach(
        (id, service) ->
            InterfaceVpcEndpoint.Builder.create(this, id)
                .vpc(vpc)
                .service(service)
                .subnets(tasks())
                .securityGroups(List.of(doors))
                .open(false)
                .build());
  }

  private void viewers(Settings settings) {
    CloudFront cloudFront = settings.cloudFront();
    IPeer viewers = cloudFront == null ? Peer.anyIpv4() : Peer.prefixList(cloudFront.prefixList());
    String who = cloudFront == null ? "Viewers" : "CloudFront";
    balancer.addIngressRule(viewers, tcp(HTTPS), who);
    if (cloudFront == null) {
      balancer.addIngressRule(viewers, tcp(80), "Viewers who are sent to HTTPS");
    }
  }

  private SecurityGroup group(String id, String description) {
    return SecurityGroup.Builder.create(this, id)
        .vpc(vpc)
        .description("Portico: " + description)
        .allowAllOutbound(false)
        .build();
  }

  private static void allow(SecurityGroup from, SecurityGroup to, Port port) {
    String what = port.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    to.addIngressRule(from, tcp(port.number()), what);
    from.addEgressRule(to, tcp(port.number()), what);
  }

  private static void leave(SecurityGroup from, int port, String why) {
    from.addEgressRule(Peer.anyIpv4(), tcp(port), why);
  }

  private static software.amazon.awscdk.services.ec2.Port tcp(int number) {
    return software.amazon.awscdk.services.ec2.Port.tcp(number);
  }

  Vpc vpc() {
    return vpc;
  }

  /** Ids of the NAT gateways; none where the way out is by endpoints. */
  List<String> natGateways() {
    return vpc.getNode().findAll().stream()
        .filter(CfnNatGateway.class::isInstance)
        .map(gateway -> ((CfnNatGateway) gateway).getRef())
        .toList();
  }

  /** Subnets of tasks: without addresses that the internet can reach. */
  SubnetSelection tasks() {
    return SubnetSelection.builder().subnetGroupName("tasks").build();
  }

  ISecurityGroup balancer() {
    return balancer;
  }

  ISecurityGroup gateway() {
    return gateway;
  }

  ISecurityGroup content() {
    return content;
  }

  ISecurityGroup auth() {
    return auth;
  }
}
