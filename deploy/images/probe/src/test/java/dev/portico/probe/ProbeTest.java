package dev.portico.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/up", 200, "{\"status\":\"UP\"}");
    answer("/down", 503, "{\"status\":\"DOWN\"}");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private int probe(String... arguments) {
    return Probe.run(arguments, new PrintStream(out, true), new PrintStream(err, true));
  }

  private String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Test
  void twoHundredIsHealthyAndItsBodyIsShown() {
    assertThat(probe(at("/up"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("{\"status\":\"UP\"}");
  }

  @Test
  void anyOtherStatusIsNotAndIsNamed() {
    assertThat(probe(at("/down"))).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("/down answered HTTP/1.1 503");
  }

  @Test
  void nobodyListeningIsNotHealthy() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(probe("http://127.0.0.1:" + port + "/")).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("refused");
  }

  @Test
  void aWrongCallSaysHowToCall() {
    assertThat(probe()).isOne();
    assertThat(probe("ftp://here/")).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage:");
  }
}
