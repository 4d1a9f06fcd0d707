package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.connection.LoopsFixture;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.fixture.NameServer;
import dev.portico.gateway.fixture.OriginServer;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins behind names: which address is asked, which is not, and who answers instead. */
class OriginAddressesIT {
  private static final String NAME = "app.example.org";
  private NameServer names;
  private OriginServer one;
  private OriginServer two;
  private OriginFixture fixture;

  @BeforeEach
  void start() throws IOException {
    names = new NameServer();
    one = new OriginServer(request -> request.ok("one"));
    two = OriginServer.at("127.0.0.2", one.port(), request -> request.ok("two"));
    fixture = new OriginFixture(OriginFixture.reach(names.address(), ""));
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    one.close();
    two.close();
    names.close();
  }

  private OriginFixture.Shape origin() {
    return OriginFixture.at(NAME, one.port());
  }

  private String ask(HttpOrigin origin) {
    Answer answer = fixture.get(origin, "/");
    assertThat(answer.status()).isEqualTo(200);
    return answer.text();
  }

  private static OriginServer.Behaviour dead(AtomicInteger asked) {
    return request -> {
      asked.incrementAndGet();
      request.socket().close();
    };
  }

  // Names.

  @Test
  void asksEveryAddress() {
    names.name(NAME, 60, "127.0.0.1", "127.0.0.2");
    HttpOrigin origin = origin().make();
    await().until(() -> !ask(origin).equals(ask(origin)));
  }

  @Test
  void asksNameServersOverIoUringToo() {
    if (!IoUring.isAvailable()) {
      assertThatIllegalStateException().isThrownBy(() -> LoopsFixture.of(1, "io_uring"));
      return;
    }
    names.name(NAME, 60, "127.0.0.2");
    try (OriginFixture other =
        new OriginFixture(
            OriginFixture.reach(names.address(), ""), LoopsFixture.of(1, "io_uring"))) {
      Answer answer = other.get(origin().make(), "/");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("two");
    }
    assertThat(names.asked(NAME)).isEqualTo(1);
  }

