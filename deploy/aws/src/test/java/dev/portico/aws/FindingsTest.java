package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.findings.Finding;
import dev.portico.aws.findings.Findings;
import dev.portico.aws.fixture.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** cdk-nag's AwsSolutions, over both examples. */
class FindingsTest {
  @Test
  void nothingIsFoundButWhatIsListed() {
    assertThat(Deployment.all())
        .allSatisfy(deployment -> assertThat(deployment.errors()).isEmpty());
  }

  /** The validator that the CDK runs in each synthesis: schemas of resources, and lint rules. */
  @Test
  void theValidatorOfTheCdkFindsNothing() throws IOException {
    for (Deployment deployment : Deployment.all()) {
      assertThat(Files.readString(deployment.folder().resolve("validation-report.json")))
          .contains("\"pluginReports\": []");
    }
  }

  @Test
  void nothingElseIsWarnedOf() {
    assertThat(Deployment.all())
        .allSatisfy(deployment -> assertThat(deployment.warnings()).isEmpty());
  }

  /** A finding more is a decision: it changes this number, and has its evidence. */
  @Test
  void soManyStay() {
    assertThat(Findings.of(Deployment.small().settings())).hasSize(15);
    assertThat(Findings.of(Deployment.production().settings())).hasSize(16);
    assertThat(Findings.of(Deployment.traced().settings())).hasSize(18);
  }

  @Test
  void eachIsOfOneResourceWithItsEvidence() {
    List<Finding> findings = Findings.of(Deployment.small().settings());
    assertThat(findings).doesNotHaveDuplicates();
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.resource()).doesNotContain("*").contains("/");
              assertThat(finding.evidence()).hasSizeGreaterThan(40);
            });
  }
}
