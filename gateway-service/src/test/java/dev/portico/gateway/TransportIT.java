package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same answers by every means of network I/O. One that this machine does not have, or may not
 * use, stops the start.
 */
class TransportIT {
  private static final String HOST = "demo.localhost";
  private static final byte[] STREAMED = new byte[10 << 20];
  private static ContentServer content;

  @BeforeAll
  static void start() throws IOException {
    new Random(9).nextBytes(STREAMED);
    content = new ContentServer();
    content.site(
        "demo",
        content
            .deployment("aaaaaaaaaaaaaaaaaaaa")
            .file("/index.html", "text/html", "home")
            .file("/streamed.bin", "application/octet-stream", STREAMED));
  }

  @AfterAll
  static void stop() throws IOException {
    content.close();
  }

  private static boolean available(String transport) {
    return switch (transport) {
      case "epoll" -> Epoll.isAvailable();
      case "io_uring" -> IoUring.isAvailable();
      default -> true;
    };
  }

  private static RunningGateway gateway(String transport) {
    return new RunningGateway(
        "portico.listener.transport", transport, "portico.origin.content-internal", content.url());
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void servesFromMemoryAndAsItStreams(String transport) throws Exception {
    if (!available(transport)) {
      assertThatThrownBy(() -> gateway(transport).close())
          .hasStackTraceContaining("PORTICO_TRANSPORT asks for " + transport);
      return;
    }
    try (RunningGateway gateway = gateway(transport)) {
      await().until(gateway::ready);
      try (RawClient client = new RawClient(gateway.port())) {
        assertThat(client.get(HOST, "/").read().text()).isEqualTo("home");
        // Ahead, and from memory by now; then many times what the buffers of a socket hold.
        client.get(HOST, "/").get(HOST, "/streamed.bin").get(HOST, "/none");
        assertThat(client.read().text()).isEqualTo("home");
        assertThat(client.read().bytes()).isEqualTo(STREAMED);
        assertThat(client.read().status()).isEqualTo(404);
      }
      try (RawClient client = new RawClient(gateway.port())) {
        client.socket().setReceiveBufferSize(32 << 10);
        client.get(HOST, "/streamed.bin");
        client.socket().shutdownOutput();
        assertThat(client.read().bytes()).isEqualTo(STREAMED);
        assertThat(client.closed()).isTrue();
      }
      try (RawClient client = new RawClient(gateway.port())) {
        client.get(HOST, "/streamed.bin");
        assertThat(client.in().readNBytes(1_000)).hasSize(1_000);
        client.socket().setSoLinger(true, 0);
      }
      await().until(() -> gateway.connections() == 0);
    }
  }
}
