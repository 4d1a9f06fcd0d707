package dev.portico.aws.edge;

import dev.portico.aws.data.Secrets;
import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.Traces;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecs.AlarmBehavior;
import software.amazon.awscdk.services.ecs.AlternateTarget;
import software.amazon.awscdk.services.ecs.AlternateTargetProps;
import software.amazon.awscdk.services.ecs.DeploymentAlarmConfig;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.DeploymentStrategy;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.IEcsLoadBalancerTarget;
import software.amazon.awscdk.services.ecs.ListenerRuleConfiguration;
import software.amazon.awscdk.services.ecs.LoadBalancerTargetOptions;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.Secret;
import software.constructs.Construct;

/**
 * gateway-service: holds no rights at all, or with {@code traces} the one to hand them over, which
 * reads nothing. A release starts beside the old one, is asked by the smoke test, takes the
 * traffic, and is taken back when an alarm goes off while the old one still waits; or by the
 * circuit breaker when its tasks do not come up.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html">Deployment
 *     failure detection</a>, which has both for blue/green deployments
 */
final class GatewayService extends Construct {
  /** The most that Fargate gives. */
  static final int STOP_SECONDS = 120;

  static final int DELAY_SECONDS = 10;
  static final int GRACE_SECONDS = 100;

  /** Each of the two caches outside of the heap; together a quarter of the task's memory. */
  private static final int CACHE_SHARE = 8;

  private final FargateService service;

  GatewayService(
      Construct scope, Context context, Balancer balancer, SmokeTest smoke, List<String> alarms) {
    super(scope, "Gateway");
    Settings settings = context.settings();
    Task task =
        new Task(
            "gateway-service",
            settings.gateway().size(),
            context.data().repositories().gateway(),
            settings.images().gateway(),
            List.of(Port.GATEWAY),
            Port.GATEWAY_MANAGEMENT,
            Task.LIVENESS,
            STOP_SECONDS,
            environment(context),
            secrets(context.data().secrets(), new SecretFields(this)),
            List.of("/tmp"),
            context.logs().gateway(),
            List.of());
    FargateTaskDefinition definition = task.define(this, context);
    service =
        FargateService.Builder.create(this, "Service")
            .cluster(context.platform().cluster())
            .serviceName("gateway")
            .taskDefinition(definition)
            .securityGroups(List.of(context.network().gateway()))
            .vpcSubnets(context.network().tasks())
            .assignPublicIp(false)
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .healthCheckGracePeriod(Duration.seconds(120))
            .deploymentStrategy(DeploymentStrategy.BLUE_GREEN)
            .bakeTime(Duration.minutes(settings.releases().bakeMinutes()))
            .lifecycleHooks(List.of(smoke.hook()))
            // Alarms and smoke test see only what runs: an image that exits, or is not there, would
            // hold the release up for hours.
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .deploymentAlarms(
                DeploymentAlarmConfig.builder()
                    .alarmNames(alarms)
                    .behavior(AlarmBehavior.ROLLBACK_ON_ALARM)
                    .build())
            .serviceConnectConfiguration(context.platform().connect("gateway", List.of()))
            .enableEcsManagedTags(true)
            .propagateTags(PropagatedTagSource.SERVICE)
            .build();
    balancer.blue().addTarget(target(balancer));
    service.getNode().addDependency(smoke.invoker(), context.network(), definition);
    new GatewayScaling(this, settings.gateway(), service, balancer);
  }

  private IEcsLoadBalancerTarget target(Balancer balancer) {
    return service.loadBalancerTarget(
        LoadBalancerTargetOptions.builder()
            .containerName("gateway-service")
            .containerPort(Port.GATEWAY.number())
            .alternateTarget(
                new AlternateTarget(
                    "Release",
                    AlternateTargetProps.builder()
                        .alternateTargetGroup(balancer.green())
                        .productionListener(
                            ListenerRuleConfiguration.applicationListenerRule(
                                balancer.production()))
                        .testListener(
                            ListenerRuleConfiguration.applicationListenerRule(balancer.test()))
                        .build()))
            .build());
  }

  private static Map<String, String> environment(Context context) {
    Settings settings = context.settings();
    Traces traces = settings.traces();
    int memory = settings.gateway().size().memory() - (traces == null ? 0 : TraceCollector.MEMORY);
    String cache = memory / CACHE_SHARE + "MB";
    Map<String, String> environment = context.environment();
    if (traces != null) {
      environment.putAll(TraceCollector.sampler(traces));
    }
    for (String client : settings.accounts().moreClients()) {
      // At sites alone: the API is for people, and for clients that it knows.
      environment.merge(Context.CLIENT_IDS, client, (ids, one) -> ids + "," + one);
    }
    environment.put("PORTICO_SITE_DOMAIN", settings.domains().sites().name());
    environment.put("PORTICO_API_DOMAIN", settings.domains().api().name());
    environment.put("PORTICO_CONTENT_API", Port.CONTENT_API.at(Context.CONTENT));
    environment.put("PORTICO_CONTENT_INTERNAL", Port.CONTENT_INTERNAL.at(Context.CONTENT));
    environment.put("PORTICO_AUTH_API", Port.AUTH_API.at(Context.AUTH));
    environment.put("PORTICO_AUTH_INTERNAL", Port.AUTH_INTERNAL.at(Context.AUTH));
    environment.put("PORTICO_TRUSTED_PROXIES", settings.cloudFront() == null ? "1" : "2");
    environment.put("PORTICO_PUBLIC_HTTPS_PORT", "443");
    environment.put("PORTICO_IDLE_TIMEOUT", Balancer.IDLE_SECONDS + 20 + "s");
    environment.put("PORTICO_SHUTDOWN_DELAY", DELAY_SECONDS + "s");
    environment.put("PORTICO_SHUTDOWN_GRACE", GRACE_SECONDS + "s");
    environment.put("PORTICO_STOP_TIMEOUT", STOP_SECONDS + "s");
    environment.put("PORTICO_METRICS_LOG_INTERVAL", "1m");
    environment.put("PORTICO_BLOB_CACHE_SIZE", cache);
    environment.put("PORTICO_RESPONSE_CACHE_SIZE", cache);
    return environment;
  }

  private static Map<String, Secret> secrets(Secrets secrets, SecretFields fields) {
    return new TreeMap<>(
        Map.of(
            "PORTICO_CONTENT_SECRET",
            fields.of(secrets.gatewayToContent(), Secrets.PRESENT),
            "PORTICO_AUTH_SECRET",
            fields.of(secrets.gatewayToAuth(), Secrets.PRESENT)));
  }

  FargateService service() {
    return service;
  }
}
