package dev.portico.gateway;

import static dev.portico.gateway.fixture.DemoGateway.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.DemoGateway;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment served through decisions, cache and streams. */
class FileServingIT {
  private static final byte[] LARGE = new byte[6 << 20];
  private static DemoGateway demo;

  @BeforeAll
  static void start() throws IOException {
    new Random(42).nextBytes(LARGE);
    demo =
        new DemoGateway(
            files ->
                files
                    .file("/index.html", "text/html; charset=utf-8", "home")
                    .file("/404.html", "text/html; charset=utf-8", "nothing here")
                    .file("/docs/index.html", "text/html; charset=utf-8", "docs")
                    .file("/once.txt", "text/plain; charset=utf-8", "once")
                    .file("/digits.txt", "text/plain; charset=utf-8", "0123456789")
                    .file("/wide.txt", "text/plain; charset=utf-8", "0" + "-".repeat(100_000) + "9")
                    .file("/said.txt", "text/plain; charset=utf-8", "said")
                    .file("/hung.txt", "text/plain; charset=utf-8", "hung")
                    .file("/broken.txt", "text/plain; charset=utf-8", "broken")
                    .file("/large.bin", "application/octet-stream", LARGE),
            "portico.origin.idle-timeout",
            "1s",
            "portico.blob-cache.largest-blob",
            "1MB");
  }

  @AfterAll
  static void stop() throws IOException {
    demo.close();
  }

