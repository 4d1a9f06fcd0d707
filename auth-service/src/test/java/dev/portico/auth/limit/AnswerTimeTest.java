package dev.portico.auth.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTimeTest {
  /** Begun at 1,000, by steps of 400. */
  @ParameterizedTest
  @CsvSource({
    "true, 401, 1000, 400",
    "true, 401, 1010, 390",
    "true, 400, 1399, 1",
    "true, 503, 1400, 400",
    "true, 401, 1950, 250",
    "true, 200, 1010, 0",
    "true, 303, 1010, 0",
    "false, 200, 1010, 390",
    "false, 303, 1010, 390",
    "false, 400, 1410, 390"
  })
  void isTheNextMultipleOfAStepUnlessTheAnswerSaysItAnyway(
      boolean refusalsAlone, int status, long now, long left) {
    assertThat(new AnswerTime(1_000, refusalsAlone).left(status, now, 400)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void isNothingWhereNothingIsHeld(boolean refusalsAlone) {
    assertThat(new AnswerTime(1_000, refusalsAlone).left(401, 1_010, 0)).isZero();
  }

  /** The JVM's clock may begin anywhere, and run over. */
  @ParameterizedTest
  @CsvSource({"-9223372036854775808, 10", "9223372036854775807, 10"})
  void isOfAnyClock(long begun, long taken) {
    assertThat(new AnswerTime(begun, false).left(200, begun + taken, 400)).isEqualTo(390);
  }
}
