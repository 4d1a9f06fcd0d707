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
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/**
 * What one task of a service is made of.
 *
 * @param name of the service, and of its image and container
 * @param size of the task
 * @param architecture of its processors
 * @param repository of its image
 * @param tag of its image
 * @param ports that other tasks may ask
 * @param management where it says whether it is ready
 * @param stopSeconds from SIGTERM to SIGKILL
 * @param environment settings
 * @param secrets settings that are read when the task starts
 * @param folders that it writes to; everything else is read-only
 * @param logs where its output goes
 */
record Task(
    String name,
    Size size,
    Architecture architecture,
    IRepository repository,
    String tag,
    List<Port> ports,
    Port management,
    int stopSeconds,
    Map<String, String> environment,
    Map<String, Secret> secrets,
    List<String> folders,
    ILogGroup logs) {

  /** For as long a starting service may be unhealthy: JVM, keys, all sites. */
  private static final int START_SECONDS = 120;

  /** Defines it. */
  FargateTaskDefinition define(Construct scope) {
    FargateTaskDefinition definition =
        FargateTaskDefinition.Builder.create(scope, "Task")
            .family(name)
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
    ContainerDefinition container = definition.addContainer("Container", container());
    folders.forEach(
        folder ->
            container.addMountPoints(
                MountPoint.builder()
                    .sourceVolume(volumeName(folder))
                    .containerPath(folder)
                    .readOnly(false)
                    .build()));
    return definition;
  }

  private ContainerDefinitionOptions container() {
    return ContainerDefinitionOptions.builder()
        .containerName(name)
        .image(ContainerImage.fromEcrRepository(repository, tag))
        .essential(true)
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
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        "/app/probe.jar",
                        management.at("127.0.0.1") + "/health/readiness"))
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
