package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WorkMetersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WorkMeters meters = new WorkMeters(registry, Clock.fixed(NOW, ZoneOffset.UTC));

  private double gauge(String name) {
    return registry.get("portico.content." + name).gauge().value();
  }

  private double counted(String name, String outcome) {
    return registry.get("portico.content." + name).tag("outcome", outcome).counter().count();
  }

  @Test
  void theQueueIsAsTheLastLookHasShownIt() {
    assertThat(gauge("variants.waiting")).isZero();
    assertThat(gauge("variants.oldest.age")).isZero();
    meters.looked(700, NOW.minusSeconds(90));
    assertThat(gauge("variants.waiting")).isEqualTo(700);
    assertThat(gauge("variants.oldest.age")).isEqualTo(90);
    meters.looked(1, NOW.plusSeconds(60));
    assertThat(gauge("variants.oldest.age")).as("tried again later").isZero();
    meters.looked(0, null);
    assertThat(gauge("variants.waiting")).isZero();
    assertThat(gauge("variants.oldest.age")).isZero();
  }

  @Test
  void whatIsDoneIsCountedFromZero() {
    for (String outcome : new String[] {"made", "failed", "given-up"}) {
      assertThat(counted("variants", outcome)).as(outcome).isZero();
    }
    meters.made(3);
    meters.failed(2);
    meters.givenUp(1);
    assertThat(counted("variants", "made")).isEqualTo(3);
    assertThat(counted("variants", "failed")).isEqualTo(2);
    assertThat(counted("variants", "given-up")).isEqualTo(1);
    meters.collected(5);
    meters.notCollected();
    assertThat(counted("collections", "done")).isEqualTo(1);
    assertThat(counted("collections", "failed")).isEqualTo(1);
    assertThat(registry.get("portico.content.collection.deleted").counter().count()).isEqualTo(5);
  }
}
