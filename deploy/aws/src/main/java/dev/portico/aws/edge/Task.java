package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings.Architecture;
import dev.portico.aws.settings.Settings.Size;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/**
 * What one task of a service is made of.
 *
 * @param name of the service, and of its image and container
 * @param size of the task
 * @param repository of its image
 * @param tag of its image
 * @param ports that other tasks may ask
 * @param management where it tells how it is
 * @param health the path there that says whether the container is to be replaced
 * @param stopSeconds from SIGTERM to SIGKILL
 * @param environment settings
 * @param secrets settings that are read when the task starts
 * @param folders that it writes to; everything else is read-only
 * @param logs where its output goes
 * @param rights what it may do in AWS
 */
record Task(
    String name,
    Size size,
    IRepository repository,
    String tag,
    List<Port> ports,
    Port management,
    String health,
    int stopSeconds,
    Map<String, String> environment,
    Map<String, Secret> secrets,
    List<String> folders,
    ILogGroup logs,
    List<PolicyStatement> rights) {

  /**
   * Whether the process works, for what a load balancer asks for its readiness: a gateway that
   * cannot reach content-service goes on with what it holds.
   */
  static final String LIVENESS = "/health/liveness";

  /**
   * Whether it can do its work, for what has no load balancer: a release waits for it. It says yes
   * from its first success on, since an outage of DynamoDB or Cognito is none that a new copy would
   * end; content-service does not wait for Cognito at all.
   */
  static final String READINESS = "/health/readiness";

  /**
   * Memory, in MiB, that Service Connect's agent has to itself, so that the JVM does not reckon
   * with it. Processors are not reserved: both may use all that the other leaves.
   */
  private static final int AGENT_MEMORY = 64;

  /** For as long a starting service may be unhealthy: JVM, keys, all sites. */
  private static final int START_SECONDS = 120;

  /**
   * Defines it, with roles that may do what is said here and read its secrets. A service is to
   * depend on the definition, since its roles' policies are resources of their own.
   */
  FargateTaskDefinition define(Construct scope, Context context) {
    FargateTaskDefinition definition = definition(scope, context);
    definition.addToExecutionRolePolicy(
        Rights.toRead(context.data().key(), context.settings().region(), "secretsmanager"));
    rights.forEach(definition::addToTaskRolePolicy);
    if (context.settings().traces() != null) {
      definition.addToTaskRolePolicy(TraceCollector.right());
    }
    return definition;
  }

  private FargateTaskDefinition definition(Construct scope, Context context) {
    Architecture architecture = context.settings().architecture();
    boolean traced = context.settings().traces() != null;
    FargateTaskDefinition definition =
        FargateTaskDefinition.Builder.create(scope, "Task")
            .family(context.settings().name() + "-" + name)
            .cpu(size.cpu())
            .memoryLimitMiB(size.memory())
            .runtimePlatform(
                RuntimePlatform.builder()
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .cpuArchitecture(
                        architecture == Architecture.ARM64
                            ? CpuArchitecture.ARM64
                            : CpuArchitecture.X86_64)
                    .build())
            .volumes(folders.stream().map(Task::volume).toList())
            .build();
    int memory = size.memory() - AGENT_MEMORY - (traced ? TraceCollector.MEMORY : 0);
    ContainerDefinition container = definition.addContainer("Container", container(memory));
    folders.forEach(
        folder ->
            container.addMountPoints(
                MountPoint.builder()
                    .sourceVolume(volumeName(folder))
                    .containerPath(folder)
                    .readOnly(false)
                    .build()));
    if (traced) {
      TraceCollector.beside(container, definition, name, context);
    }
    return definition;
  }

  private ContainerDefinitionOptions container(int memory) {
    return ContainerDefinitionOptions.builder()
        .containerName(name)
        .image(ContainerImage.fromEcrRepository(repository, tag))
        .essential(true)
        .memoryLimitMiB(memory)
        .readonlyRootFilesystem(true)
        .user("10001:10001")
        .environment(environment)
        .secrets(secrets)
        .stopTimeout(Duration.seconds(stopSeconds))
        .portMappings(
            ports.stream()
                .map(
                    port ->
                        PortMapping.builder()
                            .name(port.title())
                            .containerPort(port.number())
                            .build())
                .toList())
        .healthCheck(
            HealthCheck.builder()
                .command(
                    List.of(
                        "CMD",
                        "java",
                        // Both ends of the heap: what is in JDK_JAVA_OPTIONS reaches this JVM too,
                        // and a larger -Xms alone would stop it.
                        "-Xms8m",
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        "/app/probe.jar",
                        management.at("127.0.0.1") + health))
                .interval(Duration.seconds(30))
                .timeout(Duration.seconds(15))
                .retries(3)
                .startPeriod(Duration.seconds(START_SECONDS))
                .build())
        .logging(
            LogDriver.awsLogs(
                AwsLogDriverProps.builder()
                    .logGroup(logs)
                    .streamPrefix(name)
                    // A log that cannot be delivered must not stop a service.
                    .mode(AwsLogDriverMode.NON_BLOCKING)
                    .build()))
        .build();
  }

  private static Volume volume(String folder) {
    return Volume.builder().name(volumeName(folder)).build();
  }

  private static String volumeName(String folder) {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }
}
