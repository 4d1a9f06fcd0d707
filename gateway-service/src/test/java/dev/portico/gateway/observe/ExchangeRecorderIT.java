package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.connection.ListenersFixture;
import dev.portico.gateway.connection.LoopsFixture;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.trace.TracedCall;
import dev.portico.gateway.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ExchangeRecorderIT {
  /** What comes of a trace. */
  private record Finishing(BooleanSupplier kept) implements Traces {
    @Override
    public boolean joinsViewers() {
      return true;
    }

    @Override
    public TracedCall call(
        RequestIds ids, String method, String target, String host, int port, int before) {
      return TracedCall.NONE;
    }

    @Override
    public boolean finished(ViewerRequest request, Timeline timeline) {
      return kept.getAsBoolean();
    }
  }

  /** Answers 204, as if somebody had been asked for it. */
  private record Answering(ExchangeRecorder recorder) implements ExchangeHandler {
    @Override
    public void handle(ViewerExchange exchange) {
      exchange.timeline().asks();
      exchange.respond(ResponseHead.of(204).build(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void refuse(ViewerExchange exchange, EdgeError error) {
      exchange.respond(ResponseHead.of(error.status()).build(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void finished(ViewerExchange exchange) {
      recorder.record(exchange);
    }
  }

  @Test
  void aTraceThatCannotBeMadeCostsNeitherLineNorConnection() throws Exception {
    Traces broken =
        new Finishing(
            () -> {
              throw new IllegalStateException("expected");
            });
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    assertThat(linesOfTwo(broken, registry)).hasSize(2);
    assertThat(registry.get("portico.traces.failures").counter().count()).isEqualTo(2);
  }

  /** As it is in what the origin was told. */
  @Test
  void theLineSaysWhetherTheTraceIsKept() throws Exception {
    assertThat(linesOfTwo(new Finishing(() -> true), new SimpleMeterRegistry()))
        .allMatch(line -> line.matches(".*\"trace\":\"00-[0-9a-f]{32}-[0-9a-f]{16}-01\".*"));
    assertThat(linesOfTwo(new Finishing(() -> false), new SimpleMeterRegistry()))
        .allMatch(line -> line.matches(".*\"trace\":\"00-[0-9a-f]{32}-[0-9a-f]{16}-00\".*"));
  }

  private static List<String> linesOfTwo(Traces traces, SimpleMeterRegistry registry)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = new AccessLog(new ObserveSettings("true", 1024, Duration.ZERO), out);
    log.start();
    EventLoops loops = LoopsFixture.of(1);
    PublicListeners listeners =
        ListenersFixture.open(loops, new Answering(new ExchangeRecorder(log, traces, registry)));
    try (RawClient viewer = new RawClient(listeners.httpPort())) {
      for (int i = 0; i < 2; i++) {
        assertThat(viewer.get("demo.localhost", "/").read().status()).isEqualTo(204);
      }
    } finally {
      listeners.drain(Duration.ofSeconds(1));
      LoopsFixture.stop(loops);
      log.stop();
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
