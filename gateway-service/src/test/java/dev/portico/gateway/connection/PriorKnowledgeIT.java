package dev.portico.gateway.connection;

import static dev.portico.gateway.fixture.RawHttp2Client.DATA;
import static dev.portico.gateway.fixture.RawHttp2Client.END_HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.END_STREAM;
import static dev.portico.gateway.fixture.RawHttp2Client.HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.PREFACE;
import static dev.portico.gateway.fixture.RawHttp2Client.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 in clear text, as a load balancer speaks it (RFC 9113, section 3.3). */
class PriorKnowledgeIT {
  private static ContentServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentServer();
    content.site(
        "demo",
        content
            .deployment("aaaaaaaaaaaaaaaaaaaa")
            .file("/index.html", "text/html; charset=utf-8", "home"));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal", content.url(),
            "portico.origin.content-api", content.url(),
            "portico.listener.idle-timeout", "2s");
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

  private static Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static byte[] opening() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(PREFACE);
    all.writeBytes(RawHttp2Client.frame(SETTINGS, 0, 0, new byte[0]));
    all.writeBytes(
        RawHttp2Client.frame(
            HEADERS,
            END_HEADERS | END_STREAM,
            1,
            RawHttp2Client.block(
                ":method", "GET",
                ":scheme", "http",
                ":authority", "demo.localhost:" + gateway.port(),
                ":path", "/")));
    return all.toByteArray();
  }

  /** In pieces of every size up to the whole, so that the preface is cut anywhere. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 14, 15, 23, 24, 1000})
  void answers(int piece) throws Exception {
    try (RawHttp2Client viewer = new RawHttp2Client(connected())) {
      byte[] opening = opening();
      for (int at = 0; at < opening.length; at += piece) {
        int length = Math.min(piece, opening.length - at);
        byte[] bytes = new byte[length];
        System.arraycopy(opening, at, bytes, 0, length);
        viewer.send(bytes);
      }
      assertThat(viewer.fields(viewer.read(HEADERS)).status()).hasToString("200");
      assertThat(viewer.read(DATA).latin()).isEqualTo("home");
    }
  }

  /** A first request that begins like the preface is HTTP/1 all the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {"PUT / HTTP/1.1", "PRI / HTTP/1.1", "PRI * HTTP/1.1", "PRIVATE / HTTP/1.1"})
  void http1GoesOn(String line) throws Exception {
    try (Socket viewer = connected()) {
      String request = line + "\r\nHost: demo.localhost\r\nConnection: close\r\n\r\n";
      for (byte octet : request.getBytes(StandardCharsets.US_ASCII)) {
        viewer.getOutputStream().write(octet);
      }
      String answer =
          new String(viewer.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
    }
  }

  /** RFC 9113, section 3.4: what is not the whole preface is a connection error. */
  @Test
  void aBrokenPrefaceEndsTheConnection() throws Exception {
    try (Socket viewer = connected()) {
      viewer
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new RawHttp2Client(viewer).end()).isIn(RawHttp2Client.PROTOCOL_ERROR, -1);
    }
  }
}
