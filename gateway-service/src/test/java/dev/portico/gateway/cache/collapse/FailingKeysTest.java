package dev.portico.gateway.cache.collapse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.key.CacheKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailingKeysTest {
  private static final CacheKey KEY = CacheKey.of(new byte[] {1});

  private long nanos = 5;
  private final FailingKeys keys = new FailingKeys(() -> nanos);

  @Test
  void oneAsksAgainAfterAPause() {
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.NO);
    keys.failed(KEY);
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.LATELY);
    nanos += FailingKeys.PAUSE.toNanos() - 1;
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.LATELY);
    nanos++;
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.ASK_AGAIN);
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.LATELY);
    nanos += FailingKeys.PAUSE.toNanos();
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.ASK_AGAIN);
  }

  @Test
  void anAnswerEndsIt() {
    keys.failed(KEY);
    keys.answered(KEY);
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.NO);
  }

  @Test
  void aFailureIsForgottenWhenNobodyAsks() {
    keys.failed(KEY);
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(keys.of(KEY)).isEqualTo(Flights.Failing.NO);
  }
}
