package dev.portico.aws.edge;

import dev.portico.aws.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecs.DeploymentLifecycleLambdaTarget;
import software.amazon.awscdk.services.ecs.DeploymentLifecycleLambdaTargetProps;
import software.amazon.awscdk.services.ecs.DeploymentLifecycleStage;
import software.amazon.awscdk.services.ecs.IDeploymentLifecycleHookTarget;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * Asks new gateways, before viewers meet them, for what content-service and auth-service must
 * answer through them. Otherwise the release stays away: so it is held back, too, while either is
 * unwell.
 */
final class SmokeTest extends Construct {
  private static final String CODE = "smoke-test.js";
  private static final int TIMEOUT_SECONDS = 150;

  private final Function function;
  private final Role invoker;

  SmokeTest(Construct scope, Settings settings) {
    super(scope, "SmokeTest");
    LogGroup logs =
        LogGroup.Builder.create(this, "Logs")
            .retention(Logs.retention(settings))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    Role role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    logs.grantWrite(role);
    String api = "https://" + settings.domains().apiHost();
    function =
        Function.Builder.create(this, "Function")
            .description("Portico: asks a new gateway before viewers do")
            .runtime(Runtime.NODEJS_24_X)
            .architecture(Architecture.ARM_64)
            .handler("index.handler")
            .code(Code.fromInline(code()))
            .role(role)
            .logGroup(logs)
            .timeout(Duration.seconds(TIMEOUT_SECONDS))
            .environment(
                new TreeMap<>(
                    Map.of(
                        "URLS",
                        api + "/v1/portico " + api + "/v1/auth/openapi.yml",
                        "FIELD",
                        Balancer.TEST_FIELD,
                        "VALUE",
                        Balancer.testValue(),
                        "SECONDS",
                        "120")))
            .build();
    invoker =
        Role.Builder.create(this, "Invoker")
            .assumedBy(new ServicePrincipal("ecs.amazonaws.com"))
            .build();
    invoker.addToPolicy(
        Rights.to("SmokeTest", List.of(function.getFunctionArn()), "lambda:InvokeFunction"));
  }

  private static String code() {
    try (InputStream code = SmokeTest.class.getResourceAsStream(CODE)) {
      if (code == null) {
        throw new IllegalStateException(CODE + " is not on the class path");
      }
      return new String(code.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What ECS invokes it as; must be there, with its right, before a release. */
  Role invoker() {
    return invoker;
  }

  IDeploymentLifecycleHookTarget hook() {
    return new DeploymentLifecycleLambdaTarget(
        function,
        "SmokeTest",
        DeploymentLifecycleLambdaTargetProps.builder()
            .role(invoker)
            .lifecycleStages(List.of(DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT))
            .build());
  }
}
