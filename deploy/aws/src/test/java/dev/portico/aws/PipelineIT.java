package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Program;
import dev.portico.aws.fixture.Program.Result;
import dev.portico.aws.fixture.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The step of {@code deploy.yml} that pushes images, with programs in place of the AWS CLI, Docker
 * and Maven that write down what they were asked.
 */
class PipelineIT {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final String AWS =
      """
      #!/bin/bash
      cd "$(dirname "$0")"
      case "$1 $2" in
        "ecr describe-images") case "$*" in *"imageTag=%s") ;; *) exit 252 ;; esac
          for pushed in $(cat pushed); do case "$*" in *"--repository-name $PORTICO_NAME/$pushed "*) exit 0 ;; esac; done
          echo ImageNotFoundException >&2; exit 254 ;;
        "ecr get-login-password") echo password ;;
        *) exit 252 ;;
      esac
      """
          .formatted(COMMIT);

  private static final String OTHER =
      """
      #!/bin/bash
      echo "$(basename "$0") $*" >>"$(dirname "$0")/asked"
      """;

  @TempDir Path folder;

  @BeforeEach
  void programs() throws IOException {
    program("aws", AWS);
    program("docker", OTHER);
    program("mvn", OTHER);
  }

  private void program(String name, String script) throws IOException {
    Path program = Files.writeString(folder.resolve(name), script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private static Object pipeline(String name) throws IOException {
    return new Yaml()
        .load(Files.readString(Deployment.module().resolve("pipelines/" + name + ".yml")));
  }

  private static String step() throws IOException {
    Object pipeline = pipeline("deploy");
    return ((List<?>) Objects.requireNonNull(Template.find(pipeline, "jobs.deploy.steps")))
        .stream()
            .filter(step -> "Images".equals(Template.find(step, "name")))
            .map(step -> String.valueOf(Template.find(step, "run")))
            .findFirst()
            .orElseThrow();
  }

  private String pushWhen(String pushed) throws IOException {
    return pushWhen(pushed, "portico");
  }

  /** As GitHub runs it: with {@code bash -e}. */
  private String pushWhen(String pushed, String name) throws IOException {
    Files.writeString(folder.resolve("pushed"), pushed);
    Result result =
        Program.run(
            folder,
            Map.of(
                "PATH",
                folder + ":" + System.getenv("PATH"),
                "REGISTRY",
                "registry",
                "PORTICO_NAME",
                name,
                "GITHUB_SHA",
                COMMIT,
                "GITHUB_SERVER_URL",
                "https://git.example",
                "GITHUB_REPOSITORY",
                "team/portico"),
            List.of("bash", "-e", "-c", step()));
    assertThat(result.status()).as(result.err()).isZero();
    Path asked = folder.resolve("asked");
    return Files.exists(asked) ? Files.readString(asked) : "";
  }

  @Test
  void pushesAllImagesOfACommitThatIsNew() throws IOException {
    assertThat(pushWhen(""))
        .contains("docker login --username AWS --password-stdin registry")
        .contains("-pl deploy/images/probe,auth-service,content-service,gateway-service -am")
        .contains("-Dportico.images=registry/portico -Dportico.images.tag=" + COMMIT);
  }

  /** ECR refuses a tag that is there, so that a run that broke off could not be repeated. */
  @Test
  void pushesWhatAnEarlierRunHasNot() throws IOException {
    assertThat(pushWhen("content-service auth-service"))
        .contains("-pl deploy/images/probe,gateway-service -am");
  }

  /** Repositories are called as the settings file's {@code name} says. */
  @Test
  void pushesToTheRepositoriesOfThatName() throws IOException {
    assertThat(pushWhen("content-service", "docs"))
        .contains("-pl deploy/images/probe,auth-service,gateway-service -am")
        .contains("-Dportico.images=registry/docs ");
  }

  /** A build runs whatever its packages bring along. */
  @Test
  void onlyStepsThatPublishSeeTheDeployToken() throws IOException {
    Object pipeline = pipeline("publish-site");
    assertThat(String.valueOf(Template.find(pipeline, "env"))).doesNotContain("TOKEN");
    assertThat(String.valueOf(Template.find(pipeline, "jobs.publish.env"))).doesNotContain("TOKEN");
    List<?> steps = (List<?>) Objects.requireNonNull(Template.find(pipeline, "jobs.publish.steps"));
    assertThat(steps)
        .allSatisfy(
            step ->
                assertThat(step.toString().contains("secrets."))
                    .as("%s", step)
                    .isEqualTo(
                        String.valueOf(Template.find(step, "run"))
                            .startsWith("./portico publish")));
  }

  @Test
  void pushesNothingWhenAllIsThere() throws IOException {
    assertThat(pushWhen("content-service auth-service gateway-service")).isEmpty();
  }
}
