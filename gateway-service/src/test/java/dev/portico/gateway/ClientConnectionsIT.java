package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections one address may have, and all together. */
class ClientConnectionsIT {
  @TempDir Path folder;

  private RunningGateway gateway(ContentServer content, String proxies) {
    return gateway(content, proxies, "20000");
  }

  private RunningGateway gateway(ContentServer content, String proxies, String inAll) {
    RunningGateway gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.url(),
            "portico.listener.https-port",
            "-1",
            "portico.tls.local-ca-directory",
            folder.toString(),
            "portico.listener.trusted-proxies",
            proxies,
            "portico.listener.max-connections-per-client",
            "3",
            "portico.listener.max-connections",
            inAll);
    await().until(gateway::ready);
    return gateway;
  }

  private static RawClient from(String address, int port) throws IOException {
    return new RawClient(
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0));
  }

  private static int status(RawClient client) throws IOException {
    return client.get("no.localhost", "/").read().status();
  }

  @Test
  void oneMoreIsClosedAtOnceBeforeTls() throws Exception {
    try (ContentServer content = new ContentServer();
        RunningGateway gateway = gateway(content, "0")) {
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = from("127.0.0.1", gateway.port());
        assertThat(status(client)).isEqualTo(404);
        open.add(client);
      }
      try (RawClient more = from("127.0.0.1", gateway.port());
          RawClient encrypted = from("127.0.0.1", gateway.tlsPort());
          RawClient other = from("127.0.0.2", gateway.port())) {
        assertThat(more.closed()).isTrue();
        assertThat(encrypted.closed()).as("without a byte of TLS").isTrue();
        assertThat(status(other)).isEqualTo(404);
        assertThat(status(open.getFirst())).isEqualTo(404);
      }
      assertThat(metrics(gateway))
          .contains("portico_connections_refused_total{limit=\"client\"} 2.0")
          .contains("portico_connections_refused_total{limit=\"total\"} 0.0");
      open.removeLast().close();
      await().until(() -> gateway.connections() == 2);
      try (RawClient again = from("127.0.0.1", gateway.port())) {
        assertThat(status(again)).isEqualTo(404);
      }
      for (RawClient client : open) {
        client.close();
      }
    }
  }

  /** There all connections are the proxy's. */
  @Test
  void aTrustedProxyIsNoClient() throws Exception {
    try (ContentServer content = new ContentServer();
        RunningGateway gateway = gateway(content, "1")) {
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        open.add(from("127.0.0.1", gateway.port()));
      }
      for (RawClient client : open) {
        assertThat(status(client)).isEqualTo(404);
        client.close();
      }
    }
  }

  @Test
  void oneMoreThanAllMayHaveIsClosedAtOnceWhoeversItIs() throws Exception {
    try (ContentServer content = new ContentServer();
        RunningGateway gateway = gateway(content, "0", "2");
        RawClient first = from("127.0.0.1", gateway.port())) {
      assertThat(status(first)).isEqualTo(404);
      try (RawClient second = from("127.0.0.2", gateway.port())) {
        assertThat(status(second)).isEqualTo(404);
        try (RawClient more = from("127.0.0.3", gateway.port());
            RawClient encrypted = from("127.0.0.3", gateway.tlsPort())) {
          assertThat(more.closed()).isTrue();
          assertThat(encrypted.closed()).as("without a byte of TLS").isTrue();
        }
        assertThat(status(second)).isEqualTo(404);
      }
      assertThat(metrics(gateway))
          .contains("portico_connections_refused_total{limit=\"client\"} 0.0")
          .contains("portico_connections_refused_total{limit=\"total\"} 2.0");
      await().until(() -> gateway.connections() == 1);
      try (RawClient again = from("127.0.0.3", gateway.port())) {
        assertThat(status(again)).isEqualTo(404);
      }
    }
  }

  private static String metrics(RunningGateway gateway) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/prometheus");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }
}
