package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import dev.portico.aws.settings.Settings.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class ServicesTest {
  private static final String SERVICE = "AWS::ECS::Service";
  private static final String TASK = "AWS::ECS::TaskDefinition";

  private static final Set<String> NETWORK =
      Set.of(
          "AWS::EC2::Route",
          "AWS::EC2::SubnetRouteTableAssociation",
          "AWS::EC2::NatGateway",
          "AWS::EC2::VPCGatewayAttachment",
          "AWS::EC2::VPCEndpoint",
          "AWS::EC2::SecurityGroupIngress",
          "AWS::EC2::SecurityGroupEgress");

  private final Template small = Deployment.small().edge();
  private final Template production = Deployment.production().edge();

  private static int seconds(@Nullable Object text) {
    return Integer.parseInt(String.valueOf(text).replace("s", ""));
  }

  @Test
  void gatewaysAreReplacedBlueGreenWithATestAndTakenBackAtAnAlarm() {
    Resource gateway = production.one(SERVICE, "GatewayService");
    assertThat(gateway.at("DeploymentConfiguration.Strategy")).isEqualTo("BLUE_GREEN");
    assertThat(gateway.at("DeploymentConfiguration.BakeTimeInMinutes")).isEqualTo(15);
    assertThat(gateway.at("DeploymentConfiguration.Alarms.Enable")).isEqualTo(true);
    assertThat(gateway.at("DeploymentConfiguration.Alarms.Rollback")).isEqualTo(true);
    assertThat(String.valueOf(gateway.at("DeploymentConfiguration.Alarms.AlarmNames")))
        .as("none that one site's origin could set off")
        .contains("gatewayownerrors", "gatewayslowhits", "gatewayunhealthy")
        .doesNotContain("gatewayerrors", "balancererrors");
    assertThat((List<?>) gateway.at("DeploymentConfiguration.Alarms.AlarmNames")).hasSize(3);
    assertThat(gateway.at("DeploymentConfiguration.DeploymentCircuitBreaker"))
        .as("alarms and the smoke test see nothing of a task that does not start")
        .isEqualTo(Map.of("Enable", true, "Rollback", true));
    assertThat(gateway.at("DeploymentConfiguration.LifecycleHooks.0.LifecycleStages"))
        .isEqualTo(List.of("POST_TEST_TRAFFIC_SHIFT"));
    String advanced = "LoadBalancers.0.AdvancedConfiguration.";
    assertThat(String.valueOf(gateway.at("LoadBalancers.0.TargetGroupArn"))).contains("Blue");
    assertThat(String.valueOf(gateway.at(advanced + "AlternateTargetGroupArn"))).contains("Green");
    assertThat(String.valueOf(gateway.at(advanced + "ProductionListenerRule")))
        .contains("BalancerProduction");
    assertThat(String.valueOf(gateway.at(advanced + "TestListenerRule"))).contains("BalancerTest");
  }

  @Test
  void theOthersAreReplacedTaskByTaskAndPutBackWhenTheyDoNotGetHealthy() {
    for (String id : List.of("ContentService", "AuthService")) {
      Resource service = small.one(SERVICE, id);
      assertThat(service.at("DeploymentConfiguration.DeploymentCircuitBreaker"))
          .isEqualTo(Map.of("Enable", true, "Rollback", true));
      assertThat(service.at("DeploymentConfiguration.MinimumHealthyPercent")).isEqualTo(100);
      assertThat(service.at("DeploymentConfiguration.Strategy")).isIn(null, "ROLLING");
    }
  }

  @Test
  void servicesStartAfterThoseThatTheyAsk() {
    assertThat(String.valueOf(small.one(SERVICE, "GatewayService").body().get("DependsOn")))
        .as("its smoke test asks by the public name")
        .contains("ContentService", "AuthService", "Names");
    assertThat(String.valueOf(small.one(SERVICE, "ContentService").body().get("DependsOn")))
        .contains("AuthService");
  }

  /**
   * Else the first tasks cannot fetch their image, and the circuit breaker gives the service up.
   */
  @Test
  void servicesStartWhenTheirWayOutAndTheirRightsAreThere() {
    for (Deployment deployment : List.of(Deployment.small(), Deployment.endpoints())) {
      Template edge = deployment.edge();
      Set<String> network =
          edge.everything().stream()
              .filter(each -> NETWORK.contains(each.body().get("Type")))
              .map(Resource::id)
              .collect(Collectors.toSet());
      assertThat(network).anyMatch(id -> id.contains("VpcS3")).hasSizeGreaterThan(20);
      for (String service : List.of("Gateway", "Content", "Auth")) {
        assertThat(edge.before(edge.one(SERVICE, service + "Service")))
            .as(service)
            .containsAll(network)
            .contains(
                edge.one("AWS::IAM::Policy", service + "TaskExecutionRoleDefaultPolicy").id());
      }
      for (String service : List.of("Content", "Auth")) {
        assertThat(edge.before(edge.one(SERVICE, service + "Service")))
            .contains(edge.one("AWS::IAM::Policy", service + "TaskTaskRoleDefaultPolicy").id());
      }
    }
  }

  @Test
  void familiesOfTasksAreOfOneDeployment() {
    assertThat(small.all(TASK))
        .extracting(task -> task.at("Family"))
        .containsExactlyInAnyOrder(
            "portico-gateway-service", "portico-content-service", "portico-auth-service");
  }

  @Test
  void serviceConnectIsTcpSoThatItEndsNoUpload() {
    for (Resource task : small.all(TASK)) {
      assertThat(task.list("ContainerDefinitions.0.PortMappings"))
          .isNotEmpty()
          .allSatisfy(port -> assertThat(port).doesNotContainKey("AppProtocol"));
    }
    assertThat(small.one(SERVICE, "ContentService").list("ServiceConnectConfiguration.Services"))
        .extracting(each -> String.valueOf(each.get("ClientAliases")))
        .containsExactly("[{DnsName=content, Port=8081}]", "[{DnsName=content, Port=8082}]");
    assertThat(small.one(SERVICE, "AuthService").list("ServiceConnectConfiguration.Services"))
        .extracting(each -> String.valueOf(each.get("ClientAliases")))
        .containsExactly("[{DnsName=auth, Port=8084}]", "[{DnsName=auth, Port=8085}]");
    assertThat(small.one(SERVICE, "GatewayService").list("ServiceConnectConfiguration.Services"))
        .isEmpty();
  }

  @Test
  void targetsSpeakHttp1AndAreAskedWhetherTheyAreReady() {
    assertThat(small.all("AWS::ElasticLoadBalancingV2::TargetGroup"))
        .hasSize(2)
        .allSatisfy(
            group -> {
              assertThat(group.at("ProtocolVersion")).isEqualTo("HTTP1");
              assertThat(group.at("TargetType")).isEqualTo("ip");
              assertThat(group.at("HealthCheckPort")).isEqualTo("8087");
              assertThat(group.at("HealthCheckPath")).isEqualTo("/health/readiness");
              assertThat(group.list("TargetGroupAttributes"))
                  .contains(Map.of("Key", "deregistration_delay.timeout_seconds", "Value", "30"));
            });
  }

  @Test
  void timesOfBalancerGatewayAndPlatformFitOneAnother() {
    Map<String, Object> gateway = small.environment("GatewayTask");
    int idle = seconds(gateway.get("PORTICO_IDLE_TIMEOUT"));
    int balancerIdle =
        small
            .one("AWS::ElasticLoadBalancingV2::LoadBalancer", "BalancerAlb")
            .list("LoadBalancerAttributes")
            .stream()
            .filter(each -> "idle_timeout.timeout_seconds".equals(each.get("Key")))
            .map(each -> seconds(each.get("Value")))
            .findFirst()
            .orElseThrow();
    assertThat(idle).as("else the balancer answers 502").isGreaterThan(balancerIdle);
    assertThat(balancerIdle)
        .as("longer than the gateway waits for the first byte of an answer")
        .isGreaterThan(120);
    int stop = seconds(gateway.get("PORTICO_STOP_TIMEOUT"));
    assertThat(stop)
        .isGreaterThanOrEqualTo(
            seconds(gateway.get("PORTICO_SHUTDOWN_DELAY"))
                + seconds(gateway.get("PORTICO_SHUTDOWN_GRACE")));
    for (String task : List.of("GatewayTask", "ContentTask", "AuthTask")) {
      Object limit = small.one(TASK, task).at("ContainerDefinitions.0.StopTimeout");
      assertThat(seconds(limit))
          .as(task)
          .isGreaterThan(seconds(small.environment(task).get("PORTICO_SHUTDOWN_GRACE")))
          .isLessThanOrEqualTo(120);
    }
    assertThat(seconds(small.one(TASK, "GatewayTask").at("ContainerDefinitions.0.StopTimeout")))
        .isEqualTo(stop);
  }

  @Test
  void tasksAreReadOnlyUnprivilegedOnGravitonWithRoomToWrite() {
    for (Template template : List.of(small, production)) {
      assertThat(template.all(TASK))
          .hasSize(3)
          .allSatisfy(
              task -> {
                assertThat(task.at("RuntimePlatform.CpuArchitecture")).isEqualTo("ARM64");
                assertThat(task.at("ContainerDefinitions.0.ReadonlyRootFilesystem"))
                    .isEqualTo(true);
                assertThat(task.at("ContainerDefinitions.0.User")).isEqualTo("10001:10001");
                assertThat(String.valueOf(task.at("ContainerDefinitions.0.HealthCheck.Command")))
                    .contains("-Xms8m, -Xmx16m", "/app/probe.jar");
                assertThat(String.valueOf(task.at("ContainerDefinitions.0.MountPoints")))
                    .contains("/tmp");
              });
    }
    assertThat(
            String.valueOf(small.one(TASK, "ContentTask").at("ContainerDefinitions.0.MountPoints")))
        .contains(String.valueOf(small.environment("ContentTask").get("PORTICO_SPOOL_DIRECTORY")));
  }

  /**
   * The others have no load balancer that asks them, so that a release waits for their readiness.
   */
  @Test
  void aGatewaysContainerIsReplacedWhenItDoesNotLiveAndNotWhenItIsNotReady() {
    assertThat(probe("GatewayTask")).isEqualTo("http://127.0.0.1:8087/health/liveness");
    assertThat(probe("ContentTask")).isEqualTo("http://127.0.0.1:8083/health/readiness");
    assertThat(probe("AuthTask")).isEqualTo("http://127.0.0.1:8086/health/readiness");
  }

  private Object probe(String task) {
    return ((List<?>)
            Objects.requireNonNull(
                small.one(TASK, task).at("ContainerDefinitions.0.HealthCheck.Command")))
        .getLast();
  }

  @Test
  void tasksHaveRoomForServiceConnectsAgent() {
    for (Template template : List.of(small, production)) {
      assertThat(template.all(TASK))
          .allSatisfy(
              task -> {
                assertThat(seconds(task.at("Cpu"))).isGreaterThanOrEqualTo(512);
                assertThat(seconds(task.at("Memory")))
                    .as("what the JVM knows of, and 64 MiB")
                    .isEqualTo(seconds(task.at("ContainerDefinitions.0.Memory")) + 64);
              });
    }
  }

  @Test
  void cachesFitAQuarterOfTheTasksMemory() {
    for (Template template : List.of(small, production)) {
      int memory = seconds(template.one(TASK, "GatewayTask").at("Memory"));
      Map<String, Object> environment = template.environment("GatewayTask");
      int caches =
          megabytes(environment.get("PORTICO_BLOB_CACHE_SIZE"))
              + megabytes(environment.get("PORTICO_RESPONSE_CACHE_SIZE"));
      assertThat(caches).isEqualTo(memory / 4);
    }
  }

  private static int megabytes(@Nullable Object text) {
    return Integer.parseInt(String.valueOf(text).replace("MB", ""));
  }

  @Test
  void numbersOfTasksFollowRequestsOfBothColoursAndProcessors() {
    assertThat(small.all("AWS::ApplicationAutoScaling::ScalableTarget")).hasSize(3);
    List<Resource> policies = small.all("AWS::ApplicationAutoScaling::ScalingPolicy");
    assertThat(policies).hasSize(4);
    Resource requests =
        small.one("AWS::ApplicationAutoScaling::ScalingPolicy", "GatewayScalingRequests");
    String metrics =
        "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics";
    assertThat(requests.at(metrics + ".2.Expression")).isEqualTo("FILL(blue, 0) + FILL(green, 0)");
    assertThat(String.valueOf(requests.at(metrics + ".0"))).contains("BalancerBlue");
    assertThat(String.valueOf(requests.at(metrics + ".1"))).contains("BalancerGreen");
    assertThat(requests.at("TargetTrackingScalingPolicyConfiguration.TargetValue"))
        .isEqualTo(30_000);
    assertThat(policies)
        .filteredOn(policy -> policy.text().contains("ECSServiceAverageCPUUtilization"))
        .hasSize(3);
  }

  @Test
  void sizesAndNumbersOfTasksAreThoseOfTheSettings() {
    Map<String, Size> sizes =
        Map.of(
            "Gateway", Deployment.production().settings().gateway().size(),
            "Content", Deployment.production().settings().content(),
            "Auth", Deployment.production().settings().auth());
    sizes.forEach(
        (service, size) -> {
          Resource task = production.one(TASK, service + "Task");
          assertThat(seconds(task.at("Cpu"))).as(service).isEqualTo(size.cpu());
          assertThat(seconds(task.at("Memory"))).as(service).isEqualTo(size.memory());
          Resource count =
              production.one(
                  "AWS::ApplicationAutoScaling::ScalableTarget", service + "ServiceTaskCount");
          assertThat(count.at("MinCapacity")).as(service).isEqualTo(size.min());
          assertThat(count.at("MaxCapacity")).as(service).isEqualTo(size.max());
        });
  }

  @Test
  void tracesAreOffUnlessTheyAreWanted() {
    for (Template template : List.of(small, production)) {
      for (Resource task : template.all(TASK)) {
        assertThat(task.list("ContainerDefinitions")).hasSize(1);
        assertThat(task.text()).doesNotContain("OTEL_");
      }
    }
  }

  @Test
  void withTracesACollectorIsBesideEachServiceAndEndsNone() {
    Template traced = Deployment.traced().edge();
    String collector = "ContainerDefinitions.1.";
    assertThat(traced.all(TASK))
        .hasSize(3)
        .allSatisfy(
            task -> {
              assertThat(task.list("ContainerDefinitions")).hasSize(2);
              assertThat(String.valueOf(task.at(collector + "Image")))
                  .matches("public\\.ecr\\.aws/aws-observability/aws-otel-collector:v[0-9.]+");
              assertThat(task.at(collector + "Essential")).isEqualTo(false);
              assertThat(task.at(collector + "RestartPolicy.Enabled")).isEqualTo(true);
              assertThat(task.at(collector + "ReadonlyRootFilesystem")).isEqualTo(true);
              assertThat(task.at(collector + "PortMappings")).isNull();
              assertThat(task.at("ContainerDefinitions.0.DependsOn"))
                  .as("so that it stops after the service")
                  .isEqualTo(List.of(Map.of("Condition", "START", "ContainerName", "collector")));
              assertThat(seconds(task.at("Memory")))
                  .isEqualTo(
                      seconds(task.at("ContainerDefinitions.0.Memory"))
                          + seconds(task.at(collector + "Memory"))
                          + 64);
              Map<String, Object> configuration =
                  new Yaml().load(String.valueOf(task.at(collector + "Environment.0.Value")));
              assertThat(Template.find(configuration, "receivers.otlp.protocols.http.endpoint"))
                  .as("reached from within the task alone")
                  .isEqualTo("127.0.0.1:4318");
              assertThat(Template.find(configuration, "exporters.awsxray.region"))
                  .isEqualTo("eu-central-1");
              assertThat(Template.find(configuration, "service.pipelines.traces.exporters"))
                  .isEqualTo(List.of("awsxray"));
            });
    for (String task : List.of("GatewayTask", "ContentTask", "AuthTask")) {
      assertThat(traced.environment(task))
          .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
    }
    assertThat(traced.environment("GatewayTask"))
        .as("viewers cannot have more kept")
        .containsEntry("OTEL_TRACES_SAMPLER", "traceidratio")
        .containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.05");
    assertThat(traced.environment("ContentTask"))
        .as("the gateway has decided")
        .doesNotContainKey("OTEL_TRACES_SAMPLER");
  }

  @Test
  void imagesAreThoseOfTheSettings() {
    for (String service : List.of("Gateway", "Content", "Auth")) {
      assertThat(
              String.valueOf(small.one(TASK, service + "Task").at("ContainerDefinitions.0.Image")))
          .contains(":0123456789abcdef0123456789abcdef01234567")
          .contains("Repositories" + service);
    }
  }

  @Test
  void theGatewayIsToldHowManyProxiesSpeakForTheViewer() {
    assertThat(small.environment("GatewayTask")).containsEntry("PORTICO_TRUSTED_PROXIES", "1");
    assertThat(production.environment("GatewayTask"))
        .as("the balancer, and CloudFront before it")
        .containsEntry("PORTICO_TRUSTED_PROXIES", "2");
  }

  @Test
  void servicesFindOneAnotherAndTheirNames() {
    assertThat(small.environment("GatewayTask"))
        .containsEntry("PORTICO_CONTENT_API", "http://content:8081")
        .containsEntry("PORTICO_CONTENT_INTERNAL", "http://content:8082")
        .containsEntry("PORTICO_AUTH_API", "http://auth:8084")
        .containsEntry("PORTICO_AUTH_INTERNAL", "http://auth:8085")
        .containsEntry("PORTICO_SITE_DOMAIN", "example.site")
        .containsEntry("PORTICO_API_DOMAIN", "example.com");
    assertThat(small.environment("ContentTask"))
        .containsEntry("PORTICO_AUTH_INTERNAL", "http://auth:8085");
    assertThat(small.environment("AuthTask"))
        .containsEntry("PORTICO_AUTH_URL", "https://auth.example.com")
        .doesNotContainKey("PORTICO_COGNITO_IDENTITY_POOL_ID");
    assertThat(production.environment("AuthTask")).containsKey("PORTICO_COGNITO_IDENTITY_POOL_ID");
  }

  @Test
  void peopleSignInAtPorticosPagesUnlessThePoolsAreWanted() {
    for (Template template : List.of(small, production)) {
      assertThat(template.environment("AuthTask"))
          .doesNotContainKeys("PORTICO_COGNITO_DOMAIN", "PORTICO_COGNITO_IDENTITY_PROVIDER");
    }
    assertThat(Deployment.hosted().edge().environment("AuthTask"))
        .containsEntry(
            "PORTICO_COGNITO_DOMAIN", "https://example-portico.auth.eu-central-1.amazoncognito.com")
        .containsEntry("PORTICO_COGNITO_IDENTITY_PROVIDER", "Company");
  }

  @Test
  void tokensOfMoreClientsCountAtSitesAlone() {
    String ids = "PORTICO_COGNITO_CLIENT_IDS";
    Template hosted = Deployment.hosted().edge();
    assertThat(String.valueOf(hosted.environment("GatewayTask").get(ids)))
        .contains("People", ",1example23456789,2example23456789");
    for (String task : List.of("ContentTask", "AuthTask")) {
      assertThat(String.valueOf(hosted.environment(task).get(ids)))
          .isEqualTo(String.valueOf(small.environment(task).get(ids)));
    }
    assertThat(small.environment("GatewayTask").get(ids))
        .isEqualTo(small.environment("AuthTask").get(ids));
  }

  @Test
  void everySettingIsOneThatTheServiceReads() throws IOException {
    for (String service : List.of("gateway", "content", "auth")) {
      Path sources =
          Path.of(System.getProperty("portico.root"), service + "-service/src/main/resources");
      String read =
          Files.readString(sources.resolve("application.yml"))
              + Files.readString(sources.resolve("logback.xml"));
      Set<String> known =
          Pattern.compile("PORTICO_[A-Z0-9_]+")
              .matcher(read)
              .results()
              .map(match -> match.group())
              .collect(Collectors.toCollection(TreeSet::new));
      String task = Character.toUpperCase(service.charAt(0)) + service.substring(1) + "Task";
      Set<String> given = new TreeSet<>(production.environment(task).keySet());
      given.addAll(Deployment.hosted().edge().environment(task).keySet());
      given.addAll(production.secrets(task).keySet());
      assertThat(known).as(service).containsAll(given);
    }
  }
}
