package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.fixture.Http2OriginServer;
import dev.portico.gateway.fixture.NameServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.TestAuthority;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An HTTP/2 origin (RFC 9113), by prior knowledge and by ALPN. */
class OriginHttp2IT {
  private static final int MANY = 100;
  private static final int WINDOW = 65_535;
  private OriginFixture fixture;
  private Http2OriginServer server;

  @BeforeEach
  void start() {
    fixture = new OriginFixture();
    server = new Http2OriginServer(null, MANY, WINDOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
    server.close();
  }

  private OriginFixture.Shape origin() {
    return OriginFixture.at("127.0.0.1", server.port()).http2();
  }

  @Test
  void speaksHttp2ByPriorKnowledge() {
    server.behave(stream -> stream.ok("hello"));
    HttpOrigin origin = origin().prefix("/base").make();
    Answer answer =
        fixture.send(OriginFixture.request(origin, "GET", "/a?b", 0, "Accept", "*/*")).done();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("hello");
    assertThat(answer.framing()).isEqualTo(BodyFraming.STREAM);
    Http2OriginServer.Stream stream = server.streams().getFirst();
    assertThat(stream.field(":path")).isEqualTo("/base/a?b");
    assertThat(stream.field(":scheme")).isEqualTo("http");
    assertThat(stream.field(":authority")).isEqualTo("127.0.0.1:" + server.port());
    assertThat(stream.field("accept")).isEqualTo("*/*");
    assertThat(stream.field("host")).isEmpty();
    assertThat(stream.ended()).isTrue();
  }

  /** RFC 9113, section 6.5.2: whose head is too large has to say less; the origin is well. */
  @Test
  void aHeadThatIsTooLargeSaysNothingOfTheOrigin() {
    server.behave(stream -> stream.ok("hello"));
    HttpOrigin origin = origin().breaker(1, Duration.ofMinutes(1)).make();
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
    String large = "a".repeat(9_000); // The server's limit is 8,192.
    Answer refused =
        fixture.send(OriginFixture.request(origin, "GET", "/large", 0, "x-large", large));
    assertThat(refused.error()).isEqualTo(EdgeError.HEADERS_TOO_LARGE);
    assertThat(server.streams()).hasSize(1);
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
  }

  @Test
  void sendsManyRequestsOverOneConnection() {
    HttpOrigin origin = origin().make();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(fixture.get(origin, "/" + i));
    }
    await().until(() -> server.streams().size() == 50);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(fixture.client().connections().busy()).isEqualTo(1);
    server.streams().forEach(stream -> stream.ok(stream.field(":path")));
    for (int i = 0; i < 50; i++) {
      assertThat(answers.get(i).status()).isEqualTo(200);
      assertThat(answers.get(i).text()).isEqualTo("/" + i);
    }
    await().until(() -> fixture.client().connections().busy() == 0);
    assertThat(fixture.client().connections().idle()).isEqualTo(1);
  }

