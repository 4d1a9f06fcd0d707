package dev.portico.aws.edge;

import dev.portico.aws.data.DataStack;
import dev.portico.aws.observe.Board;
import dev.portico.aws.observe.DataAlarms;
import dev.portico.aws.observe.LogMetrics;
import dev.portico.aws.observe.Pager;
import dev.portico.aws.observe.Paid;
import dev.portico.aws.observe.Running;
import dev.portico.aws.observe.ServiceAlarms;
import dev.portico.aws.observe.Traffic;
import dev.portico.aws.observe.TrafficAlarms;
import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.CloudFront;
import dev.portico.aws.settings.Settings.Firewall;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.CloudFrontTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.constructs.Construct;

/** What can be deleted and made again: all but the data. */
public final class EdgeStack extends Stack {
  private final int zones;

  /** The stack of these settings, in front of that data. */
  public EdgeStack(Construct scope, Settings settings, DataStack data) {
    super(
        scope,
        settings.edgeStack(),
        StackProps.builder()
            .stackName(settings.edgeStack())
            .description("Portico: network, load balancer, services")
            .env(
                Environment.builder().account(settings.account()).region(settings.region()).build())
            .build());
    zones = settings.network().zones();
    Network network = new Network(this, settings);
    Names names = new Names(this, settings);
    Balancer balancer = new Balancer(this, network, names, data.files().accessLogs());
    lead(settings, names, balancer);
    Firewall firewall = settings.firewall();
    if (firewall != null) {
      new Shield(this, settings, firewall, balancer.alb());
    }
    Logs logs = new Logs(this, settings);
    Platform platform = new Platform(this, settings, network, logs);
    Context context = new Context(settings, data, network, platform, logs);
    Pager pager = new Pager(this, settings);
    Traffic traffic = new Traffic(balancer.alb(), balancer.blue(), balancer.green());
    LogMetrics metrics =
        new LogMetrics(this, settings, logs.gateway(), logs.content(), logs.auth());
    TrafficAlarms alarms = new TrafficAlarms(pager, traffic, metrics, settings);
    AuthService auth = new AuthService(this, context);
    ContentService content = new ContentService(this, context);
    SmokeTest smoke = new SmokeTest(this, settings);
    GatewayService gateway =
        new GatewayService(this, context, balancer, smoke, alarms.ofReleases());
    AccessLogDelivery delivery = new AccessLogDelivery(this, context);
    // Service Connect shows a task only the services that were there when it started.
    content.service().getNode().addDependency(auth.service());
    // The smoke test asks by the public name.
    gateway.service().getNode().addDependency(content.service(), auth.service(), names);
    watch(
        context,
        traffic,
        metrics,
        pager,
        names,
        delivery,
        List.of(
            new Running("gateway", gateway.service(), settings.gateway().size()),
            new Running("content", content.service(), settings.content()),
            new Running("auth", auth.service(), settings.auth())));
    output("Api", "https://" + settings.domains().apiHost() + "/v1");
    output("Cluster", platform.cluster().getClusterName());
  }

  /** All names to the balancer, or to CloudFront and only one to the balancer. */
  private void lead(Settings settings, Names names, Balancer balancer) {
    RecordTarget toBalancer = RecordTarget.fromAlias(new LoadBalancerTarget(balancer.alb()));
    CloudFront cloudFront = settings.cloudFront();
    if (cloudFront == null) {
      names.leadTo(toBalancer);
    } else {
      names.origin(toBalancer);
      Front front = new Front(this, settings, cloudFront);
      RecordTarget toFront = RecordTarget.fromAlias(new CloudFrontTarget(front.distribution()));
      names.leadTo(toFront);
      names.leadByIpv6To(toFront);
    }
  }

  private void watch(
      Context context,
      Traffic traffic,
      LogMetrics metrics,
      Pager pager,
      Names names,
      AccessLogDelivery delivery,
      List<Running> services) {
    String table = context.data().facts().table().getTableName();
    ServiceAlarms.add(pager, metrics, services);
    DataAlarms.add(pager, metrics, table, names.certificates(), delivery.stream());
    pager.releases();
    Logs logs = context.logs();
    new Board(
        this,
        context.settings(),
        traffic,
        metrics,
        services,
        new Paid(
            table,
            List.of(logs.gateway(), logs.content(), logs.auth(), logs.connect()),
            context.network().natGateways()));
  }

  private void output(String name, String value) {
    CfnOutput.Builder.create(this, name).value(value).build();
  }

  /**
   * Whatever zones the region has, by their number: nothing is looked up, no name is written down.
   */
  @Override
  public List<String> getAvailabilityZones() {
    return IntStream.range(0, zones).mapToObj(i -> Fn.select(i, Fn.getAzs())).toList();
  }
}
