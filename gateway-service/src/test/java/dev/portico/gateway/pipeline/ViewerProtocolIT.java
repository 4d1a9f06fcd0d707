package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import dev.portico.gateway.fixture.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a behaviour's viewer protocol does to deployments and origins, behind one proxy. */
class ViewerProtocolIT {
  private static final String SECURE = "X-Forwarded-Proto: https";

  @TempDir static Path folder;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("from the origin"));
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "behaviours":[
          {"pattern":"/app/only/*","origin":"app","viewerProtocol":"https-only"},
          {"pattern":"/app/*","origin":"app","viewerProtocol":"redirect-to-https",
           "allowedMethods":["GET","HEAD","POST"]},
          {"pattern":"/only/*","viewerProtocol":"https-only"},
          {"pattern":"/open/*","viewerProtocol":"allow-all"}],
         "defaultBehaviour":{"viewerProtocol":"redirect-to-https"}}\
        """
            .formatted(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.trusted-proxies",
            "1",
            "portico.listener.public-https-port",
            "8443",
            "portico.listener.https-port",
            "-1",
            "portico.tls.local-ca-directory",
            folder.toString());
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void served() {
    await().until(() -> ask("GET", "/", SECURE).text().equals("home"));
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(RawClient.head(method, "demo.localhost", path, headers))
          .read(!method.equals("HEAD"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/,301",
    "HEAD,/none,301",
    "GET,/a%20b//c?x=1&y=%2F&&z,301",
    "GET,/?,301",
    "POST,/app/orders?id=7,307",
    "GET,/app/orders,301",
    // The protocol comes before the methods.
    "DELETE,/index.html,307",
  })
  void clearTextIsSentToTheSameAddressOverTls(String method, String target, int status)
      throws IOException {
    int before = origin.requests().size();
    RawClient.Response answer = ask(method, target, "Content-Length: 0");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("location")).isEqualTo("https://demo.localhost:8443" + target);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.header("x-cache")).isEqualTo("Redirect from portico");
    assertThat(answer.header("strict-transport-security")).isEmpty();
    assertThat(origin.requests()).hasSize(before);
  }

  /** A port in Host is that of clear text. */
  @Test
  void anotherPortIsNotKept() throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      RawClient.Response answer = viewer.get("demo.localhost:8080", "/a").read();
      assertThat(answer.header("location")).isEqualTo("https://demo.localhost:8443/a");
    }
  }

  @Test
  void http10KnowsNo307() throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      String post = "POST /app/a HTTP/1.0\r\nHost: demo.localhost\r\nContent-Length: 0\r\n\r\n";
      assertThat(viewer.send(post).read().status()).isEqualTo(403);
    }
    try (RawClient viewer = new RawClient(gateway.port())) {
      String get = "GET /app/a HTTP/1.0\r\nHost: demo.localhost\r\n\r\n";
      assertThat(viewer.send(get).read().status()).isEqualTo(301);
    }
  }

  @ParameterizedTest
  @CsvSource({"/only/a", "/app/only/a"})
  void clearTextIsRefused(String path) throws IOException {
    int before = origin.requests().size();
    RawClient.Response answer = ask("GET", path, "Accept: application/json");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("https-required");
    assertThat(answer.header("cache-status")).isEqualTo("portico; detail=https-required");
    assertThat(origin.requests()).hasSize(before);
    assertThat(ask("GET", path, SECURE).status()).isNotEqualTo(403);
  }

  @Test
  void overTlsAllIsServed() throws Exception {
    assertThat(ask("GET", "/app/a", SECURE).text()).isEqualTo("from the origin");
    assertThat(ask("GET", "/app/only/a", SECURE).text()).isEqualTo("from the origin");
    assertThat(ask("GET", "/open/a").status()).isEqualTo(404);
    // A connection of its own says it as well as a proxy does.
    Socket socket = Trust.in(folder.resolve("ca.pem")).getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("localhost", gateway.tlsPort()));
    try (RawClient viewer = new RawClient(socket)) {
      assertThat(viewer.get("demo.localhost", "/").read().text()).isEqualTo("home");
    }
  }

  /** What the viewer claims lies left of what the proxy says. */
  @Test
  void aViewerCannotClaimTls() throws IOException {
    assertThat(ask("GET", "/", "X-Forwarded-Proto: https, http").status()).isEqualTo(301);
  }
}
