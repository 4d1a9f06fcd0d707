package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {
  /** By then its line may be written, on another thread. */
  @Test
  void nothingChangesAfterTheEnd() {
    Timeline timeline = new Timeline(1_000, System.nanoTime());
    timeline.outcome(Outcome.HIT);
    timeline.site("demo");
    timeline.responded(200);
    timeline.sent(10);
    timeline.received(5);
    timeline.finished(true);
    long firstByte = timeline.firstByteNanos();
    timeline.outcome(Outcome.ERROR);
    timeline.error("internal");
    timeline.site("other");
    timeline.responded(500);
    timeline.sent(1);
    timeline.received(1);
    timeline.originStarted();
    timeline.originAnswered();
    assertThat(timeline.outcome()).isEqualTo(Outcome.HIT);
    assertThat(timeline.error()).isNull();
    assertThat(timeline.site()).isEqualTo("demo");
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
    timeline.responded(200);
    assertThat(timeline.status()).isEqualTo(200);
    assertThat(timeline.ownStatus()).isEqualTo(503);
  }
}
