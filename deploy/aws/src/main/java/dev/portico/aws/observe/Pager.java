package dev.portico.aws.observe;

import dev.portico.aws.settings.Settings;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Match;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.SnsTopic;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** Tells people. Each alarm names the page of docs/runbooks that says what to do. */
public final class Pager extends Construct {
  private static final String PAGES = "docs/runbooks/";

  private final Settings settings;
  private final Topic topic;

  /** A topic, and the address of the settings if there is one. */
  public Pager(Construct scope, Settings settings) {
    super(scope, "Pager");
    this.settings = settings;
    topic =
        Topic.Builder.create(this, "Topic")
            .displayName("Portico " + settings.name())
            .enforceSsl(true)
            .build();
    // Its policy, once there is one, is all that counts: without this no alarm would be told.
    allow("Alarms", "cloudwatch.amazonaws.com");
    allow("Releases", "events.amazonaws.com");
    String mail = settings.alarms().mail();
    if (mail != null) {
      topic.addSubscription(new EmailSubscription(mail));
    }
  }

  /** Of this account alone: else anybody's alarms and rules could write to the topic. */
  private void allow(String sid, String service) {
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid(sid)
            .principals(List.of(new ServicePrincipal(service)))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", settings.account())))
            .build());
  }

  /** Minutes of the last few that must be beyond the threshold. */
  record Patience(int minutes, int of) {}

  /**
   * An alarm.
   *
   * @param page of docs/runbooks, without its ending; also the alarm's name
   * @param subject what of it is meant, such as a service; empty: there is but one
   * @param metric one value a minute
   * @param missing what no value means
   */
  Alarm alarm(
      String page,
      String subject,
      IMetric metric,
      ComparisonOperator beyond,
      double threshold,
      Patience patience,
      TreatMissingData missing) {
    String name = subject.isEmpty() ? page : page + "-" + subject;
    Alarm alarm =
        Alarm.Builder.create(this, name)
            .alarmName(settings.name() + "-" + name)
            .alarmDescription(PAGES + page + ".md")
            .metric(metric)
            .comparisonOperator(beyond)
            .threshold(threshold)
            .datapointsToAlarm(patience.minutes())
            .evaluationPeriods(patience.of())
            .treatMissingData(missing)
            .build();
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  }

  /** An alarm of something that must stay at or below a number; no value is a good sign. */
  Alarm above(String page, String subject, IMetric metric, double threshold, Patience patience) {
    return alarm(
        page,
        subject,
        metric,
        ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold,
        patience,
        TreatMissingData.NOT_BREACHING);
  }

  /** An alarm of something that must stay at or above a number; no value is a bad sign. */
  Alarm below(String page, String subject, IMetric metric, double threshold, Patience patience) {
    return alarm(
        page,
        subject,
        metric,
        ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold,
        patience,
        TreatMissingData.BREACHING);
  }

  /** Tells of releases that ECS has given up. */
  public void releases() {
    Rule rule =
        Rule.Builder.create(this, "release-failed")
            .ruleName(settings.name() + "-release-failed")
            .description(PAGES + "release-failed.md")
            .eventPattern(
                EventPattern.builder()
                    .source(List.of("aws.ecs"))
                    .detailType(List.of("ECS Deployment State Change"))
                    // The event names the service, and its cluster in that name alone.
                    .resources(
                        Match.prefix(
                            "arn:aws:ecs:%s:%s:service/%s/"
                                .formatted(settings.region(), settings.account(), settings.name())))
                    .detail(Map.of("eventName", List.of("SERVICE_DEPLOYMENT_FAILED")))
                    .build())
            // By its ARN: of the topic itself the CDK would allow every account's rules.
            .targets(
                List.of(new SnsTopic(Topic.fromTopicArn(this, "ForRules", topic.getTopicArn()))))
            .build();
    Annotations.of(rule)
        .acknowledgeWarning(
            "@aws-cdk/aws-events:ruleUnresolvedEnvironment", "the topic is of this stack");
  }
}