  /** RFC 9113, section 5.1.2. */
  @Test
  void mustNotOpenMoreStreamsThanAllowed() {
    server.close();
    server = new Http2OriginServer(null, 2, WINDOW);
    try (OriginFixture narrow = new OriginFixture(new ReachSettings(1, 10, "127.0.0.1", "", ""))) {
      HttpOrigin origin = origin().make();
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(narrow.get(origin, "/"));
      }
      await().until(() -> server.streams().size() == 2);
      server.behave(stream -> stream.ok("ok"));
      List.copyOf(server.streams()).forEach(stream -> stream.ok("ok"));
      for (Answer answer : answers) {
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(server.streams()).hasSize(6);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  /** One connection that is being opened is for many. */
  @Test
  void thoseThatAConnectionWillServeDoNotWaitForOne() {
    try (OriginFixture narrow = new OriginFixture(new ReachSettings(1, 0, "127.0.0.1", "", ""))) {
      List<Answer> answers = narrow.getAtOnce(origin().make(), 65);
      assertThat(answers.getLast().error()).isEqualTo(EdgeError.ORIGIN_BUSY);
      await().until(() -> server.streams().size() == 64);
      server.streams().forEach(stream -> stream.ok("ok"));
      for (Answer answer : answers.subList(0, 64)) {
        assertThat(answer.status()).isEqualTo(200);
      }
    }
  }

  @Test
  void opensAnotherConnectionWhenOneIsFull() {
    server.close();
    server = new Http2OriginServer(null, 2, WINDOW);
    HttpOrigin origin = origin().make();
    for (int i = 0; i < 4; i++) {
      fixture.get(origin, "/");
    }
    await().until(() -> server.streams().size() == 4);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void passesTrailersAndHintsBothWays() {
    server.behave(stream -> {});
    Answer answer =
        fixture.send(OriginFixture.request(origin().make(), "POST", "/", -1, "te", "trailers"));
    answer.write("abc").finish("x-sum", "7");
    await().until(() -> !server.streams().isEmpty());
    Http2OriginServer.Stream stream = server.streams().getFirst();
    // Whoever has its whole answer does not send the rest of its request.
    await().until(() -> stream.trailer("x-sum").equals("7"));
    stream.head(103, false, "link", "</a>");
    stream.head(200, false, "content-type", "application/grpc");
    stream.data("ok", false);
    stream.trailers("grpc-status", "0");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.events()).containsExactly("103 </a>", "head", "end");
    assertThat(answer.trailers().first("grpc-status")).isEqualTo("0");
    assertThat(stream.field("te")).isEqualTo("trailers");
    assertThat(stream.received()).isEqualTo(3);
  }

  /** RFC 9113, section 8.2.1: written as HTTP/1.1 it would be more than one line. */
  @ParameterizedTest
  @ValueSource(strings = {"x\r\nSet-Cookie: a=b", "x\u0001", "\u007f"})
  void aControlCharacterInAFieldMakesAResponseInvalid(String value) {
    server.behave(stream -> stream.head(200, true, "trailer", value));
    assertThat(fixture.get(origin().make(), "/").error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
    server.behave(stream -> stream.head(200, false).data("x", false).trailers("x-sum", value));
    assertThat(fixture.get(origin().make(), "/").error()).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
  }

  /** RFC 9113, section 8.7. */
  @Test
  void aRefusedStreamIsAskedAgainWhateverTheMethod() {
    AtomicInteger asked = new AtomicInteger();
    server.behave(
        stream -> {
          if (asked.incrementAndGet() == 1) {
            stream.reset(Http2Error.REFUSED_STREAM);
          } else {
            stream.ok("ok");
          }
        });
    Answer answer = fixture.send(OriginFixture.request(origin().make(), "POST", "/", 0));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(asked).hasValue(2);
  }

  @Test
  void anyOtherResetIsAFailure() {
    server.behave(stream -> stream.head(200, false).data("half", false).reset(Http2Error.CANCEL));
    Answer answer = fixture.get(origin().make(), "/");
    assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(answer.events()).doesNotContain("end");
  }

  /** RFC 9113, section 6.8: what is above the last stream was not acted on. */
  @Test
  void streamsAboveTheLastOneOfGoAwayAreAskedAgain() {
    HttpOrigin origin = origin().make();
    Answer first = fixture.send(OriginFixture.request(origin, "POST", "/1", 0));
    await().until(() -> server.streams().size() == 1);
    Answer second = fixture.send(OriginFixture.request(origin, "POST", "/2", 0));
    await().until(() -> server.streams().size() == 2);
    assertThat(server.connections()).isEqualTo(1);
    server.behave(stream -> stream.ok("again"));
    Http2OriginServer.Stream kept = server.streams().getFirst();
    kept.goAwayAfterThis();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo("again");
    assertThat(server.connections()).isEqualTo(2);
    kept.ok("late");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.text()).isEqualTo("late");
  }

  /** It may be a connection that leads nowhere any more: others must not wait on it as well. */
  @Test
  void aConnectionThatHasFallenSilentTakesNoMoreRequests() {
    HttpOrigin origin = origin().make();
    HttpOrigin hasty = origin().firstByte(Duration.ofMillis(200)).make();
    server.behave(stream -> stream.ok("ok"));
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
    server.behave(stream -> {});
    assertThat(fixture.get(hasty, "/").error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
    server.behave(stream -> stream.ok("ok"));
    assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionThatIsCutFailsAllItsStreams() {
    HttpOrigin origin = origin().make();
    Answer one = fixture.send(OriginFixture.request(origin, "POST", "/", 0));
    Answer two = fixture.send(OriginFixture.request(origin, "POST", "/", 0));
    await().until(() -> server.streams().size() == 2);
    server.streams().get(0).head(200, false).data("half", false);
    await().until(() -> one.text().equals("half") || two.text().equals("half"));
    server.streams().get(0).cutConnection();
    assertThat(one.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
    assertThat(two.error()).isEqualTo(EdgeError.ORIGIN_CLOSED);
  }

  /** RFC 9113, section 8.1.1: a malformed response. */
  @Test
  void mustNotTakeABodyOfAnotherLengthForWhole() {
    server.behave(stream -> stream.head(200, false, "content-length", "10").data("short", true));
    Answer answer = fixture.get(origin().make(), "/").done();
    assertThat(answer.failure()).isNotNull();
    assertThat(answer.events()).doesNotContain("end");
    server.behave(stream -> stream.head(200, false, "content-length", "2").data("long", true));
    Answer other = fixture.get(origin().make(), "/").done();
    assertThat(other.failure()).isNotNull();
    assertThat(other.events()).doesNotContain("end");
  }

  @Test
  void readsTheHeadOfHead() {
    server.behave(stream -> stream.head(200, true, "content-length", "99"));
    Answer head = fixture.send(OriginFixture.request(origin().make(), "HEAD", "/", 0)).done();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.length()).isEqualTo(99);
  }

  @Test
  void aStreamThatIsNotReadStopsNoOther() {
    int size = 4 << 20;
    server.behave(
        stream -> {
          stream.head(200, false);
          for (int i = 0; i < 64; i++) {
            stream.data("x".repeat(size / 64), i == 63);
          }
        });
    HttpOrigin origin = origin().make();
    Answer[] paused = new Answer[10];
    for (int i = 0; i < paused.length; i++) {
      paused[i] = fixture.getPaused(origin, "/" + i);
    }
    Answer read = fixture.get(origin, "/read");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.size()).isEqualTo(size);
    for (Answer answer : paused) {
      assertThat(answer.size()).isLessThan(1 << 20);
      answer.resume();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.size()).isEqualTo(size);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void sendsNoFasterThanTheOriginReads() {
    long size = 8 << 20;
    server.behave(stream -> stream.channel().config().setAutoRead(false));
    Answer answer = fixture.send(OriginFixture.request(origin().make(), "PUT", "/", size));
    Thread uploading = Thread.ofVirtual().start(() -> answer.upload(size));
    await().until(() -> !server.streams().isEmpty() && !answer.takesMore());
    Http2OriginServer.Stream stream = server.streams().getFirst();
    assertThat(stream.received()).isLessThan(1 << 20);
    stream.channel().config().setAutoRead(true);
    await().until(() -> !uploading.isAlive() && stream.received() == size && stream.ended());
    stream.ok("got");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void limitsTheTimeToTheHeadAndResetsTheStreamAlone() {
    HttpOrigin origin = origin().make();
    Answer other = fixture.get(origin, "/other");
    await().until(() -> server.streams().size() == 1);
    HttpOrigin hasty = origin().firstByte(Duration.ofMillis(200)).make();
    assertThat(fixture.get(hasty, "/").error()).isEqualTo(EdgeError.ORIGIN_TIMEOUT);
    assertThat(server.connections()).isEqualTo(1);
    await()
        .until(
            () ->
                server.streams().size() == 2
                    && server.streams().get(1).resetWith() == Http2Error.CANCEL.code());
    server.streams().get(0).ok("fine");
    assertThat(other.status()).isEqualTo(200);
  }

  @Test
  void cancellingResetsTheStream() {
    Answer answer = fixture.get(origin().make(), "/");
    await().until(() -> server.streams().size() == 1);
    answer.cancel();
    await().until(() -> server.streams().getFirst().resetWith() == Http2Error.CANCEL.code());
    assertThat(answer.events()).isEmpty();
  }

  @Test
  void aServerThatSpeaksNoHttp2IsUnreachable() throws IOException {
    try (OriginServer old =
        new OriginServer(
            request -> request.send("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"))) {
      HttpOrigin origin = OriginFixture.at("127.0.0.1", old.port()).http2().make();
      assertThat(fixture.get(origin, "/").error()).isEqualTo(EdgeError.ORIGIN_UNREACHABLE);
    }
  }

  @Test
  void withTlsTheVersionIsAgreedOn(@TempDir Path folder) throws Exception {
    TestAuthority authority = new TestAuthority();
    String file = authority.store(folder.resolve("ca.pem")).toString();
    TestAuthority.Identity identity = authority.issue("app.example.org", Duration.ofDays(1));
    try (NameServer names = new NameServer();
        OriginFixture tls = new OriginFixture(OriginFixture.reach(names.address(), file));
        Http2OriginServer http2 = new Http2OriginServer(identity, MANY, WINDOW);
        OriginServer http1 =
            OriginServer.tls(identity.context(), request -> request.ok("by HTTP/1.1"))) {
      names.name("app.example.org", 60, "127.0.0.1");
      http2.behave(stream -> stream.ok("by HTTP/2"));
      HttpOrigin new2 = OriginFixture.at("app.example.org", http2.port()).tls().http2().make();
      assertThat(tls.get(new2, "/").done().text()).isEqualTo("by HTTP/2");
      assertThat(http2.streams().getFirst().field(":scheme")).isEqualTo("https");
      HttpOrigin old1 = OriginFixture.at("app.example.org", http1.port()).tls().http2().make();
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(tls.get(old1, "/"));
      }
      for (Answer answer : answers) {
        assertThat(answer.done().text()).isEqualTo("by HTTP/1.1");
      }
    }
  }
}
