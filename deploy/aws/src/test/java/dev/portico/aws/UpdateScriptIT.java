package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Program;
import dev.portico.aws.fixture.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/ecs/update}, with a program in place of the AWS CLI that answers as ECS does. */
class UpdateScriptIT {
  private static final String REPOSITORY =
      "111111111111.dkr.ecr.eu-central-1.amazonaws.com/portico/gateway-service";

  /** Answers from files of its folder and writes down what it was asked. */
  private static final String AWS =
      """
      #!/bin/bash
      cd "$(dirname "$0")"
      echo "$*" >>asked
      case "$1 $2" in
        "ecs describe-services") cat service.json ;;
        "ecs describe-task-definition") cat definition.json ;;
        "ecr describe-images") case "$*" in *"imageTag=$(cat pushed)"*) echo '{}' ;; *) echo ImageNotFoundException >&2; exit 254 ;; esac ;;
        "ecs register-task-definition") for word in "$@"; do case $word in file://*) cp "${word#file://}" registered.json ;; esac; done
          echo arn:aws:ecs:eu-central-1:111111111111:task-definition/gateway-service:8 ;;
        "ecs update-service") touch updated; echo '{}' ;;
        "ecs list-service-deployments") [ -e updated ] && ! [ -e slow ] && printf 'arn:new\\t'; printf 'arn:old\\n' ;;
        "ecs describe-service-deployments")
          state=$(head -n 1 states); [ "$(wc -l <states)" -gt 1 ] && sed -i 1d states
          printf '{"serviceDeployments":[{"status":"%s","statusReason":"an alarm","targetServiceRevision":{"arn":"revision-of-%s"}}]}\\n' "$state" "${4}" ;;
        "ecs describe-service-revisions") case "$*" in *arn:new*) n=$(cat aims) ;; *) n=7 ;; esac
          echo arn:aws:ecs:eu-central-1:111111111111:task-definition/gateway-service:$n ;;
        *) echo "what is $*?" >&2; exit 252 ;;
      esac
      """;

  @TempDir Path folder;

  @BeforeEach
  void cluster() throws IOException {
    assumeTrue(Program.isThere("jq"), "needs jq");
    Path aws = Files.writeString(folder.resolve("aws"), AWS);
    assertThat(aws.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        folder.resolve("service.json"),
        """
        {"services": [{"status": "ACTIVE",
          "taskDefinition": "arn:aws:ecs:eu-central-1:111111111111:task-definition/gateway-service:7"}]}
        """);
    definition(REPOSITORY + ":old", "");
    Files.writeString(folder.resolve("pushed"), "new");
    Files.writeString(folder.resolve("aims"), "8");
    states("PENDING", "IN_PROGRESS", "IN_PROGRESS", "SUCCESSFUL");
  }

  private void states(String... states) throws IOException {
    Files.writeString(folder.resolve("states"), String.join("\n", states) + "\n");
  }

  private void definition(String image, String more) throws IOException {
    Files.writeString(
        folder.resolve("definition.json"),
        """
        {"taskDefinition": {"taskDefinitionArn": "arn:…:7", "revision": 7, "status": "ACTIVE",
           "requiresAttributes": [], "compatibilities": ["FARGATE"], "registeredAt": 1, "registeredBy": "me",
           "family": "gateway-service", "cpu": "1024", "memory": "2048", "taskRoleArn": "role",
           "containerDefinitions": [{"name": "gateway-service", "image": "%s", "essential": true,
             "environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "B", "valueFrom": "arn"}]}%s]},
         "tags": [{"key": "portico", "value": "portico"}]}
        """
            .formatted(image, more));
  }

