package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.trace.TracedCall;
import dev.portico.gateway.trace.Traces;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of a try at an origin that no collector can be shown over a socket. */
class OriginTracesIT {
  /** How each try ended: why, or null. */
  private static final class Ends implements Traces {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public boolean joinsViewers() {
      return true;
    }

    @Override
    public TracedCall call(
        RequestIds ids, String method, String target, String host, int port, int before) {
      return new TracedCall() {
        @Override
        public @Nullable String traceparent() {
          return null;
        }

        @Override
        public void ended(@Nullable String failure) {
          all.add(String.valueOf(failure));
        }
      };
    }

    @Override
    public boolean finished(ViewerRequest request, Timeline timeline) {
      return false;
    }
  }

  /** The decoders refuse them before; should one ever let them through, the try has failed. */
  @Test
  void trailersThatCannotBePassedOnAreAFailure() throws IOException {
    Ends ends = new Ends();
    try (OriginServer origin = new OriginServer(OriginServer.Request::hang);
        OriginFixture fixture = new OriginFixture(ends)) {
      OriginRequest request =
          OriginFixture.request(OriginFixture.at("127.0.0.1", origin.port()).make(), "GET", "/", 0)
              .onBehalfOf(RequestIds.of(0, null));
      Answer answer = new Answer();
      OriginExchange exchange =
          new OriginExchange(fixture.client(), request, fixture.loop(), answer);
      fixture.loop().execute(exchange::start);
      await().until(() -> !origin.requests().isEmpty());
      HttpHeaders unchecked =
          DefaultHttpHeadersFactory.trailersFactory().withValidation(false).newHeaders();
      unchecked.add("x-sum", "7\r\nSet-Cookie: a=b");
      fixture.loop().execute(() -> exchange.end(new NettyHeaderFields(unchecked)));
      assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
      assertThat(ends.all).containsExactly("origin-protocol");
    }
  }
}
