package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.site.UnexpectedFailures.Work;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpdatesTest {
  private static final Outcome DONE = () -> {};
  private static final Outcome FAILED =
      () -> {
        throw new IOException("expected");
      };

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Updates updates = updates(Duration.ofMillis(50));
  private final Updates patient = updates(Duration.ofHours(1));
  private final BlockingQueue<CompletableFuture<?>> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

  private Updates updates(Duration longestPause) {
    return new Updates(longestPause, Work.CONTROLS, new UnexpectedFailures(registry));
  }

  @AfterEach
  void stop() {
    updates.stop();
    patient.stop();
  }

  private interface Outcome {
    void come() throws IOException;
  }

  /** Its attempts say that they have begun, and end as the test says. */
  private void changed(String thing) {
    changed(updates, thing);
  }

  private void changed(Updates of, String thing) {
    of.changed(
        thing,
        again -> {
          threads.add(Thread.currentThread());
          begun.add(again);
          outcome().come();
        });
  }

  private Outcome outcome() {
    try {
      return outcomes.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatFailsIsTriedAgain() throws Exception {
    changed("thing");
    outcomes.add(FAILED);
    outcomes.add(
        () -> {
          throw new StackOverflowError("expected");
        });
    begun.take();
    begun.take();
    begun.take();
    assertThat(
            registry.get("portico.unexpected.failures").tag("work", "controls").counter().count())
        .isEqualTo(1);
    outcomes.add(DONE);
  }

  @Test
  void aChangeDuringAnAttemptIsToldToItAndHasAnother() throws Exception {
    changed("thing");
    CompletableFuture<?> first = begun.take();
    assertThat(first).isNotDone();
    changed("thing");
    assertThat(first).isDone();
    assertThat(begun).isEmpty();
    outcomes.add(DONE);
    assertThat(begun.take()).isNotDone();
    outcomes.add(DONE);
  }

  @Test
  void aChangeAfterAllIsDoneHasAnAttemptOfItsOwn() throws Exception {
    for (int i = 0; i < 3; i++) {
      changed("thing");
      begun.take();
      outcomes.add(DONE);
    }
    assertThat(begun).isEmpty();
  }

  @Test
  void aThingWaitsForNoOther() throws Exception {
    changed("one");
    begun.take();
    changed("other");
    begun.take();
    outcomes.add(DONE);
    outcomes.add(DONE);
  }

  @Test
  void theEndIsToldToWhatIsAtWork() throws Exception {
    changed("thing");
    CompletableFuture<?> again = begun.take();
    updates.stop();
    assertThat(again).isDone();
    outcomes.add(DONE);
  }

  @Test
  void afterTheEndNothingIsTriedAgain() throws Exception {
    changed("thing");
    begun.take();
    updates.stop();
    outcomes.add(FAILED);
    assertThat(threads.take().join(Duration.ofSeconds(20))).as("whether it has ended").isTrue();
    assertThat(begun).isEmpty();
  }

  @Test
  void aChangeCutsAPauseShort() throws Exception {
    changed(patient, "thing");
    for (int i = 0; i < 12; i++) { // After so many failures a pause has a minute or two.
      outcomes.add(FAILED);
      begun.take();
      changed(patient, "thing");
    }
    CompletableFuture<?> last = begun.take();
    while (last.isDone()) {
      outcomes.add(FAILED);
      last = begun.take();
    }
    CompletableFuture<?> waitedFor = last;
    outcomes.add(FAILED);
    await().until(() -> waitedFor.getNumberOfDependents() > 0);
    changed(patient, "thing");
    assertThat(begun.take()).isNotDone();
    outcomes.add(DONE);
  }
}
