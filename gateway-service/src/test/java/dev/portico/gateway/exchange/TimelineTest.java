package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
  /** By then its line may be written, on another thread. */
  @Test
  void nothingChangesAfterTheEnd() {
    Timeline timeline = new Timeline(1_000, System.nanoTime());
    timeline.outcome(Outcome.HIT);
    timeline.site("demo");
    timeline.behaviour("/a/*");
    timeline.responded(ResponseHead.of(200).build());
    timeline.sent(10);
    timeline.received(5);
    timeline.finished(true);
    long firstByte = timeline.firstByteNanos();
    timeline.outcome(Outcome.ERROR);
    timeline.error("internal");
    timeline.site("other");
    timeline.behaviour("*");
    timeline.responded(ResponseHead.of(500).build());
    timeline.sent(1);
    timeline.received(1);
    timeline.originStarted();
    timeline.originAnswered();
    assertThat(timeline.outcome()).isEqualTo(Outcome.HIT);
    assertThat(timeline.error()).isNull();
    assertThat(timeline.site()).isEqualTo("demo");
    assertThat(timeline.behaviour()).isEqualTo("/a/*");
    assertThat(timeline.status()).isEqualTo(200);
    assertThat(timeline.bytesSent()).isEqualTo(10);
    assertThat(timeline.bytesReceived()).isEqualTo(5);
    assertThat(timeline.firstByteNanos()).isEqualTo(firstByte);
    assertThat(timeline.originNanos()).isZero();
  }

  @Test
  void aPageHidesNoError() {
    Timeline timeline = new Timeline(1_000, System.nanoTime());
    timeline.replaced(503);
    assertThat(timeline.ownStatus()).as("the viewer left before there was a page").isZero();
    timeline.responded(ResponseHead.of(200).build());
    assertThat(timeline.status()).isEqualTo(200);
    assertThat(timeline.ownStatus()).isEqualTo(503);
  }

  /** Of a server's 503, and of the gateway's own. */
  @Test
  void whoSaysThatItWillBeBackHasFailedNobody() {
    assertThat(countedAfter(null, ResponseHead.of(503).add("Retry-After", "60").build())).isZero();
    assertThat(countedAfter(null, ResponseHead.of(503).build())).isOne();
    assertThat(countedAfter(null, ResponseHead.of(500).add("Retry-After", "60").build())).isOne();
    assertThat(countedAfter("origin-down", ResponseHead.of(503).add("Retry-After", "2").build()))
        .isOne();
  }

  private static long countedAfter(@Nullable String error, ResponseHead head) {
    Timeline timeline = new Timeline(1_000, System.nanoTime());
    ShareCount count = new ShareCount();
    timeline.share(count);
    if (error != null) {
      timeline.error(error);
    }
    timeline.responded(head);
    ShareCount counted = timeline.share();
    if (counted != null) {
      counted.add(timeline.ownStatus());
    }
    return count.errors();
  }
}
