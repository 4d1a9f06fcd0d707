package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API through the gateway, against an origin that misbehaves on order. */
class ApiProxyIT {
  private static OriginServer content;
  private static OriginServer auth;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new OriginServer(request -> request.ok("content"));
    auth = new OriginServer(request -> request.ok("auth"));
    gateway =
        new RunningGateway(
            "portico.origin.content-api", content.url(),
            "portico.origin.auth-api", auth.url(),
            "portico.origin.first-byte-timeout", "5s",
            "portico.origin.idle-timeout", "5s",
            "portico.listener.body-timeout", "5s");
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    auth.close();
  }

  private static RawClient client() throws IOException {
    return new RawClient(gateway.port());
  }

  private static OriginServer.Request last() {
    return content.requests().getLast();
  }

  @Test
  void choosesTheServiceByPath() throws IOException {
    content.behave(request -> request.ok("content"));
    try (RawClient client = client()) {
      assertThat(client.get("api.localhost", "/v1/sites?limit=1").read().text())
          .isEqualTo("content");
      assertThat(last().requestLine()).isEqualTo("GET /v1/sites?limit=1 HTTP/1.1");
      assertThat(client.get("localhost:8080", "/v1/auth/me").read().text()).isEqualTo("auth");
      assertThat(client.get("api.localhost", "/v1/authors").read().text()).isEqualTo("content");
    }
  }

  @Test
  void refusesWhatIsNotTheApi() throws IOException {
    int before = content.requests().size();
    try (RawClient client = client()) {
      for (String path :
          new String[] {
            "/", "/internal/changes", "/v1/../internal/changes", "/v1/%2e%2e/internal", "/v12"
          }) {
        RawClient.Response response = client.get("api.localhost", path).read();
        assertThat(response.status()).as(path).isEqualTo(404);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertThat(response.text()).contains(response.header("x-request-id"));
      }
    }
    assertThat(content.requests()).hasSize(before);
  }

  @Test
  void theAuthHostHasAllOfAuthServiceButTheApi() throws IOException {
    try (RawClient client = client()) {
      for (String path : new String[] {"/", "/authorize?client_id=s", "/.well-known/jwks.json"}) {
        assertThat(client.get("auth.localhost:8080", path).read().text()).isEqualTo("auth");
        assertThat(auth.requests().getLast().requestLine()).isEqualTo("GET " + path + " HTTP/1.1");
      }
      int before = auth.requests().size();
      for (String path : new String[] {"/v1", "/v1/auth/me", "/v1/sites"}) {
        assertThat(client.get("auth.localhost", path).read().status()).as(path).isEqualTo(404);
      }
      assertThat(client.get("api.localhost", "/authorize").read().status()).isEqualTo(404);
      assertThat(auth.requests()).hasSize(before);
    }
  }

  @Test
  void tellsTheServiceWhoAsksAndHidesWhatTheViewerClaims() throws IOException {
    content.behave(request -> request.ok("content"));
    try (RawClient client = client()) {
      RawClient.Response response =
          client
              .get(
                  "api.localhost:8080",
                  "/v1/sites",
                  "X-Forwarded-For: 1.2.3.4",
                  "X-Forwarded-Proto: https",
                  "X-Request-Id: mine",
                  "Forwarded: for=1.2.3.4",
                  "Connection: keep-alive, X-Hop",
                  "X-Hop: secret",
                  "TE: trailers",
                  "Upgrade: h2c",
                  "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                  "Authorization: Bearer token")
              .read();
      OriginServer.Request request = last();
      assertThat(request.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(request.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(request.header("x-forwarded-host")).isEqualTo("api.localhost:8080");
      assertThat(request.header("x-forwarded-port")).isEqualTo("8080");
      assertThat(request.header("x-request-id"))
          .hasSize(32)
          .isEqualTo(response.header("x-request-id"));
      assertThat(request.header("traceparent"))
          .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      assertThat(request.header("via")).isEqualTo("1.1 portico");
      assertThat(request.header("authorization")).isEqualTo("Bearer token");
      assertThat(request.headers()).doesNotContainKeys("x-hop", "te", "upgrade", "forwarded");
      assertThat(request.header("host")).isEqualTo(content.url().substring("http://".length()));
    }
  }

  @Test
  void passesTheAnswerOnWithoutHopByHopFieldsAndWithSecurityHeaders() throws IOException {
    content.behave(
        request ->
            request.send(
                String.join(
                    "\r\n",
                    "HTTP/1.1 201 Created",
                    "Content-Length: 2",
                    "Connection: X-Hop",
                    "X-Hop: 1",
                    "Keep-Alive: timeout=5",
                    "ETag: \"7\"",
                    "Referrer-Policy: no-referrer",
                    "Set-Cookie: a=1",
                    "Set-Cookie: b=2",
                    "X-Request-Id: other",
                    "",
                    "ok")));
    try (RawClient client = client()) {
      RawClient.Response response = client.get("localhost", "/v1/sites").read();
      assertThat(response.status()).isEqualTo(201);
      assertThat(response.text()).isEqualTo("ok");
      assertThat(response.header("etag")).isEqualTo("\"7\"");
      assertThat(response.header("set-cookie")).isEqualTo("a=1|b=2");
      assertThat(response.header("x-hop")).isEmpty();
      assertThat(response.header("keep-alive")).isEmpty();
      assertThat(response.header("referrer-policy")).isEqualTo("no-referrer");
      assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(response.header("x-frame-options")).isEqualTo("SAMEORIGIN");
      assertThat(response.header("strict-transport-security")).isEmpty();
      assertThat(response.header("x-request-id")).isNotEqualTo("other").hasSize(32);
      assertThat(response.header("date")).endsWith("GMT");
    }
  }

  @Test
  void keepsConnectionsToTheServiceOpen() throws IOException {
    content.behave(request -> request.ok("content"));
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a").read();
      int before = content.connections();
      for (int i = 0; i < 10; i++) {
        client.get("localhost", "/v1/a").read();
      }
      assertThat(content.connections()).isEqualTo(before);
    }
  }

  @Test
  void asksAgainWhenAPooledConnectionWasClosedMeanwhile() throws IOException {
    content.behave(request -> request.ok("content"));
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a").read();
      AtomicInteger asked = new AtomicInteger();
      content.behave(
          request -> {
            if (asked.incrementAndGet() == 1) {
              request.socket().close();
            } else {
              request.ok("again");
            }
          });
      assertThat(client.get("localhost", "/v1/a").read().text()).isEqualTo("again");
      assertThat(asked).hasValue(2);

      asked.set(0);
      RawClient.Response posted =
          client.send(RawClient.head("POST", "localhost", "/v1/a", "Content-Length: 0")).read();
      assertThat(posted.status()).as("a POST is not sent twice").isEqualTo(502);
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void answers502And504WhenTheServiceFails() throws IOException {
    try (RawClient client = client()) {
      content.behave(request -> request.send("nonsense\r\n\r\n"));
      assertThat(client.get("localhost", "/v1/a").read().status()).isEqualTo(502);

      CountDownLatch silence = new CountDownLatch(1);
      content.behave(
          request -> {
            try {
              silence.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
      RawClient.Response timeout = client.get("localhost", "/v1/a").read();
      silence.countDown();
      assertThat(timeout.status()).isEqualTo(504);
      assertThat(timeout.text()).contains("origin-timeout");
    }
  }

  @Test
  void answers502WhenNobodyListens() throws IOException {
    try (RunningGateway alone =
            new RunningGateway("portico.origin.content-api", "http://127.0.0.1:1");
        RawClient client = new RawClient(alone.port())) {
      RawClient.Response response = client.get("localhost", "/v1/a").read();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.text()).contains("origin-unreachable");
      assertThat(client.get("localhost", "/v1/a").read().status()).isEqualTo(502);
    }
  }

  @Test
  void cutsTheConnectionWhenTheServiceDiesWithinABody() throws IOException {
    content.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
          request.socket().close();
        });
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a");
      assertThatThrownBy(client::read).hasMessageContaining("ends after 4 of 100");
    }
    content.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
          request.socket().close();
        });
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a");
      assertThatThrownBy(client::read).as("no last chunk").hasMessageContaining("connection ended");
    }
  }

  @Test
  void passesOnABodyThatEndsWithTheConnection() throws IOException {
    content.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
          request.socket().close();
        });
    try (RawClient client = client()) {
      RawClient.Response response = client.get("localhost", "/v1/a").read();
      assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(response.text()).isEqualTo("until the end");
    }
  }

  @Test
  void passesChunkedUploadsAndHead() throws IOException {
    AtomicLong received = new AtomicLong();
    content.behave(
        request -> {
          received.set(request.drain());
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
          if (!request.requestLine().startsWith("HEAD")) {
            request.send("hello");
          }
        });
    try (RawClient client = client()) {
      client.send(
          RawClient.head("PUT", "localhost", "/v1/a", "Transfer-Encoding: chunked")
              + "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(received).hasValue(7);

      RawClient.Response head =
          client.send(RawClient.head("HEAD", "localhost", "/v1/a")).read(false);
      assertThat(head.header("content-length")).isEqualTo("5");
      assertThat(client.get("localhost", "/v1/a").read().text()).isEqualTo("hello");
    }
  }

  @Test
  void letsTheServiceDecideAboutExpectContinue() throws IOException {
    content.behave(
        request -> {
          assertThat(request.header("expect")).isEqualTo("100-continue");
          request.send("HTTP/1.1 100 Continue\r\n\r\n");
          request.ok("got " + request.header("content-length"));
        });
    try (RawClient client = client()) {
      client.send(
          RawClient.head("PUT", "localhost", "/v1/a", "Content-Length: 3", "Expect: 100-continue"));
      assertThat(client.read().status()).isEqualTo(100);
      client.send("abc");
      assertThat(client.read().text()).isEqualTo("got 3");
    }
    content.behave(
        request -> request.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
    try (RawClient client = client()) {
      client.send(
          RawClient.head(
              "PUT", "localhost", "/v1/a", "Content-Length: 3000000", "Expect: 100-continue"));
      RawClient.Response refused = client.read();
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("connection")).isEqualTo("close");
      client.socket().shutdownOutput();
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void anEarlyAnswerReachesAViewerThatIsStillSending() throws Exception {
    content.behave(
        request -> request.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"));
    try (RawClient client = client()) {
      client.send(RawClient.head("PUT", "localhost", "/v1/a", "Content-Length: 100000000"));
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      OutputStream out = client.socket().getOutputStream();
                      byte[] block = new byte[65_536];
                      for (int i = 0; i < 1_000; i++) {
                        out.write(block);
                      }
                    } catch (IOException e) {
                      // Cut at last, as it should be.
                    }
                  });
      RawClient.Response response = client.read();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.text()).isEqualTo("big");
      sender.join(10_000);
      assertThat(sender.isAlive()).isFalse();
    }
  }

  @Test
  void givesUpAskingWhenTheViewerHasGone() throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    content.behave(
        request -> {
          asked.countDown();
          request.in().read();
        });
    int before = content.gone();
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a");
      await().until(() -> asked.getCount() == 0);
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> content.gone() > before);
    await().until(() -> gateway.connections() == 0);
  }

  @Test
  void streamsLargeBodiesBothWaysWithoutHoldingThem() throws Exception {
    long size = 256L << 20;
    content.behave(
        request -> {
          long received = request.drain();
          request.send("HTTP/1.1 200 OK\r\nContent-Length: " + received + "\r\n\r\n");
          byte[] block = new byte[65_536];
          OutputStream out = request.socket().getOutputStream();
          for (long left = received; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(block.length, left));
          }
        });
    try (RawClient client = client()) {
      client.send(RawClient.head("PUT", "localhost", "/v1/a", "Content-Length: " + size));
      OutputStream out = client.socket().getOutputStream();
      byte[] block = new byte[1 << 20];
      long peak = 0;
      for (long left = size; left > 0; left -= block.length) {
        out.write(block);
        peak = Math.max(peak, DirectMemory.used());
      }
      long[] read = {0};
      InputStream in = client.in();
      RawClient.Response head = client.read(false);
      assertThat(head.header("content-length")).isEqualTo(Long.toString(size));
      while (read[0] < size) {
        int count = in.read(block);
        assertThat(count).isPositive();
        read[0] += count;
        peak = Math.max(peak, DirectMemory.used());
      }
      assertThat(peak).as("direct memory in bytes").isLessThan(48L << 20);
    }
  }

  @Test
  void readsTheServiceOnlyAsFastAsTheViewerReads() throws Exception {
    AtomicLong written = new AtomicLong();
    content.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          byte[] block = new byte[65_536];
          OutputStream out = request.socket().getOutputStream();
          while (true) {
            out.write(block);
            written.addAndGet(block.length);
          }
        });
    try (RawClient client = client()) {
      client.get("localhost", "/v1/a");
      AtomicLong before = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(10))
          .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
      // What the kernels of both connections hold, and little more.
      assertThat(written.get()).isLessThan(24L << 20);
    }
  }

  @Test
  void cutsWhatDoesNotFinishWithinTheGrace() throws IOException {
    int before = content.gone();
    CountDownLatch asked = new CountDownLatch(1);
    content.behave(
        request -> {
          asked.countDown();
          request.in().read();
        });
    RunningGateway stopped =
        new RunningGateway(
            "portico.origin.content-api",
            content.url(),
            "portico.listener.shutdown-grace",
            "300ms");
    try (RawClient client = new RawClient(stopped.port())) {
      client.get("localhost", "/v1/a");
      await().until(() -> asked.getCount() == 0);
      stopped.close();
      assertThat(client.closed()).isTrue();
    }
    await().until(() -> content.gone() > before);
  }

  @Test
  void cutsAViewerThatStopsSendingItsBody() throws IOException {
    content.behave(request -> request.ok("never " + request.drain()));
    try (RawClient client = client()) {
      client.send(RawClient.head("PUT", "localhost", "/v1/a", "Content-Length: 10") + "abc");
      assertThat(client.read().status()).isEqualTo(408);
    }
  }
}
