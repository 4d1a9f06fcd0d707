package dev.portico.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:30Z");

  private final RefusalPace pace = new RefusalPace();

  private void exhaust(Instant minute) {
    for (int i = 0; i < RefusalPace.MOST; i++) {
      assertThat(pace.next(minute)).hasValue(0);
    }
  }

  @Test
  void storesSoManyInAMinuteAndTellsOfTheOthers() {
    exhaust(NOW);
    for (int i = 0; i < 7; i++) {
      assertThat(pace.next(NOW.plusSeconds(29))).isEmpty();
    }
    assertThat(pace.next(NOW.plusSeconds(30))).hasValue(7);
    assertThat(pace.next(NOW.plusSeconds(30))).isEqualTo(OptionalLong.of(0));
  }

  @Test
  void aClockThatIsSetBackGivesNothingMore() {
    exhaust(NOW);
    assertThat(pace.next(NOW.minusSeconds(120))).isEmpty();
    assertThat(pace.next(NOW)).isEmpty();
    assertThat(pace.next(NOW.plusSeconds(60))).hasValue(2);
  }
}
