package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aClockBehindThePastIsNamedWithWhatIsLatest() {
    assertThat(
            ClockCheck.complaint(
                NOW,
                Map.of(
                    "the last start was", NOW.plusSeconds(3600),
                    "gateway-service was built", NOW.plusSeconds(61))))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("clock is wrong")
                    .contains("the last start was at 2026-03-01T13:00:00Z")
                    .contains("60 s"));
  }

  @Test
  void withinTheToleranceNothingIsSaid() {
    assertThat(ClockCheck.complaint(NOW, Map.of("x", NOW.plusSeconds(60)))).isEmpty();
    assertThat(ClockCheck.complaint(NOW, Map.of("x", NOW.minusSeconds(1)))).isEmpty();
    assertThat(ClockCheck.complaint(NOW, Map.of())).isEmpty();
  }
}
