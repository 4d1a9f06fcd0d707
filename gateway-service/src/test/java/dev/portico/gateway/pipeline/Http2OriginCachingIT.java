package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.Http2OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.origin.OriginFixture;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache before an origin that speaks HTTP/2: what is whole is stored, what is cut is not. */
class Http2OriginCachingIT {
  private static EdgeFixture edge;
  private static Http2OriginServer origin;

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture();
    origin = new Http2OriginServer(null, 100, 65_535);
  }

  @AfterAll
  static void stop() throws IOException {
    edge.close();
    origin.close();
    assertThat(edge.serving.flights()).isZero();
    assertThat(edge.serving.loadingBytes()).isZero();
  }

  @BeforeEach
  void fresh() {
    origin.streams().clear();
    edge.reset(OriginFixture.at("127.0.0.1", origin.port()).http2().make(), null);
  }

  /** The end of a stream is the end of a body, announced or not. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWholeStreamIsStored(boolean announced) throws IOException {
    origin.behave(stream -> head(stream, announced ? "3" : "").data("one", true));
    for (String status :
        new String[] {
          "portico; fwd=uri-miss; fwd-status=200; ttl=60; stored", "portico; hit; ttl=60"
        }) {
      RawClient.Response answer = edge.get("/whole");
      assertThat(answer.text()).isEqualTo("one");
      assertThat(answer.header("cache-status")).isEqualTo(status);
    }
    assertThat(origin.streams()).hasSize(1);
  }

  private static Http2OriginServer.Stream head(Http2OriginServer.Stream stream, String length) {
    return length.isEmpty()
        ? stream.head(200, false, "cache-control", "max-age=60")
        : stream.head(200, false, "cache-control", "max-age=60", "content-length", length);
  }

  static Stream<Arguments> cuts() {
    return Stream.of("", "10")
        .flatMap(
            length ->
                Stream.of(
                        cut("internal error", s -> s.reset(Http2Error.INTERNAL_ERROR)),
                        cut("no error", s -> s.reset(Http2Error.NO_ERROR)),
                        cut("cancel", s -> s.reset(Http2Error.CANCEL)),
                        cut("connection", Http2OriginServer.Stream::cutConnection))
                    .map(cut -> Arguments.of(length, cut)));
  }

  private static Named<Consumer<Http2OriginServer.Stream>> cut(
      String name, Consumer<Http2OriginServer.Stream> cut) {
    return Named.of(name, cut);
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void aStreamThatIsResetIsCutForViewersAndNotStored(
      String length, Consumer<Http2OriginServer.Stream> cut) throws IOException {
    origin.behave(stream -> head(stream, length).data("12345", false));
    for (int round = 1; round <= 2; round++) {
      try (RawClient viewer = edge.viewer().get("demo.localhost", "/cut");
          RawClient waiting = edge.viewer().get("demo.localhost", "/cut")) {
        until(viewer, "12345");
        until(waiting, "12345");
        assertThat(origin.streams()).hasSize(round);
        cut.accept(origin.streams().getLast());
        isCut(viewer);
        isCut(waiting);
      }
    }
    await().untilAsserted(() -> assertThat(edge.serving.flights()).isZero());
    assertThat(edge.store.heldKeys()).isZero();
    origin.behave(stream -> head(stream, "5").data("whole", true));
    assertThat(edge.get("/cut").text()).isEqualTo("whole");
  }

  private static void until(RawClient viewer, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith(end)) {
      int octet = viewer.in().read();
      assertThat(octet).as("after %s", read).isNotNegative();
      read.append((char) octet);
    }
  }

  /** Its connection ends, and not with what ends a body. */
  private static void isCut(RawClient viewer) throws IOException {
    try {
      String rest = new String(viewer.in().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(rest.strip()).isEmpty();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("Connection reset");
    }
  }
}
