package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files over real sockets: what RFC 9110 asks of them, and what an activation does to them. */
class FileProtocolIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final long SEED = System.nanoTime();
  private static final byte[] SMALL = random(100_000);
  private static final byte[] LARGE = random(3_000_000);
  private static final Page PAGE = Page.html("/index.html", "<p>Hello</p>".repeat(100));

  private static final ContentFeedServer CONTENT = new ContentFeedServer();
  private static RunningGateway gateway;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  @BeforeAll
  static void start() {
    System.out.println("seed " + SEED);
    CONTENT.publish(
        "docs",
        FIRST,
        PAGE,
        Page.html("/404.html", "Not here"),
        Page.html("/guide/index.html", "Guide"),
        Page.of("/small.bin", "application/octet-stream", SMALL),
        Page.of("/large.bin", "application/octet-stream", LARGE),
        Page.of("/empty.txt", "text/plain; charset=utf-8", ""),
        Page.of("/_headers", "text/plain; charset=utf-8", "/*\n  X-A: b"),
        Page.of("/assets/index-BfT3x9aQ.js", "text/javascript; charset=utf-8", "run()"));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            CONTENT.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.blob-cache.size",
            "32MB",
            "portico.blob-cache.variant-retry",
            "0s");
    await().until(() -> get("docs", "/").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    CONTENT.close();
  }

  @AfterEach
  void well() {
    CONTENT.away(false);
    CONTENT.fail(0);
    CONTENT.cutBlobsAfter(-1);
    CONTENT.variantsComplete(true);
  }

  private static HttpResponse<byte[]> get(String site, String path, String... fields)
      throws IOException, InterruptedException {
    return call("GET", site, path, fields);
  }

  private static HttpResponse<byte[]> call(
      String method, String site, String path, String... fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Host", site + ".localhost");
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.ISO_8859_1);
  }

  private static String field(HttpResponse<byte[]> response, String name) {
    return String.join(", ", response.headers().allValues(name));
  }

  /** Fields that are the same for every response to the same question. */
  private static Map<String, List<String>> lasting(HttpHeaders headers) {
    Map<String, List<String>> fields = new TreeMap<>(headers.map());
    // What differs from one response to the next.
    fields.keySet().removeAll(List.of("date", "x-request-id", "cache-status", "x-cache"));
    return fields;
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("9.3.2: HEAD has no content")
    void headHasNoContent() throws Exception {
      for (String path : List.of("/", "/small.bin", "/large.bin", "/empty.txt", "/nothing")) {
        assertThat(call("HEAD", "docs", path).body()).as(path).isEmpty();
      }
    }

    @Test
    @DisplayName("13.1.2, 15.4.5: the ETag sent is the ETag that revalidates")
    void revalidates() throws Exception {
      String tag = field(get("docs", "/"), "etag");
      HttpResponse<byte[]> again = get("docs", "/", "If-None-Match", tag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(field(again, "etag")).isEqualTo(tag);
      assertThat(field(again, "cache-control")).isEqualTo("public, max-age=0, must-revalidate");
      assertThat(get("docs", "/", "If-Match", "\"other\"").statusCode()).isEqualTo(412);
    }

    @Test
    @DisplayName("14, 15.3.7: ranges of what is held and of what is streamed have the right bytes")
    void ranges() throws Exception {
      Random random = new Random(SEED);
      for (int i = 0; i < 60; i++) {
        byte[] whole = i % 2 == 0 ? SMALL : LARGE;
        String path = i % 2 == 0 ? "/small.bin" : "/large.bin";
        int first = random.nextInt(whole.length);
        int last = first + random.nextInt(whole.length - first);
        HttpResponse<byte[]> response = get("docs", path, "Range", "bytes=" + first + "-" + last);
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(field(response, "content-range"))
            .isEqualTo("bytes " + first + "-" + last + "/" + whole.length);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(whole, first, last + 1));
      }
    }

    @Test
    @DisplayName("15.3.7.2: several ranges come as parts with their own Content-Range")
    void multipart() throws Exception {
      for (String path : List.of("/small.bin", "/large.bin")) {
        byte[] whole = path.equals("/small.bin") ? SMALL : LARGE;
        HttpResponse<byte[]> response = get("docs", path, "Range", "bytes=50000-50009, 10-19, -5");
        assertThat(response.statusCode()).isEqualTo(206);
        String type = field(response, "content-type");
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        StringBuilder expected = new StringBuilder();
        int end = whole.length;
        for (int[] range : new int[][] {{50_000, 50_010}, {10, 20}, {end - 5, end}}) {
          expected
              .append(expected.isEmpty() ? "--" : "\r\n--")
              .append(boundary)
              .append("\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ")
              .append(range[0] + "-" + (range[1] - 1) + "/" + end)
              .append("\r\n\r\n")
              .append(
                  new String(whole, range[0], range[1] - range[0], StandardCharsets.ISO_8859_1));
        }
        expected.append("\r\n--").append(boundary).append("--\r\n");
        assertThat(text(response)).isEqualTo(expected.toString());
        assertThat(field(response, "content-length"))
            .isEqualTo(Integer.toString(expected.length()));
      }
    }

    @Test
    @DisplayName("13.1.5: If-Range with another tag gets the whole file")
    void ifRange() throws Exception {
      String tag = field(get("docs", "/small.bin"), "etag");
      assertThat(get("docs", "/small.bin", "Range", "bytes=0-1", "If-Range", tag).statusCode())
          .isEqualTo(206);
      HttpResponse<byte[]> whole =
          get("docs", "/small.bin", "Range", "bytes=0-1", "If-Range", "\"other\"");
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.body()).isEqualTo(SMALL);
    }

    @Test
    @DisplayName("15.5.6: another method gets 405 and Allow")
    void otherMethods() throws Exception {
      HttpResponse<byte[]> response = call("DELETE", "docs", "/");
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(field(response, "allow")).contains("GET").contains("HEAD");
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("9.3.2: HEAD has the fields that GET would have")
    void headHasTheSameFields() throws Exception {
      for (String path :
          List.of("/", "/small.bin", "/large.bin", "/empty.txt", "/nothing", "/guide")) {
        HttpResponse<byte[]> get = get("docs", path, "Accept-Encoding", "br, gzip");
        HttpResponse<byte[]> head = call("HEAD", "docs", path, "Accept-Encoding", "br, gzip");
        assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
        assertThat(lasting(head.headers())).as(path).isEqualTo(lasting(get.headers()));
      }
    }

    @Test
    @DisplayName("12.5.3: the best variant that the viewer takes, with a tag of its own")
    void codings() throws Exception {
      String plain = "console.log(1);".repeat(50);
      CONTENT.publish("coded", FIRST, Page.of("/a.js", "text/javascript; charset=utf-8", plain));
      CONTENT.variant(plain.getBytes(StandardCharsets.UTF_8), "br", new byte[] {1, 2});
      CONTENT.variant(plain.getBytes(StandardCharsets.UTF_8), "gzip", new byte[] {3});
      await().until(() -> get("coded", "/a.js").statusCode() == 200);
      HttpResponse<byte[]> br = get("coded", "/a.js", "Accept-Encoding", "gzip, br, zstd");
      assertThat(br.body()).containsExactly(1, 2);
      assertThat(field(br, "content-encoding")).isEqualTo("br");
      assertThat(field(br, "etag")).endsWith("-br\"");
      assertThat(field(br, "vary")).contains("Accept-Encoding");
      HttpResponse<byte[]> gzip = get("coded", "/a.js", "Accept-Encoding", "gzip, zstd");
      assertThat(gzip.body()).containsExactly(3);
      HttpResponse<byte[]> none = get("coded", "/a.js");
      assertThat(text(none)).isEqualTo(plain);
      assertThat(field(none, "content-encoding")).isEmpty();
      assertThat(field(none, "vary")).contains("Accept-Encoding");
    }

    @Test
    @DisplayName("15.5.17: a 416 says how long the file is")
    void unsatisfiable() throws Exception {
      HttpResponse<byte[]> response = get("docs", "/small.bin", "Range", "bytes=100000-");
      assertThat(response.statusCode()).isEqualTo(416);
      assertThat(field(response, "content-range")).isEqualTo("bytes */100000");
    }
  }

  @Nested
  class Choice {
    @Test
    void foldersErrorsAndControlFiles() throws Exception {
      assertThat(text(get("docs", "/guide/"))).isEqualTo("Guide");
      HttpResponse<byte[]> redirect = get("docs", "/guide?a=b");
      assertThat(redirect.statusCode()).isEqualTo(301);
      assertThat(field(redirect, "location")).isEqualTo("/guide/?a=b");
      HttpResponse<byte[]> missing = get("docs", "/guide/nothing");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(text(missing)).isEqualTo("Not here");
      assertThat(field(missing, "etag")).isEmpty();
      assertThat(get("docs", "/_headers").statusCode()).isEqualTo(404);
      assertThat(get("nobody", "/").statusCode()).isEqualTo(404);
    }

    @Test
    void hashedNamesAreImmutableUnlessTurnedOff() throws Exception {
      String path = "/assets/index-BfT3x9aQ.js";
      assertThat(field(get("docs", path), "cache-control"))
          .isEqualTo("public, max-age=31536000, immutable");
      CONTENT.immutableAssets("docs", false);
      await()
          .until(
              () ->
                  field(get("docs", path), "cache-control")
                      .equals("public, max-age=0, must-revalidate"));
      CONTENT.immutableAssets("docs", true);
    }

    @Test
    void previewsAreServedAndNotForSearchEngines() throws Exception {
      CONTENT.seal("docs", SECOND, Page.html("/index.html", "Preview"));
      HttpResponse<byte[]> response = get(SECOND + "--docs", "/");
      assertThat(text(response)).isEqualTo("Preview");
      assertThat(field(response, "x-robots-tag")).isEqualTo("noindex");
      assertThat(field(get("docs", "/"), "x-robots-tag")).isEmpty();
      CONTENT.delete("gone");
      await().until(() -> get("gone", "/").statusCode() == 410);
      assertThat(text(get("gone", "/"))).contains("This site has been removed");
      CONTENT.activate("empty", null);
      await().until(() -> get("empty", "/").statusCode() == 404);
    }
  }

  @Nested
  class Publication {
    @Test
    void noResponseMixesTwoDeployments() throws Exception {
      byte[] one = "1".repeat(200_000).getBytes(StandardCharsets.UTF_8);
      byte[] two = "2".repeat(200_000).getBytes(StandardCharsets.UTF_8);
      CONTENT.publish("mix", FIRST, Page.of("/f.txt", "text/plain", one));
      CONTENT.seal("mix", SECOND, Page.of("/f.txt", "text/plain", two));
      await().until(() -> get("mix", "/f.txt").statusCode() == 200);
      AtomicBoolean over = new AtomicBoolean();
      try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> counts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          counts.add(viewers.submit(() -> watch(over, one, two)));
        }
        for (int i = 0; i < 20; i++) {
          byte[] expected = i % 2 == 0 ? two : one;
          CONTENT.activate("mix", i % 2 == 0 ? SECOND : FIRST);
          await().until(() -> Arrays.equals(get("mix", "/f.txt").body(), expected));
        }
        over.set(true);
        for (Future<Integer> count : counts) {
          assertThat(count.get()).isPositive();
        }
      }
    }

    private static int watch(AtomicBoolean over, byte[] one, byte[] two) throws Exception {
      int count = 0;
      while (!over.get() || count == 0) {
        HttpResponse<byte[]> response = get("mix", "/f.txt");
        byte[] body = response.body();
        assertThat(Arrays.equals(body, one) || Arrays.equals(body, two)).isTrue();
        assertThat(field(response, "etag")).isEqualTo('"' + ContentFeedServer.sha256(body) + '"');
        count++;
      }
      return count;
    }

    @Test
    void anUnchangedFileKeepsItsTagAndIsNotFetchedAgain() throws Exception {
      byte[] kept = "kept in both deployments".getBytes(StandardCharsets.UTF_8);
      CONTENT.publish("keep", FIRST, Page.of("/kept.txt", "text/plain", kept));
      await().until(() -> get("keep", "/kept.txt").statusCode() == 200);
      String tag = field(get("keep", "/kept.txt"), "etag");
      CONTENT.publish(
          "keep", SECOND, Page.of("/kept.txt", "text/plain", kept), Page.of("/new", "a/b", "n"));
      await().until(() -> get("keep", "/new").statusCode() == 200);
      assertThat(get("keep", "/kept.txt", "If-None-Match", tag).statusCode()).isEqualTo(304);
      assertThat(get("keep", "/kept.txt").body()).isEqualTo(kept);
      assertThat(CONTENT.requests("/internal/blobs/" + ContentFeedServer.sha256(kept))).hasSize(1);
    }
  }

  @Nested
  class Failures {
    @Test
    void heldFilesAreServedWhileContentServiceIsAway() throws Exception {
      byte[] unseen = "never asked for".getBytes(StandardCharsets.UTF_8);
      CONTENT.publish(
          "down", FIRST, PAGE, Page.of("/unseen.txt", "text/plain; charset=utf-8", unseen));
      await().until(() -> get("down", "/").statusCode() == 200);
      CONTENT.away(true);
      assertThat(get("down", "/").statusCode()).isEqualTo(200);
      assertThat(get("down", "/", "Accept-Encoding", "br").statusCode()).isEqualTo(200);
      assertThat(get("down", "/", "Range", "bytes=0-3").statusCode()).isEqualTo(206);
      HttpResponse<byte[]> failed = get("down", "/unseen.txt");
      assertThat(failed.statusCode()).isBetween(502, 504);
      assertThat(field(failed, "retry-after")).isNotEmpty();
      CONTENT.away(false);
      assertThat(get("down", "/unseen.txt").body()).isEqualTo(unseen);
    }

    @Test
    void damagedAndCutBlobsAreNeverShown() throws Exception {
      byte[] good = random(50_000);
      byte[] bad = good.clone();
      bad[25_000] ^= 1;
      CONTENT.publish("bad", FIRST, Page.of("/f.bin", "application/octet-stream", good));
      await().until(() -> get("bad", "/nothing").statusCode() == 404 && hasFiles("bad"));
      CONTENT.damage(good, bad);
      assertThat(get("bad", "/f.bin").statusCode()).isEqualTo(502);
      CONTENT.damage(good, good);
      CONTENT.cutBlobsAfter(20_000);
      assertThat(get("bad", "/f.bin").statusCode()).isEqualTo(502);
      CONTENT.cutBlobsAfter(-1);
      assertThat(get("bad", "/f.bin").body()).isEqualTo(good);
    }

    private static boolean hasFiles(String site) throws Exception {
      return !CONTENT.requests("/internal/sites/" + site + "/deployments/").isEmpty();
    }

    @Test
    void manyViewersOfANewFileCauseOneFetch() throws Exception {
      byte[] wanted = random(70_000);
      wanted[0] ^= 1;
      CONTENT.publish("hot", FIRST, Page.of("/f.bin", "application/octet-stream", wanted), PAGE);
      await().until(() -> get("hot", "/").statusCode() == 200);
      CountDownLatch gate = new CountDownLatch(1);
      CONTENT.gateBlobs(gate);
      try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<byte[]>> bodies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          bodies.add(viewers.submit(() -> get("hot", "/f.bin").body()));
        }
        String blob = "/internal/blobs/" + ContentFeedServer.sha256(wanted);
        await().until(() -> CONTENT.requests(blob).size() == 1);
        gate.countDown();
        for (Future<byte[]> body : bodies) {
          assertThat(body.get()).isEqualTo(wanted);
        }
        assertThat(CONTENT.requests(blob)).hasSize(1);
      }
    }
  }

  @Test
  void theCacheStaysWithinItsBytes() throws Exception {
    assertThat(get("docs", "/large.bin").body()).isEqualTo(LARGE);
    assertThat(gateway.context().getBean(BlobCache.class).heldBytes())
        .isLessThanOrEqualTo(32 << 20);
  }
}
