package dev.portico.content.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.content.error.Problem;
import org.junit.jupiter.api.Test;

/** How fast a site may make invalidations. */
class PaceTest {
  private static final InvalidationSettings LIMITS = new InvalidationSettings(2, 5);
  private static final long NOW = 1_764_370_000_000L;
  private static final Pace NONE = new Pace(0);

  private static Pace made(Pace pace, int times, long now) {
    Pace after = pace;
    for (int i = 0; i < times; i++) {
      after = after.next(now, LIMITS);
    }
    return after;
  }

  private static boolean refuses(Pace pace, long now) {
    return catchThrowableOfType(Problem.class, () -> pace.next(now, LIMITS)) != null;
  }

  @Test
  void aBurstAndThenTheRate() {
    Pace burst = made(NONE, 5, NOW);
    assertThat(refuses(burst, NOW)).isTrue();
    assertThat(refuses(burst, NOW + 499)).isTrue();
    Pace one = burst.next(NOW + 500, LIMITS);
    assertThat(refuses(one, NOW + 500)).isTrue();
    assertThat(refuses(one, NOW + 999)).isTrue();
    assertThat(refuses(made(one, 1, NOW + 1_000), NOW + 1_000)).isTrue();
    assertThat(refuses(made(one, 4, NOW + 2_500), NOW + 2_500)).isTrue();
  }

  @Test
  void whatWasNotUsedIsThereUpToTheBurst() {
    Pace burst = made(NONE, 5, NOW);
    assertThat(refuses(made(burst, 5, NOW + 60_000), NOW + 60_000)).isTrue();
  }

  /** Of two copies whose clocks differ a little both hold the limit; one far ahead stops nobody. */
  @Test
  void aClockThatWasWrongIsForgotten() {
    Pace ahead = made(NONE, 5, NOW + 1_000);
    assertThat(refuses(ahead, NOW)).isTrue();
    Pace far = made(NONE, 5, NOW + 3_600_000);
    assertThat(refuses(far, NOW)).isFalse();
    assertThat(refuses(made(far, 5, NOW), NOW)).isTrue();
  }

  @Test
  void aRateThatDividesNoSecondIsNotExceeded() {
    var limits = new InvalidationSettings(3, 1);
    Pace one = NONE.next(NOW, limits);
    assertThat(one.whole()).isEqualTo(NOW * 1_000 + 333_334);
  }
}
