package dev.portico.content.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.content.change.GatewayRegistry.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits shares looks at the gateways, and is given none that is older than the question. */
class GatewayLookTest {
  private static final long LONG = Duration.ofSeconds(20).toNanos();

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger looks = new AtomicInteger();

  @AfterEach
  void stop() {
    executor.close();
  }

  private static List<Gateway> gateways(long position) {
    return List.of(new Gateway("gw", null, null, position, true, Instant.MAX, Map.of()));
  }

  private static long position(Optional<List<Gateway>> seen) {
    return seen.orElseThrow().getFirst().position();
  }

  @Test
  void oneLookIsForAllWhoWait() throws Exception {
    GatewayLook look = new GatewayLook(() -> gateways(looks.incrementAndGet()));
    int many = 50;
    CyclicBarrier together = new CyclicBarrier(many);
    List<Future<Long>> waiting =
        IntStream.range(0, many)
            .mapToObj(
                i ->
                    executor.submit(
                        () -> {
                          together.await();
                          return position(look.next(LONG));
                        }))
            .toList();
    for (Future<Long> each : waiting) {
      assertThat(each.get()).isPositive();
    }
    assertThat(looks.get()).as("some may have come while others were served").isBetween(1, 10);
  }

  @Test
  void whatWasReadBeforeTheQuestionIsNoAnswer() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    GatewayLook look =
        new GatewayLook(
            () -> {
              int number = looks.incrementAndGet();
              if (number == 1) {
                uninterrupted(first);
              }
              return gateways(number);
            });
    Future<Long> early = executor.submit(() -> position(look.next(LONG)));
    await().until(() -> looks.get() == 1);
    AtomicInteger asking = new AtomicInteger();
    Future<Long> late =
        executor.submit(
            () -> {
              asking.incrementAndGet();
              return position(look.next(LONG));
            });
    await().until(() -> asking.get() == 1);
    // Its question comes before the look's end with any luck, and after it by no means sooner.
    first.countDown();
    assertThat(early.get()).isEqualTo(1);
    assertThat(late.get()).isEqualTo(2);
  }

  private static void uninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aLookThatFailsIsDoneAgain() {
    GatewayLook look =
        new GatewayLook(
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("as the test wants it");
              }
              return gateways(looks.get());
            });
    assertThat(position(look.next(LONG))).isEqualTo(2);
  }

  @Test
  void nobodyWaitsLongerThanTheyWouldOrThanTheServiceRuns() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    GatewayLook look =
        new GatewayLook(
            () -> {
              looks.incrementAndGet();
              uninterrupted(never);
              return List.of();
            });
    assertThat(look.next(Duration.ofMillis(1).toNanos())).isEmpty();
    Future<Optional<List<Gateway>>> waiting = executor.submit(() -> look.next(LONG));
    await().until(() -> looks.get() == 1);
    look.close();
    assertThat(waiting.get()).isEmpty();
    assertThat(look.next(LONG)).isEmpty();
    never.countDown();
  }
}
