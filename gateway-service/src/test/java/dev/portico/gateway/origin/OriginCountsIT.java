package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.OriginServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What metrics tell of origins. */
class OriginCountsIT {
  @Test
  void connectionsAreBusyThenIdleThenGone() throws IOException {
    CountDownLatch answer = new CountDownLatch(1);
    OriginServer.Behaviour late =
        request -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.ok("late");
        };
    try (OriginFixture fixture = new OriginFixture()) {
      try (OriginServer server = new OriginServer(late)) {
        HttpOrigin origin = OriginFixture.at("127.0.0.1", server.port()).make();
        Answer first = fixture.get(origin, "/");
        Answer second = fixture.get(origin, "/");
        await().until(() -> fixture.client().connections().busy() == 2);
        assertThat(fixture.client().connections().idle()).isZero();
        answer.countDown();
        first.done();
        second.done();
        await().until(() -> fixture.client().connections().busy() == 0);
        assertThat(fixture.client().connections().idle()).isEqualTo(2);
      }
      await().until(() -> fixture.client().connections().idle() == 0);
      assertThat(fixture.client().connections().busy()).isZero();
    }
  }

  @Test
  void aConnectionThatIsCutIsNotBusy() throws IOException {
    try (OriginFixture fixture = new OriginFixture();
        OriginServer server = new OriginServer(OriginServer.Request::reset)) {
      fixture.get(OriginFixture.at("127.0.0.1", server.port()).make(), "/").done();
      await().until(() -> fixture.client().connections().busy() == 0);
      await().until(() -> fixture.client().connections().idle() == 0);
    }
  }

  @Test
  void breakersThatAreOpen() throws IOException {
    try (OriginFixture fixture = new OriginFixture();
        OriginServer server = new OriginServer(OriginServer.Request::reset)) {
      HttpOrigin origin =
          OriginFixture.at("127.0.0.1", server.port()).breaker(1, Duration.ofMinutes(1)).make();
      assertThat(fixture.client().openBreakers()).isZero();
      fixture.get(origin, "/").done();
      assertThat(fixture.client().openBreakers()).isEqualTo(1);
    }
  }
}
