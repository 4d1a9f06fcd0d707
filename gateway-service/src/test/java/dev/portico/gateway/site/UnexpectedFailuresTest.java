package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.site.UnexpectedFailures.Work;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class UnexpectedFailuresTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final UnexpectedFailures failures = new UnexpectedFailures(registry);

  private double counted(String work) {
    return registry.get("portico.unexpected.failures").tag("work", work).counter().count();
  }

  @Test
  void everyKindOfWorkHasItsCounterFromTheStart() {
    assertThat(counted("change-feed")).isZero();
    assertThat(counted("site-update")).isZero();
    assertThat(counted("manifest")).isZero();
  }

  @Test
  void errorsAreCountedAndGoneOnAfter() {
    failures.count(Work.SITE_UPDATE, new StackOverflowError());
    failures.count(Work.SITE_UPDATE, new IllegalStateException());
    assertThat(counted("site-update")).isEqualTo(2);
    assertThat(counted("manifest")).isZero();
  }

  @Test
  void nobodyGoesOnWithoutMemory() {
    OutOfMemoryError fatal = new OutOfMemoryError("none left");
    assertThatThrownBy(() -> failures.count(Work.MANIFEST, fatal)).isSameAs(fatal);
    assertThat(counted("manifest")).isEqualTo(1);
  }
}
