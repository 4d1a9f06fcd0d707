package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
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

  @RepeatedTest(5)
  void sealingKeysHave256Bits() {
    var key = Secrets.sealingKey();
    assertThat(key).startsWith("k1:").isNotEqualTo(Secrets.sealingKey());
    assertThat(Base64.getDecoder().decode(key.substring(3))).hasSize(32);
  }
}