  @AfterEach
  void behave() {
    demo.content().blobs(null);
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient client = demo.client()) {
      return client.get(HOST, path, headers).read();
    }
  }

  @Test
  void servesFilesWithTheirFields() throws IOException {
    RawClient.Response response = get("/");
    assertThat(response.text()).isEqualTo("home");
    assertThat(response.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(response.header("etag")).matches("\"[0-9a-f]{64}\"");
    assertThat(response.header("last-modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
    assertThat(response.header("cache-control")).isEqualTo("public, max-age=0, must-revalidate");
    assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
    assertThat(response.header("x-frame-options")).isEqualTo("SAMEORIGIN");
    assertThat(response.header("cross-origin-opener-policy")).isEqualTo("same-origin-allow-popups");
    assertThat(response.header("strict-transport-security")).isEmpty();
    assertThat(response.header("x-request-id")).hasSize(32);
    assertThat(get("/", "If-None-Match: " + response.header("etag")).status()).isEqualTo(304);
  }

  private static List<String> cache(String path, String... headers) throws IOException {
    RawClient.Response response = get(path, headers);
    return List.of(
        Integer.toString(response.status()),
        response.header("cache-status"),
        response.header("x-cache"));
  }

  /** RFC 9211, section 2: of every response, whoever has made it. */
  @Test
  void everyResponseSaysHowTheCacheFared() throws IOException {
    assertThat(cache("/said.txt"))
        .containsExactly("200", "portico; fwd=uri-miss", "Miss from portico");
    assertThat(cache("/said.txt")).containsExactly("200", "portico; hit", "Hit from portico");
    assertThat(cache("/said.txt")).containsExactly("200", "portico; hit", "Hit from portico");
    assertThat(cache("/said.txt", "Range: bytes=0-1"))
        .containsExactly("206", "portico; hit", "Hit from portico");
    assertThat(cache("/said.txt", "Range: bytes=99-"))
        .containsExactly("416", "portico; hit", "Error from portico");
    String tag = get("/said.txt").header("etag");
    assertThat(cache("/said.txt", "If-None-Match: " + tag))
        .containsExactly("304", "portico; hit", "Hit from portico");
    assertThat(cache("/large.bin"))
        .containsExactly("200", "portico; fwd=uri-miss", "Miss from portico");
    assertThat(cache("/large.bin", "Range: bytes=0-1"))
        .containsExactly("206", "portico; fwd=uri-miss", "Miss from portico");
    assertThat(cache("/docs"))
        .containsExactly("301", "portico; detail=redirect", "Redirect from portico");
    get("/docs/none");
    assertThat(cache("/docs/none")).containsExactly("404", "portico; hit", "Error from portico");
    assertThat(cache("/a%2Fb"))
        .containsExactly("400", "portico; detail=encoded-slash", "Error from portico");
  }

  @Test
  void redirectsToFoldersAndShowsTheSitesOwnErrorPage() throws IOException {
    RawClient.Response redirect = get("/docs?x=1");
    assertThat(redirect.status()).isEqualTo(301);
    assertThat(redirect.header("location")).isEqualTo("/docs/?x=1");
    assertThat(redirect.header("x-content-type-options")).isEqualTo("nosniff");
    RawClient.Response missing = get("/docs/none");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).isEqualTo("nothing here");
  }

  /** content-service accepts the connection, reads the question and never answers it. */
  @Test
  void aHeldRepresentationIsSentWhenTheBetterOneDoesNotCome() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    demo.content()
        .blobs(
            request -> {
              if (request.header("accept-encoding").equals("identity")) {
                request.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nPortico-Variants: gzip\r\n"
                        + "Portico-Variants-State: complete\r\n\r\nhung");
              } else {
                assertThat(request.in().read()).isEqualTo(-1);
                ended.countDown();
              }
            });
    assertThat(get("/hung.txt").text()).isEqualTo("hung");
    for (int i = 0; i < 3; i++) {
      RawClient.Response plain = get("/hung.txt", "Accept-Encoding: gzip");
      assertThat(plain.status()).isEqualTo(200);
      assertThat(plain.header("content-encoding")).isEmpty();
      assertThat(plain.header("vary")).isEqualTo("Accept-Encoding");
      assertThat(plain.text()).isEqualTo("hung");
    }
    assertThat(ended.getCount()).as("the load goes on").isEqualTo(1L);
  }

  @Test
  void fetchesABlobOnceHoweverManyAsk() throws Exception {
    int before = demo.content().blobRequests();
    List<Thread> viewers = new ArrayList<>();
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 32; i++) {
      viewers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      statuses.add(get("/once.txt").status());
                    } catch (IOException e) {
                      statuses.add(-1);
                    }
                  }));
    }
    for (Thread viewer : viewers) {
      viewer.join();
    }
    assertThat(statuses).hasSize(32).containsOnly(200);
    assertThat(demo.content().blobRequests()).isEqualTo(before + 1);
  }

  @Test
  void servesWhatItHoldsWhileContentServiceFails() throws IOException {
    get("/digits.txt");
    demo.content().blobs(request -> request.send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));
    assertThat(get("/digits.txt").text()).isEqualTo("0123456789");
    RawClient.Response failed = get("/broken.txt");
    assertThat(failed.status()).isEqualTo(502);
    demo.content().blobs(null);
    assertThat(get("/broken.txt").text()).isEqualTo("broken");
  }

  @Test
  void neverShowsDamagedBytes() throws IOException {
    demo.content()
        .blobs(
            request ->
                request.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nPortico-Variants: \r\n\r\nDOCS"));
    assertThat(get("/docs/").status()).isEqualTo(502);
    demo.content().blobs(null);
    assertThat(get("/docs/").text()).isEqualTo("docs");
  }

  @Test
  void sendsRangesOfSmallAndLargeFiles() throws IOException {
    RawClient.Response part = get("/digits.txt", "Range: bytes=2-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("content-range")).isEqualTo("bytes 2-4/10");
    RawClient.Response two = get("/wide.txt", "Range: bytes=0-0,-1");
    assertThat(two.header("content-type")).startsWith("multipart/byteranges; boundary=");
    assertThat(two.text()).contains("\r\n\r\n0\r\n").contains("\r\n\r\n9\r\n");
    assertThat(get("/digits.txt", "Range: bytes=20-").status()).isEqualTo(416);

    RawClient.Response large = get("/large.bin", "Range: bytes=1000000-1000009");
    assertThat(large.status()).isEqualTo(206);
    assertThat(large.bytes()).isEqualTo(Arrays.copyOfRange(LARGE, 1000000, 1000010));
    RawClient.Response parts = get("/large.bin", "Range: bytes=0-9,4000000-4000009");
    assertThat(parts.status()).isEqualTo(206);
    assertThat(parts.bytes()).hasSize(Integer.parseInt(parts.header("content-length")));
  }

  @Test
  void streamsLargeFilesPastTheCache() throws IOException {
    int before = demo.content().blobRequests();
    assertThat(get("/large.bin").bytes()).isEqualTo(LARGE);
    assertThat(get("/large.bin").bytes()).isEqualTo(LARGE);
    assertThat(demo.content().blobRequests()).isEqualTo(before + 2);
    try (RawClient client = demo.client()) {
      RawClient.Response head = client.send(RawClient.head("HEAD", HOST, "/large.bin")).read(false);
      assertThat(head.header("content-length")).isEqualTo(String.valueOf(LARGE.length));
      assertThat(client.get(HOST, "/").read().text()).isEqualTo("home");
    }
  }

  @Test
  void cutsALargeFileThatStopsComing() throws IOException {
    demo.content()
        .blobs(
            request -> {
              request.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length + "\r\n\r\n1234");
              request.socket().close();
            });
    try (RawClient client = demo.client()) {
      client.get(HOST, "/large.bin");
      assertThatThrownBy(client::read).hasMessageContaining("ends after 4");
    }
  }

  @Test
  void aViewerThatLeavesEndsTheFetch() throws IOException {
    for (int i = 0; i < 10; i++) {
      try (RawClient client = demo.client()) {
        client.get(HOST, "/large.bin");
        assertThat(client.in().read()).isPositive();
      }
    }
    await().until(() -> demo.gateway().connections() == 0);
  }

  @Test
  void tellsOperatorsHowItIs() throws Exception {
    get("/");
    try (HttpClient http = HttpClient.newHttpClient()) {
      String base = "http://127.0.0.1:" + demo.gateway().managementPort();
      assertThat(status(http, base + "/health/liveness")).isEqualTo(200);
      assertThat(status(http, base + "/health/readiness")).isEqualTo(200);
      String metrics =
          http.send(
                  HttpRequest.newBuilder(URI.create(base + "/prometheus")).build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(metrics)
          .contains("portico_requests_seconds_count{outcome=\"hit\",status=\"2xx\"}")
          .contains("portico_blob_cache_bytes")
          .contains("portico_connections");
    }
    try (RunningGateway lost = new RunningGateway();
        HttpClient http = HttpClient.newHttpClient()) {
      String base = "http://127.0.0.1:" + lost.managementPort();
      assertThat(status(http, base + "/health/readiness")).isEqualTo(503);
      assertThat(status(http, base + "/health/liveness")).isEqualTo(200);
      try (RawClient client = new RawClient(lost.port())) {
        assertThat(client.get(HOST, "/").read().status()).isEqualTo(503);
      }
    }
  }

  private static int status(HttpClient http, String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
