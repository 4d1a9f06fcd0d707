package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections that were accepted when the gateway had begun to stop. */
class LateConnectionTest {
  private final Listener listener =
      new Listener(
          LoopsFixture.settings(1),
          new Http2Limits(128, 200, 2_000, Duration.ofSeconds(30)),
          true,
          new ExchangeHandler() {
            @Override
            public void handle(ViewerExchange exchange) {
              exchange.respond(ResponseHead.of(204).build(), Unpooled.EMPTY_BUFFER);
            }

            @Override
            public void refuse(ViewerExchange exchange, EdgeError error) {
              exchange.respond(ResponseHead.of(error.status()).build(), Unpooled.EMPTY_BUFFER);
            }

            @Override
            public void finished(ViewerExchange exchange) {}
          });

  private EmbeddedChannel connected() {
    listener.startDraining();
    EmbeddedChannel channel = new EmbeddedChannel(new ViewerChannelInitializer(listener, null));
    channel.freezeTime();
    return channel;
  }

  @Test
  void oneThatSaysNothingIsClosedSoon() {
    EmbeddedChannel channel = connected();
    channel.advanceTimeBy(900, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(200, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(listener.connections()).isEmpty();
    channel.finishAndReleaseAll();
  }

  @Test
  void oneWithARequestIsAnsweredAndClosed() {
    EmbeddedChannel channel = connected();
    channel.writeInbound(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
    channel.runPendingTasks();
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.toString(StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 204 ")
        .containsIgnoringCase("connection: close");
    answer.release();
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }
}
