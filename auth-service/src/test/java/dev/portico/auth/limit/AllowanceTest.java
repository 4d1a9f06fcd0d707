package dev.portico.auth.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration PERIOD = Duration.ofMinutes(5);

  @Test
  void isSpentAndRefilledEvenly() {
    var left = Allowance.full(2, NOW);
    left = left.spent().spent();
    assertThat(left.exhausted()).isTrue();
    assertThat(left.untilNext(2, PERIOD)).isEqualTo(Duration.ofSeconds(150));
    assertThat(left.refilled(2, PERIOD, NOW.plusSeconds(149)).exhausted()).isTrue();
    assertThat(left.refilled(2, PERIOD, NOW.plusSeconds(150)).exhausted()).isFalse();
    assertThat(left.refilled(2, PERIOD, NOW.plusSeconds(9999)).left()).isEqualTo(2);
  }

  @Test
  void isNotRefilledByAClockThatWasSetBack() {
    var left = Allowance.full(4, NOW).spent().refilled(4, PERIOD, NOW.minusSeconds(600));
    assertThat(left.left()).isCloseTo(3, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9,203.0.113.9",
    "'198.51.100.1, 203.0.113.9',203.0.113.9",
    "2001:db8:1:2:3:4:5:6,20010db800010002/64",
    "2001:db8:1:2::1,20010db800010002/64",
    "not an address,10.0.0.1",
    "localhost,10.0.0.1",
    "'',10.0.0.1"
  })
  void addressesAreTheLastThatWasForwarded(String forwarded, String address) {
    assertThat(ClientAddress.network(ClientAddress.last(forwarded, "10.0.0.1"))).isEqualTo(address);
  }
}
