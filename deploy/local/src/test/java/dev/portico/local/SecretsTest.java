package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;

class SecretsTest {
  @RepeatedTest(20)
  void passwordsPassCognitosDefaultPolicyAndNeedNoQuotes() {
    assertThat(Secrets.password())
        .hasSizeGreaterThanOrEqualTo(16)
        .matches("[A-Za-z0-9-]+")
        .matches(".*[a-z].*")
        .matches(".*[A-Z].*")
        .matches(".*[0-9].*")
        .matches(".*-.*");
  }
}
