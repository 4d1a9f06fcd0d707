package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects too large to be held in one piece: fetched and kept slice by slice. */
class SlicesIT {
  private static final int SLICE = 64 << 10;
  private static final int SIZE = 10 * SLICE + 1_000;
  private static final Map<String, String> CONTENTS = new ConcurrentHashMap<>();
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static EdgeFixture edge;
  private String path = "";

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture(new ResponseCacheSettings(64 << 20, 256 << 10, SLICE));
  }

  @AfterAll
  static void stop() throws IOException {
    edge.close();
    assertThat(edge.serving.flights()).isZero();
    assertThat(edge.serving.loadingBytes()).isZero();
  }

  @BeforeEach
  void fresh() {
    edge.reset(null, EdgeFixture.METHODS, 1_000);
    path = "/video" + PATHS.incrementAndGet();
  }

  /** An object of an origin, which may change while it is asked for. */
  private static class Video implements OriginServer.Behaviour {
    volatile int version = 1;
    volatile String fields = "Cache-Control: max-age=60\r\nAccept-Ranges: bytes\r\n";
    volatile boolean ranges = true;
    volatile int size = SIZE;

    String etag() {
      return "\"v" + version + "\"";
    }

    String content() {
      return SlicesIT.content(version, size);
    }

    @Override
    public void answer(OriginServer.Request request) throws IOException {
      String all = content();
      String range = request.header("range");
      String ifRange = request.header("if-range");
      String head = fields + "ETag: " + etag() + "\r\n";
      if (request.header("if-none-match").equals(etag())) {
        request.send("HTTP/1.1 304 Not Modified\r\n" + head + "\r\n");
      } else if (range.isEmpty() || !ranges || !(ifRange.isEmpty() || ifRange.equals(etag()))) {
        request.send("HTTP/1.1 200 OK\r\n" + head + "Content-Length: " + size + "\r\n\r\n" + all);
      } else {
        String[] bounds = range.substring("bytes=".length()).split("-", -1);
        int first = Integer.parseInt(bounds[0]);
        int last = bounds[1].isEmpty() ? size - 1 : Integer.parseInt(bounds[1]);
        part(request, head, first, last);
      }
    }

    void part(OriginServer.Request request, String head, int first, int last) throws IOException {
      String body = content().substring(first, last + 1);
      request.send(
          "HTTP/1.1 206 Partial Content\r\n"
              + head
              + "Content-Range: bytes "
              + first
              + "-"
              + last
              + "/"
              + size
              + "\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
    }
  }

  private static String content(int version) {
    return content(version, SIZE);
  }

  private static String content(int version, int size) {
    return CONTENTS.computeIfAbsent(version + " " + size, missing -> made(version, size));
  }

  private static String made(int version, int size) {
    Random random = new Random(version);
    StringBuilder text = new StringBuilder(size);
    while (text.length() < size) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private Video video() {
    Video video = new Video();
    edge.origin.behave(video);
    return video;
  }

  /** How often each range was asked for; under the empty text the whole. */
  private Map<String, Integer> asked() {
    Map<String, Integer> asked = new TreeMap<>();
    for (OriginServer.Request request : edge.origin.requests()) {
      if (request.requestLine().contains(' ' + path + ' ')) {
        asked.merge(request.header("range"), 1, Integer::sum);
      }
    }
    return asked;
  }

  private static String range(int slice) {
    return "bytes=" + slice * SLICE + "-" + (Math.min((slice + 1) * SLICE, SIZE) - 1);
  }

  private void awaitKeys(long keys) {
    await().until(() -> edge.store.heldKeys() >= keys);
  }

  @Test
  void aRangeCachesOnlyWhatWasAsked() throws IOException {
    Video video = video();
    RawClient.Response part = edge.get(path, "Range: bytes=200000-200009");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo(video.content().substring(200_000, 200_010));
    assertThat(part.header("content-range")).isEqualTo("bytes 200000-200009/" + SIZE);
    assertThat(part.header("content-length")).isEqualTo("10");
    assertThat(part.header("etag")).isEqualTo("\"v1\"");
    assertThat(part.header("cache-status"))
        .isEqualTo("portico; fwd=uri-miss; fwd-status=200; ttl=60; stored");
    assertThat(asked()).isEqualTo(Map.of("", 1, range(3), 1));
    assertThat(edge.last().header("if-range")).isEqualTo("\"v1\"");
    awaitKeys(2);
    assertThat(edge.store.heldBytes()).isLessThan(SLICE + 5_000);
    RawClient.Response again = edge.get(path, "Range: bytes=200000-200019");
    assertThat(again.text()).isEqualTo(video.content().substring(200_000, 200_020));
    assertThat(again.header("x-cache")).isEqualTo("Hit from portico");
    assertThat(again.header("cache-status")).isEqualTo("portico; hit; ttl=60");
    assertThat(asked()).isEqualTo(Map.of("", 1, range(3), 1));
    int first = 4 * SLICE - 5;
    RawClient.Response both = edge.get(path, "Range: bytes=" + first + "-" + (first + 9));
    assertThat(both.text()).isEqualTo(video.content().substring(first, first + 10));
    assertThat(both.header("cache-status")).isEqualTo("portico; fwd=partial; ttl=60");
    assertThat(both.header("x-cache")).isEqualTo("Miss from portico");
    assertThat(asked()).isEqualTo(Map.of("", 1, range(3), 1, range(4), 1));
  }

  @Test
  void theWholeStreamsFromSlices() throws IOException {
    Video video = video();
    edge.get(path, "Range: bytes=0-0");
    RawClient.Response whole = edge.get(path);
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.text()).isEqualTo(video.content());
    assertThat(whole.header("cache-status")).isEqualTo("portico; fwd=partial; ttl=60");
    awaitKeys(12);
    RawClient.Response again = edge.get(path);
    assertThat(again.text()).isEqualTo(video.content());
    assertThat(again.header("x-cache")).isEqualTo("Hit from portico");
    RawClient.Response end = edge.get(path, "Range: bytes=-10");
    assertThat(end.text()).isEqualTo(video.content().substring(SIZE - 10));
    assertThat(asked()).hasSize(12).allSatisfy((range, times) -> assertThat(times).isEqualTo(1));
  }

  @Test
  void whatNeedsNoByteFetchesNone() throws IOException {
    video();
    RawClient.Response head = edge.ask("HEAD", path);
    assertThat(head.header("content-length")).isEqualTo(Integer.toString(SIZE));
    assertThat(edge.get(path, "If-None-Match: \"v1\"").status()).isEqualTo(304);
    assertThat(edge.get(path, "Range: bytes=" + SIZE + "-").status()).isEqualTo(416);
    assertThat(edge.ask("HEAD", path).header("x-cache")).isNotEmpty();
    assertThat(asked()).isEqualTo(Map.of("", 1));
  }

  @Test
  void aRequestLooksForAFewSlicesBeforeItBegins() throws IOException {
    Video video = new Video();
    video.size = 200 * SLICE;
    edge.origin.behave(video);
    edge.get(path, "Range: bytes=0-0");
    edge.get(path);
    int before = edge.asked.questions.get();
    RawClient.Response all = edge.get(path);
    assertThat(all.header("cache-status")).startsWith("portico; hit");
    assertThat(all.text()).hasSize(video.size);
    assertThat(edge.asked.questions.get() - before).isLessThanOrEqualTo(64);
  }

  @Test
  void severalRangesInOneAnswer() throws IOException {
    Video video = video();
    RawClient.Response parts = edge.get(path, "Range: bytes=5-9,300000-300003,10-12");
    assertThat(parts.status()).isEqualTo(206);
    assertThat(parts.header("content-type")).startsWith("multipart/byteranges");
    assertThat(parts.text())
        .contains("\r\n\r\n" + video.content().substring(5, 10) + "\r\n--")
        .contains("\r\n\r\n" + video.content().substring(10, 13) + "\r\n--")
        .contains("/" + SIZE + "\r\n\r\n" + video.content().substring(300_000, 300_004) + "\r\n--");
    assertThat(asked().keySet()).containsOnly("", range(0), range(4));
  }

  @Test
  void viewersShareTheFetchesOfSlices() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    Video video =
        new Video() {
          @Override
          void part(OriginServer.Request request, String head, int first, int last)
              throws IOException {
            await().until(() -> all.getCount() == 0);
            super.part(request, head, first, last);
          }
        };
    edge.origin.behave(video);
    edge.ask("HEAD", path);
    List<CompletableFuture<RawClient.Response>> viewers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String from = Integer.toString(i * 1_000);
      viewers.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return edge.get(path, "Range: bytes=" + from + "-");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
    await().until(() -> asked().containsKey(range(0)));
    all.countDown();
    for (int i = 0; i < viewers.size(); i++) {
      assertThat(viewers.get(i).get().text()).isEqualTo(video.content().substring(i * 1_000));
    }
    assertThat(asked()).hasSize(12).allSatisfy((range, times) -> assertThat(times).isEqualTo(1));
  }

  @Test
  void mustNotMixVersions() throws IOException {
    Video video = video();
    edge.get(path, "Range: bytes=0-9");
    awaitKeys(2);
    video.version = 2;
    // What is held of the old version answers as long as it is fresh; what is missing does not.
    assertThat(edge.get(path, "Range: bytes=0-9").text()).isEqualTo(content(1).substring(0, 10));
    RawClient.Response other = edge.get(path, "Range: bytes=70000-70009");
    assertThat(other.text()).isEqualTo(content(2).substring(70_000, 70_010));
    assertThat(other.header("etag")).isEqualTo("\"v2\"");
    assertThat(edge.get(path, "Range: bytes=0-9").text()).isEqualTo(content(2).substring(0, 10));
  }

  @Test
  void cutsWhatHasBegunWhenTheOriginHasAnotherVersion() throws IOException {
    Video video = video();
    edge.get(path, "Range: bytes=0-9");
    awaitKeys(2);
    video.version = 2;
    assertThat(catchThrowable(() -> edge.get(path))).isInstanceOf(EOFException.class);
    assertThat(edge.get(path).text()).isEqualTo(content(2));
  }

  @Test
  void anOriginThatAnswersWithTheWholeIsPassedOn() throws IOException {
    Video video = video();
    video.ranges = false;
    RawClient.Response whole = edge.get(path, "Range: bytes=5-9");
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.text()).isEqualTo(video.content());
    assertThat(whole.header("cache-status")).contains("fwd=partial; fwd-status=200");
    assertThat(edge.get(path).text()).isEqualTo(video.content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: max-age=60\r\n",
        "Cache-Control: max-age=60\r\nAccept-Ranges: none\r\n",
        "Cache-Control: private, max-age=60\r\nAccept-Ranges: bytes\r\n",
      })
  void passesWhatCannotBeSliced(String fields) throws IOException {
    Video video = video();
    video.fields = fields;
    assertThat(edge.get(path).text()).isEqualTo(video.content());
    RawClient.Response part = edge.get(path, "Range: bytes=5-9");
    assertThat(part.text()).isEqualTo(video.content().substring(5, 10));
    assertThat(edge.store.heldKeys()).isZero();
  }

  @Test
  void passesWhatHasNoStrongValidator() throws IOException {
    Video video =
        new Video() {
          @Override
          String etag() {
            return "W/\"v1\"";
          }
        };
    edge.origin.behave(video);
    assertThat(edge.get(path).text()).isEqualTo(video.content());
    assertThat(edge.get(path, "Range: bytes=5-9").text())
        .isEqualTo(video.content().substring(5, 10));
    assertThat(edge.store.heldKeys()).isZero();
  }

  @Test
  void aValidationKeepsTheSlices() throws IOException {
    Video video = video();
    edge.get(path, "Range: bytes=0-9");
    awaitKeys(2);
    edge.pass(Duration.ofSeconds(61));
    RawClient.Response validated = edge.get(path, "Range: bytes=0-9");
    assertThat(validated.text()).isEqualTo(video.content().substring(0, 10));
    assertThat(validated.header("x-cache")).isEqualTo("RefreshHit from portico");
    assertThat(asked()).isEqualTo(Map.of("", 2, range(0), 1));
    edge.pass(Duration.ofSeconds(61));
    video.version = 2;
    assertThat(edge.get(path, "Range: bytes=0-9").text()).isEqualTo(content(2).substring(0, 10));
  }

  @Test
  void anInvalidationForgetsTheSlices() throws IOException {
    Video video = video();
    edge.get(path, "Range: bytes=0-9");
    awaitKeys(2);
    edge.store.invalidate("demo", Purge.paths(path));
    assertThat(edge.get(path, "Range: bytes=0-9").text())
        .isEqualTo(video.content().substring(0, 10));
    assertThat(asked()).isEqualTo(Map.of("", 2, range(0), 2));
  }

  @Test
  void aSliceThatBreaksOffCutsTheAnswerAndIsNotKept() throws IOException {
    Video video =
        new Video() {
          @Override
          void part(OriginServer.Request request, String head, int first, int last)
              throws IOException {
            if (first == 2 * SLICE) {
              request.send(
                  "HTTP/1.1 206 Partial Content\r\n"
                      + head
                      + "Content-Range: bytes "
                      + first
                      + "-"
                      + last
                      + "/"
                      + SIZE
                      + "\r\nContent-Length: "
                      + SLICE
                      + "\r\n\r\nshort");
              request.cut();
            } else {
              super.part(request, head, first, last);
            }
          }
        };
    edge.origin.behave(video);
    assertThat(catchThrowable(() -> edge.get(path))).isInstanceOf(EOFException.class);
    Video whole = video();
    assertThat(edge.get(path).text()).isEqualTo(whole.content());
  }

  @Test
  void whoGoesFetchesNoMoreSlices() throws IOException {
    Video video = video();
    // More than the buffers between here and there hold.
    video.size = 300 * SLICE;
    try (RawClient viewer = edge.viewer()) {
      viewer.get("demo.localhost", path);
      assertThat(viewer.in().readNBytes(1_000)).hasSize(1_000);
    }
    await().until(() -> edge.outcomes.size() == 1 && edge.serving.flights() == 0);
    assertThat(asked()).hasSizeLessThan(250);
  }
}
