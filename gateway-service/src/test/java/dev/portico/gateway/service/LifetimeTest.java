package dev.portico.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifetimeTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Lifetime lifetime = new Lifetime();

  @Test
  void goesOnAfterAPause() {
    assertThat(lifetime.pause(Duration.ofMillis(1))).isTrue();
    assertThat(lifetime.over()).isFalse();
  }

  @Test
  void pausesForThreeQuartersAtLeast() {
    long began = System.nanoTime();
    assertThat(lifetime.pauseAbout(Duration.ofMillis(40))).isTrue();
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
  }

  @Test
  void theEndEndsAPauseAndAllLaterOnes() throws Exception {
    CompletableFuture<Boolean> goesOn =
        CompletableFuture.supplyAsync(() -> lifetime.pauseAbout(LONG));
    lifetime.end();
    assertThat(goesOn.get()).isFalse();
    assertThat(lifetime.pause(LONG)).isFalse();
    assertThat(lifetime.over()).isTrue();
  }

  @Test
  void theEndInterruptsWhatItHasStarted() throws Exception {
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    lifetime.start(
        "work",
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.complete(Thread.currentThread().getName());
          }
        });
    lifetime.end();
    assertThat(interrupted.get()).isEqualTo("work");
  }

  @Test
  void anInterruptEndsItAndIsKept() {
    Thread.currentThread().interrupt();
    assertThat(lifetime.pause(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(lifetime.over()).isTrue();
  }
}
