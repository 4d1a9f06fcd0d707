package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import dev.portico.gateway.fixture.Trust;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CloudFront-Viewer-TLS: what an origin is told of a viewer's handshake. */
class ViewerTlsIT {
  private static final String HOST = "demo.localhost";

  @TempDir Path folder;
  private ContentFeedServer content;
  private OriginServer origin;

  @BeforeEach
  void serve() throws IOException {
    Assumptions.assumeTrue(OpenSsl.isAvailable(), "only where BoringSSL's library is there");
    content = new ContentFeedServer();
    origin =
        new OriginServer(
            request -> {
              request.drain();
              request.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            });
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "cachePolicies":[{"id":"off"}],
         "originRequestPolicies":[{"id":"tls","viewerFacts":["CloudFront-Viewer-TLS"]}],
         "behaviours":[
          {"pattern":"/app/*","origin":"app","cachePolicy":"off",
           "originRequestPolicy":"tls"}]}\
        """
            .formatted(origin.port()));
  }

  @AfterEach
  void stop() throws IOException {
    if (content != null) {
      content.close();
      origin.close();
    }
  }

  private RunningGateway gateway(String trustedProxies) throws IOException {
    RunningGateway gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.listener.https-port",
            "-1",
            "portico.listener.trusted-proxies",
            trustedProxies,
            "portico.tls.local-ca-directory",
            folder.toString());
    await().until(gateway::ready);
    await().until(() -> told(gateway, null, "TLSv1.3", "/").text().equals("home"));
    return gateway;
  }

  /** Asks over HTTPS; without HTTPS where there is no context. */
  private static RawClient.Response told(
      RunningGateway gateway, @Nullable SSLContext trust, String version, String path)
      throws IOException {
    if (trust == null) {
      try (RawClient viewer = new RawClient(gateway.port())) {
        return viewer.get(HOST, path).read();
      }
    }
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.tlsPort());
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(plain, HOST, gateway.tlsPort(), true);
    socket.setEnabledProtocols(new String[] {version});
    socket.setSoTimeout(10_000);
    try (RawClient viewer = new RawClient(socket)) {
      return viewer.get(HOST, path, "CloudFront-Viewer-TLS: claimed").read();
    }
  }

  private String handshake(RunningGateway gateway, @Nullable SSLContext trust, String version)
      throws IOException {
    assertThat(told(gateway, trust, version, "/app/a").text()).isEqualTo("ok");
    return String.join(
        " | ",
        origin.requests().getLast().headers().getOrDefault("cloudfront-viewer-tls", List.of()));
  }

  @Test
  void versionCipherAndWhetherASessionWasResumed() throws Exception {
    try (RunningGateway gateway = gateway("0")) {
      SSLContext trust = Trust.in(folder.resolve("ca.pem"));
      assertThat(handshake(gateway, trust, "TLSv1.3"))
          .matches("TLSv1\\.3:TLS_[A-Z0-9_]+:fullHandshake");
      assertThat(handshake(gateway, trust, "TLSv1.3"))
          .matches("TLSv1\\.3:TLS_[A-Z0-9_]+:sessionResumed");
      // By OpenSSL's names, as CloudFront has them.
      assertThat(handshake(gateway, Trust.in(folder.resolve("ca.pem")), "TLSv1.2"))
          .matches("TLSv1\\.2:ECDHE-[A-Z0-9-]+:fullHandshake");
      assertThat(handshake(gateway, null, "")).isEmpty();
    }
  }

  @Test
  void leftOutBehindProxiesWhichAloneKnowIt() throws Exception {
    try (RunningGateway gateway = gateway("1")) {
      assertThat(handshake(gateway, Trust.in(folder.resolve("ca.pem")), "TLSv1.3")).isEmpty();
    }
  }
}