  private Result update(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Deployment.module().resolveSibling("ecs").resolve("update").toString());
    command.addAll(List.of(arguments));
    return Program.run(
        folder,
        Map.of("PATH", folder + ":" + System.getenv("PATH"), "PORTICO_UPDATE_PAUSE", "0.01"),
        command);
  }

  private String asked() throws IOException {
    Path asked = folder.resolve("asked");
    return Files.exists(asked) ? Files.readString(asked) : "";
  }

  @Test
  void movesTheServiceToTheTagWaitsAndSaysHowToGoBack() throws IOException {
    Result result = update("gateway", "new");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("PENDING")
        .containsOnlyOnce("IN_PROGRESS")
        .contains("gateway runs " + REPOSITORY + ":new")
        .contains(
            "To go back:  aws ecs update-service --cluster portico --service gateway"
                + " --task-definition"
                + " arn:aws:ecs:eu-central-1:111111111111:task-definition/gateway-service:7")
        .contains("update gateway old --cluster portico");
    assertThat(asked())
        .contains(
            "ecs update-service --cluster portico --service gateway --task-definition"
                + " arn:aws:ecs:eu-central-1:111111111111:task-definition/gateway-service:8");
  }

  @Test
  void changesNothingOfTheDefinitionButTheTag() throws IOException {
    update("gateway", "new");
    Map<String, Object> registered =
        new Yaml().load(Files.readString(folder.resolve("registered.json")));
    assertThat(registered)
        .isEqualTo(
            Map.of(
                "family", "gateway-service",
                "cpu", "1024",
                "memory", "2048",
                "taskRoleArn", "role",
                "containerDefinitions",
                    List.of(
                        Map.of(
                            "name",
                            "gateway-service",
                            "image",
                            REPOSITORY + ":new",
                            "essential",
                            true,
                            "environment",
                            List.of(Map.of("name", "A", "value", "1")),
                            "secrets",
                            List.of(Map.of("name", "B", "valueFrom", "arn")))),
                "tags", List.of(Map.of("key", "portico", "value", "portico"))));
  }

  @Test
  void aDeploymentThatWasRolledBackIsAFailure() throws IOException {
    states("IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL");
    Result result = update("gateway", "new");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("the deployment failed and gateway is back at")
        .contains("gateway-service:7: an alarm");
  }

  @Test
  void oneThatWasStoppedSaysHowToGoBack() throws IOException {
    states("STOPPED");
    Result result = update("gateway", "new");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("ended as STOPPED", "To go back:");
  }

  @Test
  void oneThatTakesTooLongGoesOn() throws IOException {
    states("IN_PROGRESS");
    Result result = update("gateway", "new", "--timeout", "0");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("not done within 0 minutes; it goes on", "To go back:");
  }

  @Test
  void aTagThatWasNeverPushedChangesNothing() throws IOException {
    Result result = update("gateway", "other");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("has no image of tag other");
    assertThat(asked()).doesNotContain("register-task-definition", "update-service");
  }

  @Test
  void aTryChangesNothing() throws IOException {
    Result result = update("gateway", "new", "--dry-run");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("old -> :new", "nothing was changed");
    assertThat(asked()).doesNotContain("register-task-definition", "update-service");
  }

  @Test
  void whatRunsAlreadyIsLeftAlone() throws IOException {
    Result result = update("gateway", "old");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("runs " + REPOSITORY + ":old already");
    assertThat(asked()).doesNotContain("update-service");
  }

  @Test
  void ofSeveralContainersOneIsNamed() throws IOException {
    definition(REPOSITORY + ":old", ", {\"name\": \"agent\", \"image\": \"agent:1\"}");
    Result result = update("gateway", "new");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("gateway-service agent").contains("--container");
    assertThat(update("gateway", "new", "--container", "gateway-service").status()).isZero();
    assertThat(Files.readString(folder.resolve("registered.json")))
        .contains(REPOSITORY + ":new", "agent:1");
  }

  @Test
  void aRegistrysPortIsNoTagAndADigestIsReplaced() throws IOException {
    definition("registry.example:5000/gateway-service@sha256:00", "");
    assertThat(update("gateway", "new").status()).isZero();
    assertThat(Files.readString(folder.resolve("registered.json")))
        .contains("registry.example:5000/gateway-service:new");
  }

  @Test
  void whatCannotBeMeantIsRefused() throws IOException {
    for (List<String> mistake :
        List.of(
            List.of("gateway"),
            List.of("gateway", "latest"),
            List.of("gateway", "a b"),
            List.of("gateway", "new", "more"),
            List.of("gateway", "new", "--fast"),
            List.of("gateway", "new", "--cluster"),
            List.of("gateway", "new", "--cluster", ""),
            List.of("gateway", "new", "--timeout", "1h"),
            List.of("--restart"),
            List.of("gateway", "new", "--restart"))) {
      assertThat(update(mistake.toArray(String[]::new)).status()).as("%s", mistake).isEqualTo(2);
    }
    assertThat(asked()).isEmpty();
    assertThat(update("--help").out()).contains("--dry-run");
  }

  @Test
  void ofATagWithADigestItSaysAWayBackThatItTakes() throws IOException {
    definition(REPOSITORY + ":v1@sha256:00", "");
    Result result = update("gateway", "new");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("To go back:  aws ecs update-service", "gateway-service:7")
        .doesNotContain("update gateway v1");
  }

  @Test
  void minutesMayBeginWithANought() {
    assertThat(update("gateway", "new", "--timeout", "09").status()).isZero();
  }

  @Test
  void startsTheTasksAnewAndWaits() throws IOException {
    Files.writeString(folder.resolve("aims"), "7");
    Result result = update("gateway", "--restart");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("gateway-service:7 once more", "IN_PROGRESS", "gateway runs arn:aws:ecs")
        .doesNotContain("To go back");
    assertThat(asked())
        .contains("ecs update-service --cluster portico --service gateway --force-new-deployment")
        .doesNotContain("register-task-definition");
  }

  /** It aims at the same definition, and was successful long ago. */
  @Test
  void doesNotTakeTheDeploymentBeforeForTheNewOne() throws IOException {
    Files.writeString(folder.resolve("slow"), "");
    states("SUCCESSFUL");
    Result result = update("gateway", "--restart", "--timeout", "0");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("not done within 0 minutes");
  }

  @Test
  void aTryOfAStartAnewChangesNothing() throws IOException {
    assertThat(update("gateway", "--restart", "--dry-run").out()).contains("nothing was changed");
    assertThat(asked()).doesNotContain("update-service");
  }

  @Test
  void aServiceThatIsNotThereIsNamed() throws IOException {
    Files.writeString(folder.resolve("service.json"), "{\"services\": []}");
    Result result = update("gatway", "new");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("no active service gatway in the cluster portico");
  }
}
