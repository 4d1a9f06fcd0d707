package dev.portico.gateway.connection;

import static dev.portico.gateway.fixture.RawHttp2Client.CONTINUATION;
import static dev.portico.gateway.fixture.RawHttp2Client.DATA;
import static dev.portico.gateway.fixture.RawHttp2Client.END_HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.END_STREAM;
import static dev.portico.gateway.fixture.RawHttp2Client.ENHANCE_YOUR_CALM;
import static dev.portico.gateway.fixture.RawHttp2Client.HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.PING;
import static dev.portico.gateway.fixture.RawHttp2Client.PRIORITY;
import static dev.portico.gateway.fixture.RawHttp2Client.PROTOCOL_ERROR;
import static dev.portico.gateway.fixture.RawHttp2Client.RST_STREAM;
import static dev.portico.gateway.fixture.RawHttp2Client.SETTINGS;
import static dev.portico.gateway.fixture.RawHttp2Client.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RawHttp2Client.Frame;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP/2 from viewers that mean harm (RFC 9113, sections 8.1.1 and 10.5): floods end the
 * connection, malformed requests their stream, and whoever is honest goes on.
 */
class Http2HardeningIT {
  @TempDir static Path folder;
  private static ContentServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentServer();
    gateway =
        new RunningGateway(
            "portico.origin.content-internal", content.url(),
            "portico.origin.content-api", content.url(),
            "portico.listener.https-port", "-1",
            "portico.listener.write-timeout", "1s",
            "portico.http2.max-resets", "50",
            "portico.http2.max-control-frames", "200",
            "portico.tls.local-ca-directory", folder.toString());
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
  }

  @AfterEach
  void nothingIsLeft() {
    await().until(() -> gateway.connections() == 0);
  }

  private static RawHttp2Client viewer(int... settings) throws Exception {
    return new RawHttp2Client(gateway.tlsPort(), folder.resolve("ca.pem"), settings);
  }

  private static byte[] number(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  /** Sends the same frames so often in one go, or until the gateway does not take them any more. */
  private static void flood(RawHttp2Client viewer, int times, byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    ByteArrayOutputStream round = new ByteArrayOutputStream();
    try {
      for (int i = 0; i < times; i++) {
        round.writeBytes(all.toByteArray());
        if (round.size() > 8_192) {
          viewer.send(round.toByteArray());
          round.reset();
        }
      }
      viewer.send(round.toByteArray());
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void calmed(RawHttp2Client viewer) {
    // What is still unread when the gateway closes may cost the viewer the GOAWAY.
    assertThat(viewer.end()).isIn(ENHANCE_YOUR_CALM, -1);
  }

  @Nested
  class Floods {
    /** CVE-2023-44487. */
    @Test
    void rapidReset() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
          int stream = 2 * i + 1;
          all.writeBytes(
              RawHttp2Client.frame(
                  HEADERS,
                  END_HEADERS | END_STREAM,
                  stream,
                  RawHttp2Client.request("GET", "/v1/slow")));
          all.writeBytes(RawHttp2Client.frame(RST_STREAM, 0, stream, number(8)));
        }
        viewer.send(all.toByteArray());
        assertThat(viewer.end()).isEqualTo(ENHANCE_YOUR_CALM);
      }
    }

    /** CVE-2025-8671: the viewer makes the gateway reset. */
    @Test
    void resetsThatTheGatewayIsDrivenTo() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 70; i++) {
          int stream = 2 * i + 1;
          all.writeBytes(
              RawHttp2Client.frame(
                  HEADERS, END_HEADERS, stream, RawHttp2Client.request("PUT", "/v1/slow")));
          all.writeBytes(RawHttp2Client.frame(WINDOW_UPDATE, 0, stream, number(0)));
        }
        viewer.send(all.toByteArray());
        calmed(viewer);
      }
    }

    @Test
    void settings() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(SETTINGS, 0, 0, new byte[0]));
        calmed(viewer);
      }
    }

    @Test
    void pings() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(PING, 0, 0, new byte[8]));
        calmed(viewer);
      }
    }

    @Test
    void answersToPingsThatNobodySent() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(PING, 1, 0, new byte[8]));
        calmed(viewer);
      }
    }

    @Test
    void priorities() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(PRIORITY, 0, 1, new byte[5]));
        calmed(viewer);
      }
    }

    @Test
    void windowUpdates() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(WINDOW_UPDATE, 0, 0, number(1)));
        calmed(viewer);
      }
    }

    @Test
    void unknownFrames() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        flood(viewer, 1_000, RawHttp2Client.frame(0xee, 0, 0, new byte[0]));
        calmed(viewer);
      }
    }

    @Test
    void emptyData() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_HEADERS, 1, RawHttp2Client.request("PUT", "/v1/upload"));
        flood(viewer, 1_000, RawHttp2Client.frame(DATA, 0, 1, new byte[0]));
        calmed(viewer);
      }
    }

    /** Netty counts empty frames in a row; those with a byte in between are many all the same. */
    @Test
    void emptyDataWithSomeBetween() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_HEADERS, 1, RawHttp2Client.request("PUT", "/v1/upload"));
        flood(
            viewer,
            1_000,
            RawHttp2Client.frame(DATA, 0, 1, new byte[0]),
            RawHttp2Client.frame(DATA, 0, 1, new byte[1]));
        calmed(viewer);
      }
    }

    @Test
    void smallContinuations() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_STREAM, 1, RawHttp2Client.request("GET", "/"));
        flood(viewer, 1_000, RawHttp2Client.frame(CONTINUATION, 0, 1, new byte[0]));
        calmed(viewer);
      }
    }

    /** A header section without end is not held. */
    @Test
    void largeContinuations() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_STREAM, 1, RawHttp2Client.request("GET", "/"));
        byte[] field = RawHttp2Client.block("x", "a".repeat(8_000));
        flood(viewer, 1_000, RawHttp2Client.frame(CONTINUATION, 0, 1, field));
        assertThat(viewer.end()).isIn(ENHANCE_YOUR_CALM, PROTOCOL_ERROR, -1);
      }
    }

    /**
     * Many fields for few bytes: the list counts decoded, with 32 bytes a field (RFC 9113, 6.5.2).
     */
    @Test
    void aHeaderListThatIsTooLarge() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        String[] fields = new String[2_200];
        java.util.Arrays.fill(fields, "x");
        byte[] block = RawHttp2Client.request("GET", "/", fields);
        viewer.send(HEADERS, END_HEADERS | END_STREAM, 1, block);
        Frame frame = viewer.next(1);
        if (frame.type() == HEADERS) {
          assertThat(viewer.fields(frame).status()).hasToString("431");
        } else {
          assertThat(frame.type()).isEqualTo(RST_STREAM);
        }
      }
    }

    private String[] fields(int count, String name) {
      String[] fields = new String[2 * count];
      for (int i = 0; i < count; i++) {
        fields[2 * i] = name.isEmpty() ? "x-" + i : name;
        fields[2 * i + 1] = "y=" + i;
      }
      return fields;
    }

    /** Few bytes, but each field costs time and memory of its own. */
    @Test
    void aHeaderListOfTooManyFields() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.get(1, "/nothing", fields(200, ""));
        assertThat(viewer.fields(viewer.next(1)).status()).hasToString("404");
      }
      try (RawHttp2Client viewer = viewer()) {
        viewer.get(1, "/nothing", fields(201, ""));
        assertThat(viewer.fields(viewer.next(1)).status()).hasToString("431");
      }
    }

    /** RFC 9113, section 8.2.3: a browser with many cookies sends many fields. */
    @Test
    void theCrumbsOfACookieAreOneField() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.get(1, "/nothing", fields(300, "cookie"));
        assertThat(viewer.fields(viewer.next(1)).status()).hasToString("404");
      }
    }

    /** What waits for a viewer that never opens its window is not held for ever. */
    @Test
    void aWindowThatStaysShut() throws Exception {
      try (RawHttp2Client viewer = viewer(4, 0)) {
        viewer.get(1, "/nothing");
        Frame head = viewer.next(1);
        assertThat(viewer.fields(head).status()).hasToString("404");
        assertThat(viewer.next(1).type()).isEqualTo(RST_STREAM);
      }
    }

    @Test
    void anHonestViewerIsNotCut() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        for (int i = 0; i < 150; i++) {
          int stream = 2 * i + 1;
          viewer.get(stream, "/nothing");
          viewer.send(PING, 0, 0, new byte[8]);
          Frame head = viewer.next(stream);
          assertThat(viewer.fields(head).status()).hasToString("404");
          Frame body = viewer.next(stream);
          while (!body.last()) {
            body = viewer.next(stream);
          }
          viewer.send(WINDOW_UPDATE, 0, 0, number(100));
        }
      }
    }
  }

  /** RFC 9113, sections 8.1 to 8.3. */
  @Nested
  class Malformed {
    private void reset(byte[] block) throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_HEADERS | END_STREAM, 1, block);
        Frame frame = viewer.next(1);
        assertThat(frame.type()).isEqualTo(RST_STREAM);
        assertThat(frame.error()).isEqualTo(PROTOCOL_ERROR);
        alive(viewer, 3);
      }
    }

    private void alive(RawHttp2Client viewer, int stream) throws IOException {
      viewer.get(stream, "/nothing");
      Frame head = viewer.next(stream);
      assertThat(head.type()).isEqualTo(HEADERS);
      assertThat(viewer.fields(head).status()).hasToString("404");
    }

    private byte[] with(String name, String value) {
      return RawHttp2Client.request("GET", "/", name, value);
    }

    /** Section 8.2. */
    @Test
    void namesInUpperCase() throws Exception {
      reset(with("X-Upper", "1"));
    }

    /** Section 8.2.1. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\u0000", "a\r", "a\u007f", "a:b", "\u00e4"})
    void oddNames(String name) throws Exception {
      reset(with(name, "1"));
    }

    /** Section 8.2.1. */
    @ParameterizedTest
    @ValueSource(
        strings = {"a\u0000b", "a\rb", "a\nb", "a\r\nX: b", " a", "a ", "\ta", "a\t", "a\u0001b"})
    void oddValues(String value) throws Exception {
      reset(with("x", value));
    }

    /** Section 8.2.2. */
    @Test
    void fieldsOfAConnection() throws Exception {
      reset(with("connection", "close"));
      reset(with("keep-alive", "1"));
      reset(with("proxy-connection", "close"));
      reset(with("transfer-encoding", "chunked"));
      reset(with("upgrade", "websocket"));
      reset(with("te", "gzip"));
    }

    /** Section 8.2.2: the one value that there may be. */
    @Test
    void trailersAreAccepted() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.get(1, "/nothing", "te", "trailers");
        assertThat(viewer.fields(viewer.next(1)).status()).hasToString("404");
      }
    }

    /** Section 8.3. */
    @Test
    void pseudoFieldsUnknownLateOrOfAResponse() throws Exception {
      reset(with(":unknown", "1"));
      reset(with(":status", "200"));
      reset(with(":protocol", "websocket"));
      reset(
          RawHttp2Client.block(
              ":method",
              "GET",
              ":scheme",
              "https",
              "x",
              "1",
              ":authority",
              "localhost",
              ":path",
              "/"));
    }

    /** Section 8.3.1. */
    @Test
    void pseudoFieldsMissing() throws Exception {
      reset(RawHttp2Client.block(":scheme", "https", ":authority", "localhost", ":path", "/"));
      reset(RawHttp2Client.block(":method", "GET", ":authority", "localhost", ":path", "/"));
      reset(RawHttp2Client.block(":method", "GET", ":scheme", "https", ":authority", "localhost"));
      reset(
          RawHttp2Client.block(
              ":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", ""));
    }

    /** Section 8.3.1. */
    @Test
    void pseudoFieldsTwice() throws Exception {
      for (String[] field :
          new String[][] {
            {":method", "GET"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/"}
          }) {
        reset(
            RawHttp2Client.block(
                field[0],
                field[1],
                ":method",
                "GET",
                ":scheme",
                "https",
                ":authority",
                "localhost",
                ":path",
                "/"));
      }
    }

    /** Section 8.3.1: answered, which section 8.1.1 allows. */
    @Test
    void hostThatDisagreesWithAuthority() throws Exception {
      for (byte[] block :
          new byte[][] {
            with("host", "other.localhost"),
            RawHttp2Client.block(
                ":method", "GET", ":scheme", "https", ":authority", "user@localhost", ":path", "/"),
            RawHttp2Client.request("GET", "http://localhost/"),
            RawHttp2Client.request("GET", "*"),
            RawHttp2Client.request("GET", "/a b")
          }) {
        try (RawHttp2Client viewer = viewer()) {
          viewer.send(HEADERS, END_HEADERS | END_STREAM, 1, block);
          Frame frame = viewer.next(1);
          assertThat(viewer.fields(frame).status()).hasToString("400");
        }
      }
    }

    /** Section 8.5. */
    @Test
    void connectIsNotImplemented() throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        byte[] block = RawHttp2Client.block(":method", "CONNECT", ":authority", "localhost:1");
        viewer.send(HEADERS, END_HEADERS, 1, block);
        assertThat(viewer.fields(viewer.next(1)).status()).hasToString("501");
      }
    }

    /** Section 8.1.1. */
    @Test
    void aBodyOfAnotherLengthThanSaid() throws Exception {
      for (int sent : new int[] {2, 4}) {
        try (RawHttp2Client viewer = viewer()) {
          byte[] head = RawHttp2Client.request("PUT", "/v1/upload", "content-length", "3");
          viewer.send(HEADERS, END_HEADERS, 1, head);
          viewer.send(DATA, END_STREAM, 1, new byte[sent]);
          Frame frame = viewer.next(1);
          assertThat(frame.type()).isEqualTo(RST_STREAM);
          assertThat(frame.error()).isEqualTo(PROTOCOL_ERROR);
          alive(viewer, 3);
        }
      }
      assertThat(content.uploads()).isZero();
    }

    /** Section 8.1. */
    @Test
    void trailersThatAreNone() throws Exception {
      byte[][] all = {
        RawHttp2Client.block(":path", "/other"),
        RawHttp2Client.block("X", "1"),
        RawHttp2Client.block("x", "a\u0000"),
        RawHttp2Client.block("transfer-encoding", "chunked")
      };
      for (byte[] trailers : all) {
        trailers(END_HEADERS | END_STREAM, trailers);
      }
      trailers(END_HEADERS, RawHttp2Client.block("x", "1")); // They do not end the request.
      assertThat(content.uploads()).isZero();
    }

    private void trailers(int flags, byte[] block) throws Exception {
      try (RawHttp2Client viewer = viewer()) {
        viewer.send(HEADERS, END_HEADERS, 1, RawHttp2Client.request("PUT", "/v1/upload"));
        viewer.send(DATA, 0, 1, new byte[3]);
        viewer.send(HEADERS, flags, 1, block);
        Frame frame = viewer.next(1);
        assertThat(frame.type()).isEqualTo(RST_STREAM);
        assertThat(frame.error()).isEqualTo(PROTOCOL_ERROR);
        alive(viewer, 3);
      }
    }
  }
}
