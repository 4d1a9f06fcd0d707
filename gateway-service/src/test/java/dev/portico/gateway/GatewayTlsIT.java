package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import dev.portico.gateway.fixture.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS and HTTP/2 with certificates of the local authority, seen by clients that verify them. */
class GatewayTlsIT {
  @TempDir static Path folder;
  private static ContentServer content;
  private static RunningGateway gateway;
  private static SSLContext trust;

  @BeforeAll
  static void start() throws Exception {
    content = new ContentServer();
    content.site(
        "demo",
        content
            .deployment("aaaaaaaaaaaaaaaaaaaa")
            .file("/index.html", "text/html; charset=utf-8", "home")
            .file("/b.txt", "text/plain; charset=utf-8", "B".repeat(300_000)));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal", content.url(),
            "portico.origin.content-api", content.url(),
            "portico.listener.https-port", "-1",
            "portico.tls.local-ca-directory", folder.toString());
    await().until(gateway::ready);
    trust = Trust.in(folder.resolve("ca.pem"));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
  }

  private static RawClient tls(String name) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.tlsPort());
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(plain, name, gateway.tlsPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return new RawClient(socket);
  }

  @Test
  void certificatesFitEveryNameBelowLocalhost() throws IOException {
    for (String name : List.of("localhost", "demo.localhost", "a.b.c.localhost")) {
      try (RawClient client = tls(name)) {
        assertThat(client.get(name, "/").read().status()).as(name).isIn(200, 404);
      }
    }
    assertThatThrownBy(() -> tls("example.org").close()).isInstanceOf(IOException.class);
  }

  @Test
  void servesHttp1OverTls() throws IOException {
    try (RawClient client = tls("demo.localhost")) {
      RawClient.Response response = client.get("demo.localhost", "/").read();
      assertThat(response.text()).isEqualTo("home");
      assertThat(response.header("strict-transport-security"))
          .as("never under localhost")
          .isEmpty();
      assertThat(client.get("demo.localhost", "/b.txt").read().text()).hasSize(300_000);
    }
  }

  private static HttpClient http2() {
    return HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_2).build();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.tlsPort() + path));
  }

  @Test
  void speaksHttp2() throws Exception {
    try (HttpClient http = http2()) {
      HttpResponse<String> response =
          http.send(request("/v1/sites").build(), BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("slow");
      assertThat(response.headers().firstValue("x-request-id")).isPresent();
      assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");

      List<CompletableFuture<HttpResponse<String>>> many = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        many.add(
            http.sendAsync(
                request("/v1/x").PUT(BodyPublishers.ofString("y".repeat(100_000))).build(),
                BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> one : many) {
        assertThat(one.get().statusCode()).isEqualTo(200);
      }
      assertThat(content.uploads()).isEqualTo(100);

      HttpResponse<String> head =
          http.send(
              request("/nothing").method("HEAD", BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());
      assertThat(head.statusCode()).isEqualTo(404);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void streamsLargeUploadsOverHttp2() throws Exception {
    try (HttpClient http = http2()) {
      byte[] block = new byte[1 << 20];
      HttpResponse<String> response =
          http.send(
              request("/v1/large")
                  .PUT(BodyPublishers.ofByteArrays(Collections.nCopies(64, block)))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
    }
  }
}
