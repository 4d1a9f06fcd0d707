package dev.portico.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aStepLastsFifteenMinutes() {
    String timed = Steps.timed("{ a step }", NOW);
    assertThat(Steps.unexpired(timed, NOW)).hasValue("{ a step }");
    assertThat(Steps.unexpired(timed, NOW.plusSeconds(899))).hasValue("{ a step }");
    assertThat(Steps.unexpired(timed, NOW.plusSeconds(900))).isEmpty();
  }

  @Test
  void whatIsPrintedHoldsNoSecret() {
    var step =
        new Step("name", null, "user", "session", List.of(), null, "secret", "account", null);
    assertThat(step.toString()).doesNotContain("name", "user", "session", "secret");
    assertThat(step.app()).hasToString("TotpSecret[...]");
  }
}
