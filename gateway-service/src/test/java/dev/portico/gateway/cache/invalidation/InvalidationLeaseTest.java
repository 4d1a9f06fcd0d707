package dev.portico.gateway.cache.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When what is stored comes into doubt. Each doubt moves the store's mark. */
class InvalidationLeaseTest {
  private static final Duration LENGTH = Duration.ofSeconds(9);

  private final MemoryStore store = new MemoryStore(new ResponseCacheSettings(1 << 20, 1 << 16, 0));
  private final AtomicLong nanos = new AtomicLong();
  private final InvalidationLease lease = new InvalidationLease(store, nanos::get);
  private long mark = store.mark();

  private boolean doubted(long now) {
    lease.check(now);
    long before = mark;
    mark = store.mark();
    return mark > before;
  }

  @Test
  void beforeTheFirstLeaseAllIsInDoubtEverySecond() {
    assertThat(lease.held()).isFalse();
    assertThat(doubted(5_000)).isTrue();
    assertThat(doubted(5_000)).isFalse();
    assertThat(doubted(5_999)).isFalse();
    assertThat(doubted(6_000)).isTrue();
    assertThat(lease.held()).isFalse();
  }

  @Test
  void duringALeaseNothingIsInDoubtAndAfterItEverySecond() {
    lease.renew(1_000, 0, LENGTH);
    assertThat(lease.held()).isTrue();
    assertThat(doubted(1_000)).isFalse();
    assertThat(doubted(9_999)).isFalse();
    assertThat(doubted(10_000)).isTrue();
    assertThat(lease.held()).isFalse();
    assertThat(doubted(10_999)).isFalse();
    assertThat(doubted(11_000)).isTrue();
    lease.renew(11_500, 0, LENGTH);
    assertThat(doubted(12_001)).as("held again").isFalse();
    assertThat(doubted(20_499)).isFalse();
    assertThat(doubted(20_500)).isTrue();
  }

  @Test
  void aClockThatIsSetBackMakesNoLeaseLonger() {
    lease.renew(1_000_000, 0, LENGTH);
    nanos.set(LENGTH.toNanos() - 1);
    lease.checkClock();
    assertThat(doubted(5_000)).isFalse();
    nanos.set(LENGTH.toNanos());
    lease.checkClock();
    assertThat(lease.held()).isFalse();
    assertThat(doubted(5_000)).isTrue();
    lease.checkClock();
    assertThat(doubted(5_001)).as("once").isFalse();
  }

  @Test
  void aClockThatIsSetBackPutsNoDoubtOff() {
    assertThat(doubted(1_000_000)).isTrue();
    nanos.addAndGet(Duration.ofMillis(InvalidationLease.DOUBT).toNanos() - 1);
    lease.checkClock();
    assertThat(doubted(5_000)).isFalse();
    nanos.addAndGet(1);
    lease.checkClock();
    assertThat(doubted(5_000)).isTrue();
    assertThat(doubted(5_001)).isFalse();
  }

  @Test
  void whatWasMissedComesIntoDoubtAtOnceAndTheLeaseIsOver() {
    lease.renew(1_000, 0, LENGTH);
    lease.missed();
    assertThat(store.mark()).isGreaterThan(mark);
    mark = store.mark();
    assertThat(lease.held()).isFalse();
    assertThat(doubted(1_001)).isTrue();
    lease.renew(1_000, 0, LENGTH);
    lease.lose();
    assertThat(store.mark()).isEqualTo(mark);
    assertThat(doubted(1_001)).isTrue();
  }

  @Test
  void leasesAreAskedForThreeTimesAsOftenAsTheyEnd() {
    assertThat(InvalidationLease.pace(LENGTH)).isEqualTo(Duration.ofSeconds(3));
    assertThat(InvalidationLease.pace(Duration.ZERO)).isPositive();
  }
}
