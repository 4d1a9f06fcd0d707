package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many viewers and one answer, over real sockets. */
class CollapsingIT {
  private static final int VIEWERS = 50;
  private static final int LARGE = 3 << 20;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private EdgeFixture edge;

  @BeforeEach
  void start() throws IOException {
    edge = new EdgeFixture(new ResponseCacheSettings(64 << 20, 4 << 20, 0));
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    threads.close();
    assertThat(edge.serving.flights()).isZero();
    assertThat(edge.serving.loadingBytes()).isZero();
  }

  /** Viewers that have all asked for a path and not been answered. */
  private List<RawClient> viewers(int count, String path, String... headers) throws IOException {
    List<RawClient> viewers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      viewers.add(edge.viewer().get("demo.localhost", path, headers));
    }
    return viewers;
  }

  /** The gateway has read what its viewers have sent: one asks last on each of their loops. */
  private void settled() throws IOException {
    for (int i = 0; i < 8; i++) {
      try (RawClient viewer = edge.viewer()) {
        viewer.send(RawClient.head("BREW", "demo.localhost", "/")).read();
      }
    }
  }

  private List<RawClient.Response> answers(List<RawClient> viewers)
      throws InterruptedException, ExecutionException {
    List<Future<RawClient.Response>> reading = new ArrayList<>();
    for (RawClient viewer : viewers) {
      reading.add(
          threads.submit(
              () -> {
                try (viewer) {
                  return viewer.read();
                }
              }));
    }
    List<RawClient.Response> all = new ArrayList<>();
    for (Future<RawClient.Response> each : reading) {
      all.add(each.get());
    }
    return all;
  }

  @Test
  void fiftyViewersAreOneRequest() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nbody");
        });
    List<RawClient> viewers = viewers(VIEWERS, "/one");
    settled();
    gate.countDown();
    List<RawClient.Response> all = answers(viewers);
    assertThat(all).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("body"));
    assertThat(edge.asked("/one")).isEqualTo(1);
    assertThat(all.stream().filter(a -> a.header("cache-status").contains("collapsed")))
        .hasSize(VIEWERS - 1);
  }

  @Test
  void whatCannotBeReadFromDiskIsOneRequest() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nbody");
        });
    edge.asked.unreadable = true;
    List<RawClient> viewers = viewers(VIEWERS, "/unread");
    settled();
    gate.countDown();
    assertThat(answers(viewers)).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("body"));
    assertThat(edge.asked("/unread")).isEqualTo(1);
  }

  /** A bug behind an answer that is not for all who wait is answered, not waited for. */
  @Test
  void aBugAfterAFlightIsAnswered() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nVary: Accept-Language\r\n"
                  + "Content-Length: 4\r\n\r\nbody");
        });
    List<RawClient> german = viewers(1, "/bug", "Accept-Language: de");
    await().until(() -> edge.asked("/bug") == 1);
    List<RawClient> english = viewers(1, "/bug", "Accept-Language: en");
    settled();
    edge.asked.broken = true;
    gate.countDown();
    assertThat(answers(german).getFirst().text()).isEqualTo("body");
    assertThat(answers(english).getFirst().status()).isEqualTo(500);
  }

  @Test
  void aBugAfterALoadIsAnswered() throws Exception {
    edge.asked.unreadable = true;
    edge.asked.beforeLoaded = () -> edge.asked.broken = true;
    assertThat(edge.get("/bug").status()).isEqualTo(500);
  }

  /** A stale response is renewed with a viewer's credentials: what comes of that is not for all. */
  @Test
  void nobodyJoinsARefreshWithCredentials() throws Exception {
    edge.answers("200 OK\r\nCache-Control: public, max-age=5, stale-while-revalidate=60", "old");
    edge.get("/refreshed");
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          boolean personal = !request.header("authorization").isEmpty();
          if (personal) {
            wait(gate);
          }
          String body = personal ? "mine" : "ours";
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=5\r\nContent-Length: 4\r\n\r\n"
                  + body);
        });
    edge.pass(Duration.ofSeconds(10));
    for (int i = 0; i < 3; i++) {
      try (RawClient viewer = edge.viewer()) {
        viewer.get("demo.localhost", "/refreshed", "Authorization: Basic bWU6bWU=");
        assertThat(viewer.read().text()).isEqualTo("old");
      }
    }
    await().until(() -> edge.asked("/refreshed") == 2);
    edge.pass(Duration.ofSeconds(60));
    assertThat(edge.get("/refreshed").text()).isEqualTo("ours");
    assertThat(edge.asked("/refreshed")).isEqualTo(3);
    gate.countDown();
  }

  /** Who asks after an invalidation gets no answer that was asked for before it. */
  @Test
  void nobodyJoinsAnAnswerFromBeforeAnInvalidation() throws Exception {
    nobodyJoinsAnAnswerFromBefore(() -> edge.store.invalidate("demo", new Purge.Tag("a")));
  }

  /** An invalidation may have been missed by then. */
  @Test
  void nobodyJoinsAnAnswerFromBeforeADoubt() throws Exception {
    nobodyJoinsAnAnswerFromBefore(edge.store::doubt);
  }

  private void nobodyJoinsAnAnswerFromBefore(Runnable event) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    edge.origin.behave(
        request -> {
          int number = asked.incrementAndGet();
          if (number == 1) {
            wait(gate);
          }
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nCache-Tag: a\r\n"
                  + "Content-Length: 1\r\n\r\n"
                  + number);
        });
    List<RawClient> before = viewers(2, "/purged");
    await().until(() -> edge.asked("/purged") == 1);
    settled();
    event.run();
    List<RawClient> after = viewers(2, "/purged");
    settled();
    gate.countDown();
    assertThat(answers(before)).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("1"));
    assertThat(answers(after)).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("2"));
  }

  private static void wait(CountDownLatch gate) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void waitersAreFedWhileItStreams() throws Exception {
    for (String framing : new String[] {"Content-Length: 12", "Transfer-Encoding: chunked"}) {
      boolean chunked = framing.startsWith("T");
      String path = "/stream" + chunked;
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch gate = new CountDownLatch(1);
      edge.origin.behave(
          request -> {
            wait(begun);
            request.send(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                    + framing
                    + "\r\n\r\n"
                    + (chunked ? "6\r\nfirst \r\n" : "first "));
            wait(gate);
            request.send(chunked ? "6\r\nsecond\r\n0\r\n\r\n" : "second");
          });
      List<RawClient> viewers = viewers(8, path);
      settled();
      begun.countDown();
      for (RawClient viewer : viewers) {
        readUntil(viewer, "first ");
      }
      // Late ones begin at the beginning.
      List<RawClient> late = viewers(4, path);
      for (RawClient viewer : late) {
        readUntil(viewer, "first ");
      }
      gate.countDown();
      viewers.addAll(late);
      for (RawClient viewer : viewers) {
        readUntil(viewer, "second");
        viewer.close();
      }
      assertThat(edge.get(path).text()).isEqualTo("first second");
      assertThat(edge.asked(path)).isEqualTo(1);
    }
  }

  private static void readUntil(RawClient viewer, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int next = viewer.in().read();
      assertThat(next).as("%s", text).isNotNegative();
      text.append((char) next);
    }
  }

  @Test
  void anUncacheableAnswerReleasesAllAtOnce() throws Exception {
    AtomicInteger waiting = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch rest = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(waiting.getAndIncrement() == 0 ? first : rest);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: private\r\nContent-Length: 4\r\n\r\nmine");
        });
    List<RawClient> viewers = viewers(20, "/mine");
    settled();
    await().until(() -> waiting.get() > 0);
    assertThat(waiting).hasValue(1);
    first.countDown();
    await().until(() -> waiting.get() == 20);
    rest.countDown();
    assertThat(answers(viewers)).allSatisfy(a -> assertThat(a.text()).isEqualTo("mine"));
    // For a while nobody waits for another: the second one is answered before the first.
    CountDownLatch held = new CountDownLatch(1);
    AtomicInteger order = new AtomicInteger();
    edge.origin.behave(
        request -> {
          if (order.getAndIncrement() == 0) {
            wait(held);
          }
          request.send("HTTP/1.1 200 OK\r\nCache-Control: private\r\nContent-Length: 1\r\n\r\nx");
        });
    List<RawClient> slow = viewers(1, "/mine");
    await().until(() -> order.get() == 1);
    assertThat(edge.get("/mine").text()).isEqualTo("x");
    held.countDown();
    assertThat(answers(slow)).hasSize(1);
  }

  @Test
  void aKeyThatWasPassedIsKeptOnceItsAnswerMayBe() throws Exception {
    edge.answers("200 OK\r\nCache-Control: no-store", "one");
    edge.get("/changes");
    edge.answers("200 OK\r\nCache-Control: max-age=60", "two");
    assertThat(edge.get("/changes").header("cache-status")).contains("stored");
    assertThat(edge.get("/changes").header("x-cache")).isEqualTo("Hit from portico");
  }

  @Test
  void aFailedLeaderPromotesOne() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          if (asked.getAndIncrement() == 0) {
            wait(first);
            request.reset();
            return;
          }
          wait(second);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
        });
    List<RawClient> viewers = viewers(10, "/flaky");
    settled();
    first.countDown();
    await().until(() -> asked.get() == 2);
    second.countDown();
    List<RawClient.Response> all = answers(viewers);
    assertThat(all.stream().filter(a -> a.status() == 502)).hasSize(1);
    assertThat(all.stream().filter(a -> a.text().equals("ok"))).hasSize(9);
    assertThat(asked).hasValue(2);
  }

  @Test
  void promotionsEnd() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          asked.incrementAndGet();
          wait(gate);
          request.reset();
        });
    List<RawClient> viewers = viewers(10, "/dead");
    settled();
    gate.countDown();
    assertThat(answers(viewers)).allSatisfy(a -> assertThat(a.status()).isEqualTo(502));
    assertThat(asked).hasValue(2);
  }

  @Test
  void theLeadersViewerMayLeave() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
        });
    RawClient leader = edge.viewer().get("demo.localhost", "/left");
    await().until(() -> edge.asked("/left") == 1);
    List<RawClient> others = viewers(5, "/left");
    settled();
    leader.socket().setSoLinger(true, 0);
    leader.close();
    settled();
    gate.countDown();
    assertThat(answers(others)).allSatisfy(a -> assertThat(a.text()).isEqualTo("ok"));
    assertThat(edge.asked("/left")).isEqualTo(1);
  }

  @Test
  void nobodyLeftCancelsTheRequest() throws Exception {
    edge.origin.behave(OriginServer.Request::hang);
    for (boolean reset : new boolean[] {false, true}) {
      String path = "/hung" + reset;
      int gone = edge.origin.gone();
      RawClient first = edge.viewer().get("demo.localhost", path);
      await().until(() -> edge.asked(path) == 1);
      RawClient second = edge.viewer().get("demo.localhost", path);
      settled();
      first.close();
      settled();
      assertThat(edge.origin.gone()).isEqualTo(gone);
      second.socket().setSoLinger(reset, 0);
      second.close();
      await().until(() -> edge.origin.gone() > gone);
      await().until(() -> edge.serving.flights() == 0);
      assertThat(edge.asked(path)).isEqualTo(1);
    }
  }

  @Test
  void whatNobodyWaitsForIsFinishedOnlyIfItIsNearlyThere() throws Exception {
    byte[] body = new byte[LARGE];
    for (boolean nearly : new boolean[] {false, true}) {
      String path = "/leave" + nearly;
      int sent = nearly ? LARGE - (1 << 19) : 1 << 19;
      CountDownLatch gate = new CountDownLatch(1);
      edge.origin.behave(
          request -> {
            request.send(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                    + LARGE
                    + "\r\n\r\n");
            request.socket().getOutputStream().write(body, 0, sent);
            request.socket().getOutputStream().flush();
            wait(gate);
            request.socket().getOutputStream().write(body, sent, LARGE - sent);
          });
      int gone = edge.origin.gone();
      RawClient viewer = edge.viewer().get("demo.localhost", path);
      viewer.in().readNBytes(sent);
      viewer.socket().setSoLinger(true, 0);
      viewer.close();
      if (nearly) {
        settled();
        gate.countDown();
        await().until(() -> edge.get(path).header("x-cache").startsWith("Hit"));
        assertThat(edge.asked(path)).isEqualTo(1);
      } else {
        await().until(() -> edge.serving.flights() == 0);
        gate.countDown();
        await().until(() -> edge.origin.gone() > gone);
        assertThat(edge.store.heldKeys()).isZero();
      }
    }
  }

  @Test
  void aSlowViewerSlowsNobody() throws Exception {
    byte[] body = new byte[LARGE];
    edge.origin.behave(
        request -> {
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                  + LARGE
                  + "\r\n\r\n");
          request.socket().getOutputStream().write(body);
        });
    // Leads, and reads nothing.
    RawClient slow = edge.viewer().get("demo.localhost", "/large");
    await().until(() -> edge.asked("/large") == 1);
    assertThat(edge.get("/large").bytes()).hasSize(LARGE);
    assertThat(edge.get("/large").header("x-cache")).isEqualTo("Hit from portico");
    assertThat(slow.read().bytes()).hasSize(LARGE);
    slow.close();
    assertThat(edge.asked("/large")).isEqualTo(1);
  }

  @Test
  void whatIsTooLargeIsSharedByThoseWhoWaitAtThePaceOfTheSlowest() throws Exception {
    int huge = 24 << 20;
    byte[] block = new byte[1 << 16];
    AtomicInteger written = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: "
                  + huge
                  + "\r\n\r\n");
          for (int sent = 0; sent < huge; sent += block.length) {
            request.socket().getOutputStream().write(block);
            written.addAndGet(block.length);
          }
        });
    List<RawClient> viewers = viewers(3, "/huge");
    settled();
    gate.countDown();
    RawClient slow = viewers.removeLast();
    List<Future<RawClient.Response>> fast = new ArrayList<>();
    for (RawClient viewer : viewers) {
      fast.add(threads.submit(() -> viewer.read()));
    }
    // The sockets' buffers take some megabytes; the origin stands still all the same.
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(10))
        .until(new Standing(written));
    assertThat(written).hasValueLessThan(huge);
    assertThat(slow.read().bytes()).hasSize(huge);
    for (Future<RawClient.Response> each : fast) {
      assertThat(each.get().bytes()).hasSize(huge);
    }
    slow.close();
    for (RawClient viewer : viewers) {
      viewer.close();
    }
    assertThat(edge.asked("/huge")).isEqualTo(1);
    assertThat(edge.store.heldKeys()).isZero();
  }

  /** Whether a number has not changed since it was last looked at. */
  private record Standing(AtomicInteger number, AtomicInteger last) implements Callable<Boolean> {
    Standing(AtomicInteger number) {
      this(number, new AtomicInteger(-1));
    }

    @Override
    public Boolean call() {
      int now = number.get();
      return last.getAndSet(now) == now && now > 0;
    }
  }

  @Test
  void aRangeOfWhatIsTooLargeGoesToTheOriginAsOne() throws Exception {
    edge.origin.behave(
        request -> {
          if (request.header("range").isEmpty()) {
            request.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n");
            request.send("Content-Length: 900000000\r\n\r\n");
            request.hang();
          } else {
            request.send("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-7/900000000");
            request.send("\r\nContent-Length: 3\r\n\r\nabc");
          }
        });
    RawClient.Response part = edge.get("/video", "Range: bytes=5-7");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("abc");
    assertThat(edge.get("/video", "Range: bytes=5-7").text()).isEqualTo("abc");
    assertThat(edge.asked("/video")).isEqualTo(3);
  }

  @Test
  void oneValidationServesAllWhoWait() throws Exception {
    edge.answers("200 OK\r\nCache-Control: max-age=5\r\nETag: \"1\"", "body");
    edge.get("/old");
    edge.pass(Duration.ofSeconds(6));
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          request.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
        });
    List<RawClient> viewers = viewers(VIEWERS, "/old");
    settled();
    gate.countDown();
    assertThat(answers(viewers))
        .allSatisfy(
            a -> {
              assertThat(a.text()).isEqualTo("body");
              assertThat(a.header("x-cache")).isEqualTo("RefreshHit from portico");
            });
    assertThat(edge.asked("/old")).isEqualTo(2);
  }

  @Test
  void variantsDoNotWaitForOneAnotherForever() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          wait(gate);
          String text = request.header("accept-language");
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nVary: Accept-Language\r\n"
                  + "Content-Length: 2\r\n\r\n"
                  + text);
        });
    List<RawClient> german = viewers(10, "/lang", "Accept-Language: de");
    List<RawClient> english = viewers(10, "/lang", "Accept-Language: en");
    settled();
    gate.countDown();
    assertThat(answers(german)).allSatisfy(a -> assertThat(a.text()).isEqualTo("de"));
    assertThat(answers(english)).allSatisfy(a -> assertThat(a.text()).isEqualTo("en"));
    assertThat(edge.asked("/lang")).isEqualTo(2);
  }

  @Test
  void anAnswerFromBeforeAChangeIsNotStored() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    edge.origin.behave(
        request -> {
          if (request.requestLine().startsWith("POST")) {
            request.ok("done");
            return;
          }
          wait(gate);
          request.send(
              "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 3\r\n\r\nold");
        });
    List<RawClient> before = viewers(1, "/doc");
    await().until(() -> edge.asked("/doc") == 1);
    assertThat(edge.ask("POST", "/doc", "Content-Length: 0").text()).isEqualTo("done");
    gate.countDown();
    assertThat(answers(before).getFirst().text()).isEqualTo("old");
    edge.origin.behave(
        request ->
            request.send(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 3\r\n\r\nnew"));
    assertThat(edge.get("/doc").text()).isEqualTo("new");
  }
}