  @Test
  void prefersTheAddressWithFewerRequestsUnderWay() {
    names.name(NAME, 60, "127.0.0.1", "127.0.0.2");
    CountDownLatch release = new CountDownLatch(1);
    OriginServer.Behaviour slow =
        request -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.ok("ok");
        };
    one.behave(slow);
    two.behave(slow);
    HttpOrigin origin = origin().make();
    Answer[] answers = new Answer[8];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = fixture.get(origin, "/");
    }
    await().until(() -> one.requests().size() + two.requests().size() == 8);
    assertThat(one.requests()).hasSize(4);
    release.countDown();
    for (Answer answer : answers) {
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void asksDnsAgainWhenTheTimeIsOverAndNotBefore() {
    names.name(NAME, 4, "127.0.0.1");
    HttpOrigin origin = origin().make();
    assertThat(ask(origin)).isEqualTo("one");
    assertThat(ask(origin)).isEqualTo("one");
    assertThat(names.asked(NAME)).isEqualTo(1);
    names.name(NAME, 60, "127.0.0.2");
    await().until(() -> ask(origin).equals("two"));
    assertThat(ask(origin)).isEqualTo("two");
    assertThat(names.asked(NAME)).isEqualTo(2);
  }

  @Test
  void aNameThatDoesNotExistIsUnreachable() {
    Answer answer = fixture.get(OriginFixture.at("no.example.org", one.port()).make(), "/");
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_UNREACHABLE);
  }

  @Test
  void aNameServerThatDoesNotAnswerIsNotWaitedForLongerThanAConnection() throws IOException {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        OriginFixture lost =
            new OriginFixture(OriginFixture.reach("127.0.0.1:" + silent.getLocalPort(), ""))) {
      HttpOrigin origin = origin().connect(Duration.ofMillis(200)).make();
      Answer answer = lost.get(origin, "/");
      assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_UNREACHABLE);
      assertThat(answer.failure()).hasMessageContaining("in time");
    }
  }

  @Test
  void namesOfTheHostsFileNeedNoNameServer() {
    Answer answer = fixture.get(OriginFixture.at("localhost", one.port()).make(), "/").done();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(names.asked("localhost")).isZero();
  }

  // Addresses that are refused (design, section 7).

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "169.254.169.254",
        "10.0.0.1",
        "0.0.0.0",
        "localhost"
      })
  void mustNotGoInside(String host) {
    int before = one.connections();
    try (OriginFixture strict =
        new OriginFixture(new ReachSettings(10, 10, "", "", names.address()))) {
      Answer answer = strict.get(OriginFixture.at(host, one.port()).make(), "/");
      assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_REFUSED);
      assertThat(answer.failure()).hasMessageContaining("refused");
    }
    assertThat(one.connections()).isEqualTo(before);
  }

  /** DNS rebinding: what counts is the address that is connected to. */
  @Test
  void mustCheckAgainAfterEveryResolution() {
    names.name(NAME, 1, "127.0.0.2");
    try (OriginFixture strict =
        new OriginFixture(new ReachSettings(10, 10, "127.0.0.2", "", names.address()))) {
      HttpOrigin origin = origin().make();
      assertThat(strict.get(origin, "/").done().text()).isEqualTo("two");
      names.name(NAME, 60, "127.0.0.1");
      await()
          .until(
              () -> {
                Answer answer = strict.get(origin, "/").done();
                return answer.failure() != null
                    && answer.failure().error() == EdgeError.ORIGIN_REFUSED;
              });
    }
    assertThat(one.requests()).isEmpty();
  }

  @Test
  void asksThoseThatMayBeAskedAmongOthersThatMayNot() {
    names.name(NAME, 60, "169.254.169.254", "10.0.0.1", "127.0.0.2");
    HttpOrigin origin = origin().make();
    for (int i = 0; i < 10; i++) {
      assertThat(ask(origin)).isEqualTo("two");
    }
  }

  // Tries at other addresses.

  @Test
  void goesToAnotherAddressWhenOneDoesNotAnswer() {
    names.name(NAME, 60, "127.0.0.1", "127.0.0.2");
    AtomicInteger asked = new AtomicInteger();
    one.behave(dead(asked));
    HttpOrigin origin = origin().attempts(2).make();
    await()
        .until(
            () -> {
              assertThat(ask(origin)).isEqualTo("two");
              return asked.get() > 2;
            });
  }

  @Test
  void anAddressThatCannotBeConnectedToCostsNoTryWhateverTheMethod() {
    names.name(NAME, 60, "127.0.0.9", "127.0.0.2");
    HttpOrigin origin = origin().make();
    for (int i = 0; i < 10; i++) {
      Answer answer = fixture.send(OriginFixture.request(origin, "POST", "/", 3));
      answer.write("abc").finish();
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  // Breaker.

  @Test
  void leavesAnAddressAloneThatFailsTooOften() {
    names.name(NAME, 60, "127.0.0.1", "127.0.0.2");
    AtomicInteger asked = new AtomicInteger();
    one.behave(dead(asked));
    HttpOrigin origin = origin().attempts(2).breaker(3, Duration.ofMinutes(1)).make();
    for (int i = 0; i < 50; i++) {
      assertThat(ask(origin)).isEqualTo("two");
    }
    assertThat(asked).hasValue(3);
    assertThat(fixture.client().knownDown(origin)).isFalse();
  }

  @Test
  void isKnownToBeDownWhenAllAddressesAreAndThenFailsAtOnce() {
    names.name(NAME, 60, "127.0.0.1");
    AtomicInteger asked = new AtomicInteger();
    one.behave(dead(asked));
    HttpOrigin origin = origin().breaker(2, Duration.ofMinutes(1)).make();
    assertThat(fixture.client().knownDown(origin)).isFalse();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(fixture.client().knownDown(origin)).isFalse();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(fixture.client().knownDown(origin)).isTrue();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_DOWN);
    assertThat(asked).hasValue(2);
  }

  @Test
  void oneRequestTriesWhenTheTimeIsOverAndTheOthersComeAfterIt() {
    names.name(NAME, 60, "127.0.0.1");
    AtomicInteger asked = new AtomicInteger();
    one.behave(dead(asked));
    HttpOrigin origin = origin().breaker(1, Duration.ofSeconds(3)).make();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    CountDownLatch release = new CountDownLatch(1);
    one.behave(
        request -> {
          asked.incrementAndGet();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          request.ok("back");
        });
    await().until(() -> !fixture.client().knownDown(origin));
    Answer trying = fixture.get(origin, "/");
    await().until(() -> asked.get() == 2);
    assertThat(fixture.client().knownDown(origin)).isTrue();
    assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_DOWN);
    release.countDown();
    assertThat(trying.status()).isEqualTo(200);
    assertThat(ask(origin)).isEqualTo("back");
  }

  /** It answered, whatever it said: that is for the site's error rules. */
  @Test
  void aStatusIsNoFailure() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(request -> request.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
    HttpOrigin origin = origin().breaker(1, Duration.ofMinutes(1)).make();
    assertThat(fixture.get(origin, "/").status()).isEqualTo(503);
    assertThat(fixture.client().knownDown(origin)).isFalse();
  }

  @Test
  void aCheckFindsAnOriginWellAgainBeforeAnyRequestMustTry() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(dead(new AtomicInteger()));
    HttpOrigin origin =
        origin().breaker(1, Duration.ofMinutes(10)).probe("/health", Duration.ofMillis(100)).make();
    fixture.get(origin, "/").done();
    assertThat(fixture.client().knownDown(origin)).isTrue();
    one.behave(request -> request.ok("well"));
    await().until(() -> !fixture.client().knownDown(origin));
    assertThat(one.requests().getLast().requestLine()).isEqualTo("GET /health HTTP/1.1");
    // A check that takes longer than its interval closes the way for a moment.
    await().untilAsserted(() -> assertThat(ask(origin)).isEqualTo("well"));
  }

  @Test
  void aCheckFindsAnOriginIllBeforeAViewerDoes() {
    names.name(NAME, 60, "127.0.0.1");
    HttpOrigin origin =
        origin().breaker(2, Duration.ofMinutes(10)).probe("/health", Duration.ofMillis(100)).make();
    assertThat(ask(origin)).isEqualTo("one");
    one.behave(request -> request.send("HTTP/1.1 500 Ill\r\nContent-Length: 0\r\n\r\n"));
    await().until(() -> fixture.client().knownDown(origin));
  }

  // A second origin.

  private HttpOrigin second() {
    return OriginFixture.at("127.0.0.2", two.port()).prefix("/spare").make();
  }

  @Test
  void anotherOriginAnswersWhenTheFirstDoesNot() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(dead(new AtomicInteger()));
    OriginRequest request = OriginFixture.request(origin().failover(503).make(), "GET", "/x", 0);
    Answer answer = fixture.send(request.orElse(second()));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("two");
    OriginServer.Request last = two.requests().getLast();
    assertThat(last.requestLine()).isEqualTo("GET /spare/x HTTP/1.1");
    assertThat(last.header("host")).isEqualTo("127.0.0.2:" + two.port());
  }

  @Test
  void anotherOriginAnswersOnChosenStatusesAndNothingOfTheFirstIsSeen() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(request -> request.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"));
    HttpOrigin first = origin().failover(503).make();
    Answer answer = fixture.send(OriginFixture.request(first, "GET", "/", 0).orElse(second()));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("two");
    assertThat(answer.events()).containsExactly("head", "end");
    one.behave(request -> request.send("HTTP/1.1 500 Ill\r\nContent-Length: 3\r\n\r\nill"));
    Answer other = fixture.send(OriginFixture.request(first, "GET", "/", 0).orElse(second()));
    assertThat(other.status()).isEqualTo(500);
  }

  @Test
  void anotherOriginIsAskedAtOnceWhenTheFirstIsKnownToBeDown() {
    names.name(NAME, 60, "127.0.0.1");
    AtomicInteger asked = new AtomicInteger();
    one.behave(dead(asked));
    HttpOrigin first = origin().breaker(1, Duration.ofMinutes(1)).failover(503).make();
    for (int i = 0; i < 5; i++) {
      OriginRequest request = OriginFixture.request(first, "GET", "/", 0).orElse(second());
      assertThat(fixture.send(request).status()).isEqualTo(200);
    }
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void noOtherOriginIsAskedToChangeAnything(String method) {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(request -> request.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
    HttpOrigin first = origin().failover(503).make();
    Answer answer = fixture.send(OriginFixture.request(first, method, "/", 0).orElse(second()));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(two.requests()).isEmpty();
  }

  @Test
  void noOtherOriginIsAskedOnceAnythingWasPassedOn() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
          request.socket().close();
        });
    HttpOrigin first = origin().failover(503).make();
    Answer answer = fixture.send(OriginFixture.request(first, "GET", "/", 0).orElse(second()));
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(two.requests()).isEmpty();
  }

  @Test
  void theSecondOriginHasNoThird() {
    names.name(NAME, 60, "127.0.0.1");
    one.behave(dead(new AtomicInteger()));
    two.behave(dead(new AtomicInteger()));
    HttpOrigin first = origin().failover(503).make();
    Answer answer = fixture.send(OriginFixture.request(first, "GET", "/", 0).orElse(second()));
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
  }
}
