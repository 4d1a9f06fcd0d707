package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code PatienceIT} cannot see: the timer that looks. */
class Http1PatienceTest {
  private static final long NONE = -1;

  private final Listener listener =
      new Listener(
          LoopsFixture.settings(1),
          new Http2Limits(128, 200, 2_000, Duration.ofSeconds(30)),
          true,
          new ExchangeHandler() {
            @Override
            public void handle(ViewerExchange exchange) {}

            @Override
            public void refuse(ViewerExchange exchange, EdgeError error) {}

            @Override
            public void finished(ViewerExchange exchange) {}
          });

  @Test
  void theTimerEndsWithItsConnection() {
    EmbeddedChannel channel = new EmbeddedChannel(new ViewerChannelInitializer(listener, null));
    channel.freezeTime();
    assertThat(channel.runScheduledPendingTasks()).isPositive();
    channel.pipeline().remove(Http1Connection.class);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NONE);
    channel.finishAndReleaseAll();
  }
}
