package dev.portico.aws.findings;

import dev.portico.aws.settings.Settings;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.Stack;

/** All findings that stay. */
public final class Findings {
  private Findings() {}

  private static final String EVERYTHING = "Resource::*";

  /** Those of such a deployment. */
  public static List<Finding> of(Settings settings) {
    List<Finding> findings = new ArrayList<>();
    ofData(settings, findings);
    ofTasks(settings, findings);
    if (settings.cloudFront() == null) {
      findings.add(
          new Finding(
              "/" + settings.edgeStack() + "/Network/Balancer/Resource",
              "AwsSolutions-EC23",
              "",
              "It is the one door for viewers. NetworkTest holds that nothing else is open to the"
                  + " internet, and that this is open at 443, and at 80 for the redirect, only."));
    } else {
      ofCloudFront(settings, findings);
    }
    return List.copyOf(findings);
  }

  private static void ofData(Settings settings, List<Finding> findings) {
    String data = "/" + settings.dataStack();
    for (String secret :
        List.of("GatewayToContent", "GatewayToAuth", "ContentToAuth", "SealingKeys")) {
      findings.add(
          new Finding(
              data + "/Secrets/" + secret + "/Resource",
              "AwsSolutions-SMG4",
              "",
              "Tasks read it when they start, so that a schedule would change it under running"
                  + " ones. It is replaced by the steps of docs/aws.md, in each of whose states any"
                  + " task may start; RightsTest holds that both values reach the callee."));
    }
    if (!settings.accounts().threatProtection()) {
      findings.add(
          new Finding(
              data + "/People/Pool/Resource",
              "AwsSolutions-COG3",
              "",
              "accounts.threatProtection is off: it is a plan of its own that is paid for each"
                  + " user. auth-service limits attempts, and Cognito locks accounts, without"
                  + " it."));
    }
  }

  private static void ofTasks(Settings settings, List<Finding> findings) {
    String edge = "/" + settings.edgeStack() + "/";
    for (String service : List.of("Gateway", "Content", "Auth")) {
      findings.add(
          new Finding(
              edge + service + "/Task/Resource",
              "AwsSolutions-ECS2",
              "",
              "Settings that are no secrets. RightsTest holds that no name of one looks like a"
                  + " secret's, and ServicesTest that each is one that the service reads."));
      findings.add(
          new Finding(
              edge + service + "/Task/ExecutionRole/DefaultPolicy/Resource",
              "AwsSolutions-IAM5",
              EVERYTHING,
              "ecr:GetAuthorizationToken has no resources. RightsTest holds that it is the only"
                  + " action that is allowed on everything."));
    }
    if (settings.traces() != null) {
      for (String service : List.of("Gateway", "Content", "Auth")) {
        findings.add(
            new Finding(
                edge + service + "/Task/TaskRole/DefaultPolicy/Resource",
                "AwsSolutions-IAM5",
                EVERYTHING,
                "xray:PutTraceSegments has no resources, and reads nothing. RightsTest holds that"
                    + " it is the only action that a task may do with everything."));
      }
    }
    findings.add(
        new Finding(
            edge + "Content/Task/TaskRole/DefaultPolicy/Resource",
            "AwsSolutions-IAM5",
            "",
            "The objects of one bucket. RightsTest holds the list of actions, none of which is a"
                + " pattern, and that the bucket is that of the data stack."));
    findings.add(
        new Finding(
            edge + "AccessLogDelivery/Writer/DefaultPolicy/Resource",
            "AwsSolutions-IAM5",
            "",
            "Firehose puts files into the one bucket of the access log, under names that it makes."
                + " RightsTest holds the list of actions and the bucket."));
    findings.add(
        new Finding(
            edge + "Gateway/Service/ReleaseRole/Resource",
            "AwsSolutions-IAM4",
            "Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
            "ECS itself assumes it to move traffic between the two target groups. AWS's policy"
                + " follows what ECS needs for that; no task has the role."));
  }

  private static void ofCloudFront(Settings settings, List<Finding> findings) {
    String distribution = "/" + settings.edgeStack() + "/Front/Distribution/Resource";
    findings.add(
        new Finding(
            distribution,
            "AwsSolutions-CFR3",
            "",
            "It keeps nothing and passes every request on, so that the gateways' access log and"
                + " the load balancer's have all of them, with the viewer's address."));
    findings.add(
        new Finding(
            distribution,
            "AwsSolutions-CFR1",
            "",
            "Sites are for whoever their owners let in, from any country; behaviours of sites have"
                + " access rules of their own."));
    findings.add(
        new Finding(
            distribution,
            "AwsSolutions-CFR2",
            "",
            "The firewall is a setting, and stands at the load balancer, where every request"
                + " passes; NetworkTest holds that it counts viewers and not CloudFront there."));
  }

  /** Has cdk-nag leave them out. Each must be of a resource that is there. */
  public static void accept(Settings settings, List<Stack> stacks) {
    for (Finding finding : of(settings)) {
      Stack stack =
          stacks.stream()
              .filter(each -> finding.resource().startsWith("/" + each.getStackName() + "/"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no stack has " + finding.resource()));
      NagPackSuppression.Builder suppression =
          NagPackSuppression.builder().id(finding.rule()).reason(finding.evidence());
      if (!finding.about().isEmpty()) {
        suppression.appliesTo(List.of(finding.about()));
      }
      NagSuppressions.addResourceSuppressionsByPath(
          stack, finding.resource(), List.of(suppression.build()));
    }
  }
}
