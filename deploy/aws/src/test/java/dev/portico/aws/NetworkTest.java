package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private final Template small = Deployment.small().edge();
  private final Template production = Deployment.production().edge();

  /** Every way in, as "group: port from source"; with the inline ones of groups. */
  private static List<String> ingress(Template template) {
    List<String> ways = new ArrayList<>();
    for (Resource group : template.all("AWS::EC2::SecurityGroup")) {
      group.list("SecurityGroupIngress").forEach(rule -> ways.add(way(group.id(), rule)));
    }
    for (Resource rule : template.all("AWS::EC2::SecurityGroupIngress")) {
      ways.add(way(String.valueOf(rule.at("GroupId.Fn::GetAtt.0")), rule.properties()));
    }
    return ways.stream().sorted().toList();
  }

  private static String way(String group, Map<String, Object> rule) {
    Object source = rule.get("CidrIp");
    if (source == null) {
      source = rule.get("SourcePrefixListId");
    }
    if (source == null) {
      source = Template.find(rule, "SourceSecurityGroupId.Fn::GetAtt.0");
    }
    return name(group) + ": " + rule.get("FromPort") + " from " + name(String.valueOf(source));
  }

  /** NetworkGateway12AB34CD to Gateway. */
  private static String name(String id) {
    return id.startsWith("Network") ? id.substring(7, id.length() - 8) : id;
  }

  /** It would see the balancer's 503 while the group is empty, which takes releases back. */
  @Test
  void noViewerKnowsTheWayToTheReleaseThatIsBeingTested() {
    Object random =
        Map.of(
            "Fn::Select",
            List.of(2, Map.of("Fn::Split", List.of("/", Map.of("Ref", "AWS::StackId")))));
    Resource rule = small.one("AWS::ElasticLoadBalancingV2::ListenerRule", "BalancerTest");
    assertThat(rule.at("Conditions.0.HttpHeaderConfig.HttpHeaderName"))
        .isEqualTo("X-Portico-Release");
    assertThat(rule.at("Conditions.0.HttpHeaderConfig.Values")).isEqualTo(List.of(random));
    Resource smokeTest = small.one("AWS::Lambda::Function", "SmokeTestFunction");
    assertThat(smokeTest.at("Environment.Variables.VALUE")).isEqualTo(random);
  }

  @Test
  void theLoadBalancerAloneIsPublicAndNobodyElseIsLetIn() {
    assertThat(ingress(small))
        .containsExactly(
            "Auth: 8084 from Gateway",
            "Auth: 8085 from Content",
            "Auth: 8085 from Gateway",
            "Balancer: 443 from 0.0.0.0/0",
            "Balancer: 80 from 0.0.0.0/0",
            "Content: 8081 from Gateway",
            "Content: 8082 from Gateway",
            "Gateway: 8080 from Balancer",
            "Gateway: 8087 from Balancer");
  }

  @Test
  void behindCloudFrontTheLoadBalancerLetsNobodyElseIn() {
    assertThat(ingress(production))
        .contains("Balancer: 443 from pl-0a1b2c3d4e5f60718")
        .noneMatch(way -> way.contains("0.0.0.0/0"));
  }

  @Test
  void tasksHaveNoAddressesOfTheInternet() {
    for (Template template : List.of(small, production)) {
      assertThat(template.all("AWS::ECS::Service"))
          .hasSize(3)
          .allSatisfy(
              service ->
                  assertThat(service.at("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"))
                      .isEqualTo("DISABLED"));
      assertThat(template.all("AWS::EC2::Subnet"))
          .noneMatch(subnet -> Boolean.TRUE.equals(subnet.at("MapPublicIpOnLaunch")));
    }
  }

  @Test
  void gatewaysLeaveByThePortsOfOriginsOnly() {
    List<Object> out =
        production
            .one("AWS::EC2::SecurityGroup", "NetworkGateway")
            .list("SecurityGroupEgress")
            .stream()
            .filter(rule -> "0.0.0.0/0".equals(rule.get("CidrIp")))
            .map(rule -> rule.get("FromPort"))
            .toList();
    assertThat(out).containsExactlyInAnyOrder(443, 8443);
    for (String group : List.of("NetworkContent", "NetworkAuth")) {
      assertThat(small.one("AWS::EC2::SecurityGroup", group).list("SecurityGroupEgress"))
          .filteredOn(rule -> "0.0.0.0/0".equals(rule.get("CidrIp")))
          .extracting(rule -> rule.get("FromPort"))
          .containsExactly(443);
    }
  }

  @Test
  void storageIsReachedPastTheNatGateways() {
    assertThat(small.all("AWS::EC2::NatGateway")).hasSize(1);
    assertThat(production.all("AWS::EC2::NatGateway")).hasSize(3);
    assertThat(small.all("AWS::EC2::VPCEndpoint"))
        .hasSize(2)
        .allSatisfy(endpoint -> assertThat(endpoint.at("VpcEndpointType")).isEqualTo("Gateway"))
        .extracting(endpoint -> String.valueOf(endpoint.at("ServiceName")))
        .anyMatch(name -> name.contains(".s3"))
        .anyMatch(name -> name.contains(".dynamodb"));
  }

  @Test
  void endpointsTakeThePlaceOfNatGateways() {
    Template template = Deployment.endpoints().edge();
    assertThat(template.all("AWS::EC2::NatGateway")).isEmpty();
    List<Resource> doors =
        template.all("AWS::EC2::VPCEndpoint").stream()
            .filter(endpoint -> "Interface".equals(endpoint.at("VpcEndpointType")))
            .toList();
    assertThat(doors)
        .allSatisfy(endpoint -> assertThat(endpoint.at("PrivateDnsEnabled")).isEqualTo(true))
        .extracting(endpoint -> String.valueOf(endpoint.at("ServiceName")))
        .containsExactlyInAnyOrder(
            "com.amazonaws.eu-central-1.ecr.api",
            "com.amazonaws.eu-central-1.ecr.dkr",
            "com.amazonaws.eu-central-1.logs",
            "com.amazonaws.eu-central-1.secretsmanager",
            "com.amazonaws.eu-central-1.cognito-idp");
    assertThat(template.all("AWS::EC2::Route"))
        .as("nothing leads from tasks to the internet")
        .allSatisfy(route -> assertThat(route.id()).contains("balancer"));
    assertThat(Deployment.endpoints().errors()).isEmpty();
    assertThat(
            template
                .one("AWS::ECS::TaskDefinition", "GatewayTask")
                .at("RuntimePlatform.CpuArchitecture"))
        .isEqualTo("X86_64");
  }

  @Test
  void noZoneIsWrittenDownOrLookedUp() {
    assertThat(production.all("AWS::EC2::Subnet"))
        .hasSize(6)
        .allSatisfy(subnet -> assertThat(subnet.at("AvailabilityZone.Fn::Select.1")).isNotNull());
  }

  @Test
  void refusedConnectionsAreLogged() {
    assertThat(small.one("AWS::EC2::FlowLog", "").at("TrafficType")).isEqualTo("REJECT");
  }

  @Test
  void viewersComeOverTlsAndAreSentThere() {
    Resource https = small.one("AWS::ElasticLoadBalancingV2::Listener", "BalancerAlbHttps");
    assertThat(https.at("Port")).isEqualTo(443);
    assertThat(https.at("SslPolicy")).isEqualTo("ELBSecurityPolicy-TLS13-1-2-Res-2021-06");
    Resource http = small.one("AWS::ElasticLoadBalancingV2::Listener", "BalancerAlbHttp3");
    assertThat(http.at("DefaultActions.0.RedirectConfig"))
        .isEqualTo(Map.of("Port", "443", "Protocol", "HTTPS", "StatusCode", "HTTP_301"));
  }

  @Test
  void theLoadBalancerIsStrictAndLogsWhoCame() {
    for (Template template : List.of(small, production)) {
      List<Map<String, Object>> attributes =
          template
              .one("AWS::ElasticLoadBalancingV2::LoadBalancer", "BalancerAlb")
              .list("LoadBalancerAttributes");
      assertThat(attributes)
          .contains(
              Map.of("Key", "routing.http.desync_mitigation_mode", "Value", "strictest"),
              Map.of("Key", "routing.http.drop_invalid_header_fields.enabled", "Value", "true"),
              Map.of("Key", "routing.http.xff_header_processing.mode", "Value", "append"),
              Map.of("Key", "deletion_protection.enabled", "Value", "true"),
              Map.of("Key", "idle_timeout.timeout_seconds", "Value", "180"),
              Map.of("Key", "access_logs.s3.enabled", "Value", "true"));
    }
  }

  @Test
  void certificatesAreProvenByDnsAndCoverAllNames() {
    Resource certificate = small.one("AWS::CertificateManager::Certificate", "NamesCertificate");
    assertThat(certificate.at("DomainName")).isEqualTo("example.site");
    assertThat(certificate.at("SubjectAlternativeNames"))
        .isEqualTo(List.of("*.example.site", "api.example.com", "auth.example.com"));
    assertThat(certificate.at("ValidationMethod")).isEqualTo("DNS");
    assertThat(certificate.list("DomainValidationOptions"))
        .extracting(option -> option.get("HostedZoneId"))
        .containsOnly("Z0AAAAAAAAAAAAAAAAAA", "Z0BBBBBBBBBBBBBBBBBB");
  }

  @Test
  void ownDomainsHaveRecordsAndCertificatesBySni() {
    assertThat(production.all("AWS::Route53::RecordSet"))
        .extracting(record -> record.at("Name"))
        .contains("handbook.example.", "docs.example.org.");
    assertThat(production.all("AWS::ElasticLoadBalancingV2::ListenerCertificate")).isNotEmpty();
    assertThat(
            production.all("AWS::ElasticLoadBalancingV2::ListenerCertificate").stream()
                .map(Resource::text)
                .toList()
                .toString())
        .contains("certificate/00000000-0000-0000-0000-000000000001", "NamesCertificatehandbook");
  }

  @Test
  void namesLeadToTheBalancerOrToCloudFront() {
    assertThat(small.all("AWS::Route53::RecordSet"))
        .hasSize(4)
        .allSatisfy(record -> assertThat(record.at("Type")).isEqualTo("A"))
        .allSatisfy(record -> assertThat(record.text()).contains("BalancerAlb"))
        .extracting(record -> record.at("Name"))
        .containsExactlyInAnyOrder(
            "example.site.", "*.example.site.", "api.example.com.", "auth.example.com.");
    assertThat(production.all("AWS::Route53::RecordSet"))
        .filteredOn(record -> "AAAA".equals(record.at("Type")))
        .as("CloudFront takes IPv6, the balancer does not")
        .extracting(record -> record.at("Name"))
        .containsExactlyInAnyOrder(
            "example.site.",
            "*.example.site.",
            "api.example.com.",
            "auth.example.com.",
            "handbook.example.",
            "docs.example.org.");
    assertThat(production.all("AWS::Route53::RecordSet"))
        .hasSize(7 + 6)
        .allSatisfy(
            record ->
                assertThat(record.text())
                    .contains(
                        "origin.example.com.".equals(record.at("Name"))
                            ? "BalancerAlb"
                            : "FrontDistribution"));
  }

  @Test
  void cloudFrontKeepsNothingAndPassesEverythingOn() {
    Resource distribution = production.one("AWS::CloudFront::Distribution", "");
    String path = "DistributionConfig.DefaultCacheBehavior.";
    // Managed-CachingDisabled and Managed-AllViewer.
    assertThat(distribution.at(path + "CachePolicyId"))
        .isEqualTo("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    assertThat(distribution.at(path + "OriginRequestPolicyId"))
        .isEqualTo("216adef6-5c7f-47e4-b989-5492eafa07d3");
    assertThat(distribution.at("DistributionConfig.Origins.0.DomainName"))
        .isEqualTo("origin.example.com");
    assertThat(
            distribution.at("DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy"))
        .isEqualTo("https-only");
    assertThat(distribution.at(path + "ViewerProtocolPolicy")).isEqualTo("redirect-to-https");
    assertThat(String.valueOf(distribution.at(path + "AllowedMethods"))).contains("PUT", "DELETE");
    assertThat(distribution.at("DistributionConfig.ViewerCertificate.MinimumProtocolVersion"))
        .isEqualTo("TLSv1.2_2021");
    assertThat(small.all("AWS::CloudFront::Distribution")).isEmpty();
  }

  @Test
  void theFirewallsLogHasWhatItFoundAndNoSecrets() {
    Resource log = production.one("AWS::WAFv2::LoggingConfiguration", "");
    assertThat(log.at("LoggingFilter.DefaultBehavior")).isEqualTo("DROP");
    assertThat(log.list("LoggingFilter.Filters.0.Conditions"))
        .extracting(condition -> Template.find(condition, "ActionCondition.Action"))
        .containsExactly("BLOCK", "COUNT", "EXCLUDED_AS_COUNT");
    assertThat(log.list("RedactedFields"))
        .extracting(String::valueOf)
        .containsExactly(
            "{SingleHeader={Name=authorization}}",
            "{SingleHeader={Name=cookie}}",
            "{QueryString={}}");
  }

  @Test
  void theFirewallLimitsAddressesAndLeavesUploadsAlone() {
    Resource acl = production.one("AWS::WAFv2::WebACL", "");
    assertThat(acl.list("Rules"))
        .extracting(rule -> rule.get("Name"))
        .containsExactly(
            "requests-of-an-address",
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesKnownBadInputsRuleSet",
            "AWSManagedRulesCommonRuleSet");
    assertThat(acl.at("Rules.0.Statement.RateBasedStatement.Limit")).isEqualTo(5000);
    assertThat(acl.at("Rules.0.Statement.RateBasedStatement.AggregateKeyType"))
        .as("behind CloudFront every viewer has one of its addresses")
        .isEqualTo("FORWARDED_IP");
    String overrides = "Rules.%d.Statement.ManagedRuleGroupStatement.RuleActionOverrides";
    assertThat(acl.at(overrides.formatted(3) + ".0.Name"))
        .as("bodies of sites' own APIs may be larger than 8 KB")
        .isEqualTo("SizeRestrictions_BODY");
    assertThat(acl.at(overrides.formatted(2))).isNull();
    for (int rule : List.of(2, 3)) {
      assertThat(
              acl.at(
                  "Rules."
                      + rule
                      + ".Statement.ManagedRuleGroupStatement.ScopeDownStatement.NotStatement"
                      + ".Statement.ByteMatchStatement.SearchString"))
          .isEqualTo("api.example.com");
    }
    assertThat(acl.list("Rules")).as("so many are in deploy/cost").hasSize(4);
    assertThat(production.all("AWS::WAFv2::WebACLAssociation")).hasSize(1);
    assertThat(small.all("AWS::WAFv2::WebACL")).isEmpty();
  }
}
