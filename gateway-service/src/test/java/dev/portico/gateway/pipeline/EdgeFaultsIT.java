package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.origin.OriginFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Origins that break: nothing truncated is stored, or passed off as complete. */
class EdgeFaultsIT {
  private static final String FRESH = "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\n";
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static EdgeFixture edge;
  private String path = "";

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture();
  }

  @AfterAll
  static void stop() throws IOException {
    edge.close();
    assertThat(edge.serving.flights()).isZero();
    assertThat(edge.serving.loadingBytes()).isZero();
  }

  @BeforeEach
  void fresh() {
    edge.reset(null, EdgeFixture.METHODS, 1_000);
    path = "/fault" + PATHS.incrementAndGet();
  }

  static Stream<Named<OriginServer.Behaviour>> cutBodies() {
    String large = "x".repeat(300_000);
    return Stream.of(
        named("length, closed", r -> close(r, FRESH + "Content-Length: 10\r\n\r\n12345")),
        named("length, reset", r -> reset(r, FRESH + "Content-Length: 10\r\n\r\n12345")),
        named("length, no byte", r -> close(r, FRESH + "Content-Length: 10\r\n\r\n")),
        named("length, large", r -> close(r, FRESH + "Content-Length: 300001\r\n\r\n" + large)),
        named(
            "too large to keep", r -> close(r, FRESH + "Content-Length: 90000000\r\n\r\n" + large)),
        named(
            "chunked, between chunks",
            r -> close(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")),
        named(
            "chunked, in a chunk",
            r -> close(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n123")),
        named(
            "chunked, before the end",
            r -> close(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n")),
        named(
            "chunked, reset",
            r -> reset(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")),
        named(
            "chunked, garbage",
            r -> close(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nzz\r\n")));
  }

  private static Named<OriginServer.Behaviour> named(
      String name, OriginServer.Behaviour behaviour) {
    return Named.of(name, behaviour);
  }

  private static void close(OriginServer.Request request, String text) throws IOException {
    request.send(text);
    request.socket().close();
  }

  private static void reset(OriginServer.Request request, String text) throws IOException {
    request.send(text);
    request.reset();
  }

  @ParameterizedTest
  @MethodSource("cutBodies")
  void aCutBodyIsCutForViewersAndNotStored(OriginServer.Behaviour cut) throws IOException {
    edge.origin.behave(cut);
    for (int round = 1; round <= 2; round++) {
      broken(edge.viewer().get("demo.localhost", path));
      assertThat(edge.asked(path)).isEqualTo(round);
    }
    assertThat(edge.store.heldKeys()).isZero();
    edge.answers("200 OK\r\nCache-Control: max-age=600", "whole");
    assertThat(edge.get(path).text()).isEqualTo("whole");
  }

  static Stream<Named<OriginServer.Behaviour>> stalls() {
    return Stream.of(
        named("length", r -> stall(r, FRESH + "Content-Length: 10\r\n\r\n12345")),
        named("length, no byte", r -> stall(r, FRESH + "Content-Length: 10\r\n\r\n")),
        named("too large to keep", r -> stall(r, FRESH + "Content-Length: 90000000\r\n\r\n12345")),
        named(
            "chunked, between chunks",
            r -> stall(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")),
        named(
            "chunked, before the end",
            r -> stall(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n")));
  }

  private static void stall(OriginServer.Request request, String text) throws IOException {
    request.send(text);
    request.hang();
  }

  private static OriginFixture.Shape origin() {
    return OriginFixture.at("127.0.0.1", edge.origin.port());
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void aBodyThatStallsIsCutWhenTheIdleTimeIsOver(OriginServer.Behaviour stall) throws IOException {
    edge.reset(origin().idle(Duration.ofMillis(200)).make(), null);
    edge.origin.behave(stall);
    for (int round = 1; round <= 2; round++) {
      broken(edge.viewer().get("demo.localhost", path));
      assertThat(edge.asked(path)).isEqualTo(round);
    }
    assertThat(edge.store.heldKeys()).isZero();
    edge.answers("200 OK\r\nCache-Control: max-age=600", "whole");
    assertThat(edge.get(path).text()).isEqualTo("whole");
  }

  static Stream<Named<OriginServer.Behaviour>> halfCloses() {
    return Stream.of(
        named("length", r -> halfClose(r, FRESH + "Content-Length: 10\r\n\r\n12345")),
        named("too large to keep", r -> halfClose(r, FRESH + "Content-Length: 90000000\r\n\r\n1")),
        named(
            "chunked, between chunks",
            r -> halfClose(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")),
        named(
            "chunked, in a chunk",
            r -> halfClose(r, FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n123")),
        named("half a head", r -> halfClose(r, "HTTP/1.1 200 OK\r\nContent-Le")));
  }

  /** Sends no more, but would go on reading. */
  private static void halfClose(OriginServer.Request request, String text) throws IOException {
    request.send(text);
    request.socket().shutdownOutput();
    request.hang();
  }

  /** At once: the viewer's client waits 20 s, the limits of time are longer. */
  @ParameterizedTest
  @MethodSource("halfCloses")
  void aHalfClosedBodyIsCutForViewersAndNotStored(OriginServer.Behaviour half) throws IOException {
    Duration longer = Duration.ofMinutes(1);
    edge.reset(origin().firstByte(longer).idle(longer).make(), null);
    edge.origin.behave(half);
    for (int round = 1; round <= 2; round++) {
      broken(edge.viewer().get("demo.localhost", path));
      assertThat(edge.asked(path)).isEqualTo(round);
    }
    assertThat(edge.store.heldKeys()).isZero();
    edge.answers("200 OK\r\nCache-Control: max-age=600", "whole");
    assertThat(edge.get(path).text()).isEqualTo("whole");
  }

  @Test
  void whatIsHeldStandsInForAHeadThatIsTooLate() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=5, stale-if-error=600", "held");
    edge.get(path);
    edge.answers("200 OK\r\nCache-Control: max-age=5, must-revalidate", "strict");
    edge.get(path + "strict");
    edge.pass(Duration.ofSeconds(10));
    edge.turnTo(origin().firstByte(Duration.ofMillis(200)).make());
    edge.origin.behave(OriginServer.Request::hang);
    RawClient.Response stale = edge.get(path);
    assertThat(stale.text()).isEqualTo("held");
    assertThat(stale.header("cache-status"))
        .isEqualTo("portico; fwd=stale; ttl=-5; detail=stale-if-error");
    assertThat(edge.get(path + "strict").status()).isEqualTo(504);
  }

  /** Either an error, or a response that shows that it is not whole. */
  private static void broken(RawClient viewer) throws IOException {
    try (viewer) {
      try {
        assertThat(viewer.read().status()).isEqualTo(502);
      } catch (IOException e) {
        // Cut: what is read strictly fails.
        assertThat(e)
            .hasMessageMatching("body ends after.*|connection ended after.*|Connection reset.*");
      } catch (NumberFormatException e) {
        // Cut where a chunk should begin.
        assertThat(viewer.closed()).isTrue();
      }
    }
  }

  @Test
  void allWhoWaitSeeTheCut() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          close(request, FRESH + "Content-Length: 10\r\n\r\n12345");
        });
    List<RawClient> viewers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      viewers.add(edge.viewer().get("demo.localhost", path));
    }
    await().until(() -> edge.asked(path) == 1);
    gate.countDown();
    for (RawClient viewer : viewers) {
      assertThatThrownBy(viewer::read).isInstanceOf(IOException.class);
      viewer.close();
    }
    assertThat(edge.store.heldKeys()).isZero();
  }

  @Test
  void aBodyThatEndsWithItsConnectionIsPassedOnAndNotStored() throws IOException {
    edge.origin.behave(request -> close(request, FRESH + "\r\nuntil the end"));
    for (int round = 1; round <= 2; round++) {
      assertThat(edge.get(path).text()).isEqualTo("until the end");
      assertThat(edge.asked(path)).isEqualTo(round);
    }
    assertThat(edge.store.heldKeys()).isZero();
  }

  @Test
  void moreBytesThanAnnouncedAreNotAnybodys() throws IOException {
    edge.origin.behave(
        request -> {
          if (request.requestLine().contains(path)) {
            request.send(FRESH + "Content-Length: 5\r\n\r\n12345HTTP/1.1 200 OK\r\n\r\nforged");
          } else {
            request.ok("other");
          }
        });
    assertThat(edge.get(path).text()).isEqualTo("12345");
    assertThat(edge.get("/other" + path.length()).text()).isEqualTo("other");
    assertThat(edge.get(path).text()).isEqualTo("12345");
  }

  static Stream<Named<OriginServer.Behaviour>> badHeads() {
    return Stream.of(
        named("garbage", r -> close(r, "\0\1\2garbage\r\n\r\n")),
        named("reset", OriginServer.Request::reset),
        named("nothing", r -> r.socket().close()),
        named("half a head", r -> close(r, "HTTP/1.1 200 OK\r\nContent-Le")),
        named(
            "two lengths",
            r -> close(r, FRESH + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12")),
        named("304 unasked", r -> close(r, "HTTP/1.1 304 Not Modified\r\n\r\n")));
  }

  @ParameterizedTest
  @MethodSource("badHeads")
  void noHeadIsABadGateway(OriginServer.Behaviour bad) throws IOException {
    edge.origin.behave(bad);
    for (int round = 0; round < 2; round++) {
      RawClient.Response answer = edge.get(path);
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.header("x-cache")).isEqualTo("Error from portico");
      assertThat(answer.header("cache-status")).startsWith("portico; fwd=uri-miss; detail=origin-");
      assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    }
    assertThat(edge.store.heldKeys()).isZero();
    edge.answers("200 OK\r\nCache-Control: max-age=600", "whole");
    assertThat(edge.get(path).text()).isEqualTo("whole");
  }

  @Test
  void aCutWhileValidatingLeavesWhatIsHeld() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=1, stale-if-error=600\r\nETag: \"1\"", "held");
    edge.get(path);
    edge.pass(Duration.ofSeconds(2));
    edge.origin.behave(request -> close(request, FRESH + "Content-Length: 10\r\n\r\n12345"));
    broken(edge.viewer().get("demo.localhost", path));
    edge.origin.behave(OriginServer.Request::reset);
    assertThat(edge.get(path).text()).isEqualTo("held");
  }
}
