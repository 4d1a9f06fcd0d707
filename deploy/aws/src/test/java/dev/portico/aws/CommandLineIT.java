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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The CDK's own command line, as a user runs it. */
class CommandLineIT {
  private static final Path MODULE = Deployment.module();
  private static final Path CLI = MODULE.resolve("target/cli");

  /** No account, and no way to find one. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_EC2_METADATA_DISABLED", "true",
          "AWS_CONFIG_FILE", "/dev/null",
          "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
          "CDK_DISABLE_CLI_TELEMETRY", "true");

  @BeforeAll
  static void install() throws IOException {
    assumeTrue(Program.isThere("npm") && Program.isThere("node"), "needs Node and npm");
    Files.createDirectories(CLI);
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.writeString(CLI.resolve(file), Files.readString(MODULE.resolve(file)));
    }
    Result installed =
        Program.run(
            CLI, Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"));
    assertThat(installed.status()).as(installed.err()).isZero();
  }

  private static Result cdk(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(CLI.resolve("node_modules/.bin/cdk").toString());
    command.addAll(List.of(arguments));
    return Program.run(MODULE, ENVIRONMENT, command);
  }

  @Test
  void synthesizesWithoutAnAccountWhatTheTestsSaw() throws IOException {
    Result result =
        cdk(
            "synth",
            "--quiet",
            "--no-notices",
            // Only of use in the console, and not made in tests.
            "--no-path-metadata",
            "--no-asset-metadata",
            "--output",
            "target/cli-out",
            "-c",
            "settings=examples/production.yml");
    assertThat(result.status()).as(result.out() + result.err()).isZero();
    for (String stack : List.of("portico-data", "portico-edge")) {
      String file = stack + ".template.json";
      assertThat(Files.readString(MODULE.resolve("target/cli-out").resolve(file)))
          .isEqualTo(Files.readString(Deployment.production().folder().resolve(file)));
    }
    assertThat(Files.readString(MODULE.resolve("target/cli-out/manifest.json")))
        .as("nothing is looked up in an account")
        .doesNotContain("\"missing\"");
  }

  @Test
  void saysWhatIsWrongWithTheSettings() throws IOException {
    Path wrong = MODULE.resolve("target/wrong.yml");
    Files.writeString(wrong, "account: 1\n");
    Result result = cdk("synth", "--quiet", "--no-notices", "-c", "settings=" + wrong);
    assertThat(result.status()).isNotZero();
    assertThat(result.err())
        .contains("target/wrong.yml cannot be deployed:")
        .contains("account: must be an AWS account: 12 digits in quotation marks, and is 1")
        .doesNotContain("Exception");
  }
}
