package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.Firewall;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.wafv2.CfnLoggingConfiguration;
import software.amazon.awscdk.services.wafv2.CfnLoggingConfiguration.FieldToMatchProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL;
import software.amazon.awscdk.services.wafv2.CfnWebACL.CountActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.DefaultActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.ForwardedIPConfigurationProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.ManagedRuleGroupStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.NotStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.OverrideActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RateBasedStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RuleActionOverrideProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RuleActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RuleProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.StatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.VisibilityConfigProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACLAssociation;
import software.constructs.Construct;

/**
 * The web application firewall at the load balancer, where also those pass who come by CloudFront:
 * Amazon's rules, and a limit for each address. Rules that look into bodies leave the API's host
 * out, since uploads are web pages themselves.
 */
final class Shield extends Construct {
  private static final String COMMON = "AWSManagedRulesCommonRuleSet";

  /**
   * Of the requests that pass nothing is kept: the gateways' access log has them, and a line of the
   * firewall's is several times as long.
   */
  private static final Map<String, Object> ONLY_WHAT_WAS_FOUND =
      new TreeMap<>(
          Map.of(
              "DefaultBehavior",
              "DROP",
              "Filters",
              List.of(
                  new TreeMap<>(
                      Map.of(
                          "Behavior",
                          "KEEP",
                          "Requirement",
                          "MEETS_ANY",
                          "Conditions",
                          List.of(
                              action("BLOCK"), action("COUNT"), action("EXCLUDED_AS_COUNT")))))));

  private static Map<String, Object> action(String action) {
    return Map.of("ActionCondition", Map.of("Action", action));
  }

  private final Settings settings;

  Shield(Construct scope, Settings settings, Firewall firewall, ApplicationLoadBalancer balancer) {
    super(scope, "Shield");
    this.settings = settings;
    CfnWebACL acl =
        CfnWebACL.Builder.create(this, "Acl")
            .scope("REGIONAL")
            .defaultAction(
                DefaultActionProperty.builder()
                    .allow(CfnWebACL.AllowActionProperty.builder().build())
                    .build())
            .visibilityConfig(visible("firewall"))
            .rules(
                List.of(
                    rate(firewall),
                    managed(1, "AWSManagedRulesAmazonIpReputationList", false),
                    managed(2, "AWSManagedRulesKnownBadInputsRuleSet", true),
                    managed(3, COMMON, true)))
            .build();
    CfnWebACLAssociation.Builder.create(this, "Balancer")
        .resourceArn(balancer.getLoadBalancerArn())
        .webAclArn(acl.getAttrArn())
        .build();
    LogGroup logs =
        LogGroup.Builder.create(this, "Logs")
            // The beginning is WAF's condition.
            .logGroupName("aws-waf-logs-" + settings.name())
            .retention(Logs.retention(settings))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    CfnLoggingConfiguration.Builder.create(this, "Logging")
        .resourceArn(acl.getAttrArn())
        .logDestinationConfigs(List.of(logs.getLogGroupArn()))
        .loggingFilter(ONLY_WHAT_WAS_FOUND)
        .redactedFields(
            List.of(
                FieldToMatchProperty.builder()
                    .singleHeader(Map.of("Name", "authorization"))
                    .build(),
                FieldToMatchProperty.builder().singleHeader(Map.of("Name", "cookie")).build(),
                FieldToMatchProperty.builder().queryString(Map.of()).build()))
        .build();
  }

  private RuleProperty rate(Firewall firewall) {
    boolean forwarded = settings.cloudFront() != null;
    return RuleProperty.builder()
        .name("requests-of-an-address")
        .priority(0)
        .action(
            RuleActionProperty.builder()
                .block(CfnWebACL.BlockActionProperty.builder().build())
                .build())
        .visibilityConfig(visible("requests-of-an-address"))
        .statement(
            StatementProperty.builder()
                .rateBasedStatement(
                    RateBasedStatementProperty.builder()
                        .limit(firewall.requestsPerAddress())
                        .evaluationWindowSec(300)
                        .aggregateKeyType(forwarded ? "FORWARDED_IP" : "IP")
                        .forwardedIpConfig(
                            forwarded
                                ? ForwardedIPConfigurationProperty.builder()
                                    .headerName("X-Forwarded-For")
                                    .fallbackBehavior("MATCH")
                                    .build()
                                : null)
                        .build())
                .build())
        .build();
  }

  private RuleProperty managed(int priority, String name, boolean readsBodies) {
    return RuleProperty.builder()
        .name(name)
        .priority(priority)
        .overrideAction(OverrideActionProperty.builder().none(Map.of()).build())
        .visibilityConfig(visible(name))
        .statement(
            StatementProperty.builder()
                .managedRuleGroupStatement(
                    ManagedRuleGroupStatementProperty.builder()
                        .vendorName("AWS")
                        .name(name)
                        .scopeDownStatement(readsBodies ? notTheApi() : null)
                        .ruleActionOverrides(
                            name.equals(COMMON) ? List.of(bodiesOfAnySize()) : null)
                        .build())
                .build())
        .build();
  }

  /** Sites' own APIs take bodies of more than 8 KB, which the rule would refuse; it counts them. */
  private static RuleActionOverrideProperty bodiesOfAnySize() {
    return RuleActionOverrideProperty.builder()
        .name("SizeRestrictions_BODY")
        .actionToUse(
            RuleActionProperty.builder().count(CountActionProperty.builder().build()).build())
        .build();
  }

  private StatementProperty notTheApi() {
    StatementProperty api =
        StatementProperty.builder()
            .byteMatchStatement(
                CfnWebACL.ByteMatchStatementProperty.builder()
                    .fieldToMatch(
                        CfnWebACL.FieldToMatchProperty.builder()
                            .singleHeader(Map.of("Name", "host"))
                            .build())
                    .positionalConstraint("EXACTLY")
                    .searchString(settings.domains().apiHost())
                    .textTransformations(
                        List.of(
                            CfnWebACL.TextTransformationProperty.builder()
                                .priority(0)
                                .type("LOWERCASE")
                                .build()))
                    .build())
            .build();
    return StatementProperty.builder()
        .notStatement(NotStatementProperty.builder().statement(api).build())
        .build();
  }

  private static VisibilityConfigProperty visible(String name) {
    return VisibilityConfigProperty.builder()
        .cloudWatchMetricsEnabled(true)
        .sampledRequestsEnabled(true)
        .metricName(name)
        .build();
  }
}
