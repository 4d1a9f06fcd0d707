package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.connection.ListenersFixture;
import dev.portico.gateway.connection.LoopsFixture;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the access log says of what comes over sockets. */
class AccessLineIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AccessLog log =
      new AccessLog(new ObserveSettings("true", 1024, Duration.ZERO), out);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicReference<ViewerExchange> later = new AtomicReference<>();
  private EventLoops loops;
  private PublicListeners listeners;

  /**
   * Answers 204; what begins with /wait never, and what begins with /half not to the end, /later
   * when it is told.
   */
  private record Answering(
      ExchangeRecorder recorder, AtomicInteger waiting, AtomicReference<ViewerExchange> later)
      implements ExchangeHandler {
    @Override
    public void handle(ViewerExchange exchange) {
      String path = exchange.request().path();
      if (path.startsWith("/half")) {
        exchange.begin(ResponseHead.of(200).build(), 10);
      }
      if (path.startsWith("/later")) {
        later.set(exchange);
      } else if (path.startsWith("/half") || path.startsWith("/wait")) {
        waiting.incrementAndGet();
      } else {
        exchange.respond(ResponseHead.of(204).build(), Unpooled.EMPTY_BUFFER);
      }
    }

    @Override
    public void refuse(ViewerExchange exchange, EdgeError error) {
      exchange.timeline().error(error.category());
      exchange.respond(ResponseHead.of(error.status()).build(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void finished(ViewerExchange exchange) {
      recorder.record(exchange);
    }
  }

  @BeforeEach
  void start() {
    log.start();
    loops = LoopsFixture.of(1);
    ExchangeRecorder recorder = new ExchangeRecorder(log, Traces.OFF, new SimpleMeterRegistry());
    listeners = ListenersFixture.open(loops, new Answering(recorder, waiting, later));
  }

  @AfterEach
  void stop() throws Exception {
    listeners.drain(Duration.ofSeconds(1));
    LoopsFixture.stop(loops);
    log.stop();
  }

  /** The line that cannot be read is of the last request, while others wait for their turn. */
  @Test
  void pipelinedRequestsKeepTheirOwnLines() throws Exception {
    try (RawClient viewer = new RawClient(listeners.httpPort())) {
      String host = "\r\nHost: demo.localhost\r\n\r\n";
      viewer.send(
          "GET /later HTTP/1.1" + host + "GET /b HTTP/1.1" + host + "GET /x HTTP/abc" + host);
      ViewerExchange first = await().until(later::get, Objects::nonNull);
      loops
          .group()
          .next()
          .execute(() -> first.respond(ResponseHead.of(204).build(), Unpooled.EMPTY_BUFFER));
      assertThat(viewer.read().status()).isEqualTo(204);
      assertThat(viewer.read().status()).isEqualTo(204);
      assertThat(viewer.read().status()).isEqualTo(400);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .hasSize(3)
                    .anyMatch(line -> line.contains("\"path\":\"/later\""))
                    .anyMatch(line -> line.contains("\"path\":\"/b\""))
                    .anyMatch(line -> line.contains("\"path\":\"/x\"")));
  }

  private Map<String, Object> line() throws Exception {
    List<String> lines =
        await()
            .until(
                () -> out.toString(StandardCharsets.UTF_8).lines().toList(),
                found -> !found.isEmpty());
    assertThat(lines).hasSize(1);
    return JSONObjectUtils.parse(lines.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "GET /odd/p1%22%0a%5c?token=x HTTP/1.1|Host: demo.localhost,GET,/odd/p1%22%0a%5c,400",
        "TRACE /t HTTP/1.1|Host: demo.localhost,TRACE,/t,501",
        "GET /without?a=b HTTP/1.1|X: y,GET,/without,400",
        "GET /two words HTTP/1.1|Host: demo.localhost,GET,/two words,400",
        "GET http://other/x?y HTTP/1.1|Host: demo.localhost,GET,http://other/x,400",
        "GET /tab\t HTTP/1.1|Host: demo.localhost,GET,/tab\t,400",
        "CONNECT example.org:443 HTTP/1.1|Host: example.org:443,CONNECT,example.org:443,501",
        "SSH-2.0-Go|x,-,``,400",
        "Authorization: Bearer secret|x,-,``,400",
        "GET /headers HTTP/1.1|Host: demo.localhost|bad header: x,GET,/headers,400",
      })
  void whatIsRefusedIsLoggedAsItCame(String head, String method, String path, int status)
      throws Exception {
    try (RawClient viewer = new RawClient(listeners.httpPort())) {
      viewer.send(head.replace("|", "\r\n") + "\r\n\r\n");
      assertThat(viewer.read().status()).isEqualTo(status);
    }
    assertThat(line()).containsEntry("method", method).containsEntry("path", path);
  }

  @Test
  void aTargetThatIsTooLongIsLoggedAsFarAsTheLogGoes() throws Exception {
    try (RawClient viewer = new RawClient(listeners.httpPort())) {
      viewer.send("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
      assertThat(viewer.read().status()).isEqualTo(414);
    }
    assertThat(line())
        .containsEntry("method", "GET")
        .containsEntry("path", "/" + "a".repeat(LogLines.MAX_TEXT - 1));
  }

  @Test
  void whatIsRefusedOverHttp2IsLoggedAsItCame() throws Exception {
    try (RawHttp2Client viewer = http2()) {
      get(viewer, "/odd%5c?token=x");
      viewer.next(1);
    }
    assertThat(line()).containsEntry("path", "/odd%5c").containsEntry("protocol", "HTTP/2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/wait", "/half"})
  void whatHasNotFinishedWhenTheGatewayStopsIsItsOwnCut(String path) throws Exception {
    try (RawClient viewer = new RawClient(listeners.httpPort())) {
      viewer.get("demo.localhost", path);
      await().until(() -> waiting.get() == 1);
      listeners.drain(Duration.ofMillis(1));
      assertThat(line()).containsEntry("error", "stopping").containsEntry("completed", false);
    }
  }

  @Test
  void soItIsOverHttp2() throws Exception {
    try (RawHttp2Client viewer = http2()) {
      get(viewer, "/wait");
      await().until(() -> waiting.get() == 1);
      listeners.drain(Duration.ofMillis(1));
      assertThat(line()).containsEntry("error", "stopping").containsEntry("completed", false);
    }
  }

  @Test
  void aViewerThatResetsItsConnectionIsGone() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listeners.httpPort())) {
      new RawClient(socket).get("demo.localhost", "/wait");
      await().until(() -> waiting.get() == 1);
      socket.setSoLinger(true, 0);
    }
    assertThat(line()).containsEntry("error", "viewer-gone").containsEntry("completed", false);
  }

  private RawHttp2Client http2() throws Exception {
    RawHttp2Client client =
        new RawHttp2Client(new Socket(InetAddress.getLoopbackAddress(), listeners.httpPort()));
    client.send(RawHttp2Client.PREFACE);
    client.send(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  private static void get(RawHttp2Client client, String path) throws Exception {
    client.send(
        RawHttp2Client.HEADERS,
        RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
        1,
        RawHttp2Client.block(
            ":method", "GET", ":scheme", "http", ":authority", "demo.localhost", ":path", path));
  }
}
