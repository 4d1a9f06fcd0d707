package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = 1_000_000_000;

  private final Pace pace = new Pace(1000, 10 * SECOND);

  @Test
  void isJudgedOverWholePeriodsOnly() {
    pace.begin(5 * SECOND);
    assertThat(pace.tooSlow(14 * SECOND)).isFalse();
    assertThat(pace.tooSlow(15 * SECOND)).isTrue();
  }

  @Test
  void whatCameInOnePeriodDoesNotCountInTheNext() {
    pace.begin(0);
    pace.received(1_000_000);
    assertThat(pace.tooSlow(10 * SECOND)).isFalse();
    pace.received(9_999);
    assertThat(pace.tooSlow(20 * SECOND)).isTrue();
  }

  @Test
  void theLeastRateWillDo() {
    pace.begin(0);
    pace.received(10_000);
    assertThat(pace.tooSlow(10 * SECOND)).isFalse();
    pace.received(15_000);
    assertThat(pace.tooSlow(25 * SECOND)).as("by the time that has really passed").isFalse();
  }

  @Test
  void aPeriodBeginsAnewWhenReadingGoesOn() {
    pace.begin(0);
    pace.begin(9 * SECOND);
    assertThat(pace.tooSlow(18 * SECOND)).isFalse();
  }

  @Test
  void zeroIsNoLimit() {
    Pace any = new Pace(0, SECOND);
    any.begin(0);
    assertThat(any.tooSlow(100 * SECOND)).isFalse();
  }
}
