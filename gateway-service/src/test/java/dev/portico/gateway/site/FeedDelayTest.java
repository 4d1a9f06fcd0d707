package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FeedDelayTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final FeedDelay delay =
      new FeedDelay(registry, () -> Instant.ofEpochMilli(clock.wallTime()));

  private Instant now() {
    return Instant.ofEpochMilli(clock.wallTime());
  }

  private double shown() {
    return registry.get("portico.feed.delay").gauge().value();
  }

  @Test
  void isTheTimeFromTheCommitToTheUseAndShownForAMinuteAtLeast() {
    assertThat(shown()).isZero();
    delay.told("docs", now());
    clock.add(Duration.ofMillis(1500));
    delay.begun("docs");
    delay.applied("docs");
    clock.add(Duration.ofSeconds(60));
    assertThat(shown()).isEqualTo(1.5);
    clock.add(Duration.ofSeconds(60));
    assertThat(shown()).isZero();
  }

  @Test
  void growsWhileAChangeDoesNotHold() {
    delay.told("docs", now());
    delay.begun("docs");
    clock.add(Duration.ofSeconds(100));
    assertThat(shown()).as("it was begun, and failed").isEqualTo(100);
    delay.begun("docs");
    clock.add(Duration.ofSeconds(20));
    assertThat(shown()).isEqualTo(120);
    delay.applied("docs");
    assertThat(shown()).isEqualTo(120);
  }

  /** What is told while the site is being read is not in what was read. */
  @Test
  void aChangeThatComesMeanwhileGoesOnWaiting() {
    delay.told("docs", now());
    delay.begun("docs");
    clock.add(Duration.ofSeconds(2));
    delay.told("docs", now());
    delay.applied("docs");
    clock.add(Duration.ofSeconds(200));
    assertThat(shown()).isEqualTo(200);
    delay.begun("docs");
    delay.applied("docs");
    clock.add(Duration.ofSeconds(200));
    assertThat(shown()).isZero();
  }

  @Test
  void aClockThatIsBehindMakesNoNegativeDelay() {
    delay.told("docs", now().plusSeconds(5));
    assertThat(shown()).isZero();
    delay.begun("docs");
    delay.applied("docs");
    assertThat(shown()).isZero();
  }

  @Test
  void ofSeveralTheLongestCounts() {
    delay.told("shop", now().minusSeconds(3));
    delay.told("docs", now().minusSeconds(8));
    delay.told("docs", now());
    assertThat(shown()).isEqualTo(8);
  }
}
