package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.fixture.NameServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.TestAuthority;
import dev.portico.gateway.origin.wire.BodyFraming;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards origins: who is believed. */
class OriginTlsIT {
  private static final String NAME = "app.example.org";
  private static final Duration DAY = Duration.ofDays(1);
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static NameServer names;
  private static OriginFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    authority = new TestAuthority();
    names = new NameServer();
    names.name(NAME, 60, "127.0.0.1");
    Path file = authority.store(folder.resolve("ca.pem"));
    fixture = new OriginFixture(OriginFixture.reach(names.address(), file.toString()));
  }

  @AfterAll
  static void stop() {
    fixture.close();
    names.close();
  }

  private static OriginServer server(TestAuthority.Identity identity) throws IOException {
    return OriginServer.tls(identity.context(), request -> request.ok("secret"));
  }

  private static OriginFixture.Shape origin(OriginServer server) {
    return OriginFixture.at(NAME, server.port()).tls();
  }

  @Test
  void believesACertificateOfAnAuthorityThatTheOperatorLists() throws IOException {
    try (OriginServer server = server(authority.issue(NAME, DAY))) {
      HttpOrigin origin = origin(server).make();
      Answer answer = fixture.get(origin, "/").done();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("secret");
      assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void asksForTheNameOfTheOrigin() throws IOException {
    String[] asked = {""};
    try (OriginServer server = server(authority.issue(NAME, DAY))) {
      server.behave(
          request -> {
            ExtendedSSLSession session =
                (ExtendedSSLSession) ((SSLSocket) request.socket()).getSession();
            asked[0] = ((SNIHostName) session.getRequestedServerNames().getFirst()).getAsciiName();
            request.ok("ok");
          });
      // Whatever Host says.
      HttpOrigin origin = origin(server).field("Host", "www.example.org").make();
      assertThat(fixture.get(origin, "/").status()).isEqualTo(200);
      assertThat(asked[0]).isEqualTo(NAME);
    }
  }

  private static void refuses(TestAuthority.Identity identity) throws IOException {
    try (OriginServer server = server(identity)) {
      Answer answer = fixture.get(origin(server).make(), "/");
      assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_UNTRUSTED);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void mustRefuseACertificateOfAnotherName() throws IOException {
    refuses(authority.issue("other.example.org", DAY));
  }

  @Test
  void mustRefuseACertificateThatHasExpired() throws IOException {
    refuses(authority.issue(NAME, Duration.ofDays(-1)));
  }

  @Test
  void mustRefuseACertificateOfAnAuthorityThatNobodyLists() throws IOException {
    refuses(new TestAuthority().issue(NAME, DAY));
  }

  @Test
  void refusesAServerThatSpeaksNoTls() throws IOException {
    try (OriginServer server = new OriginServer(request -> request.ok("clear"))) {
      Answer answer = fixture.get(origin(server).make(), "/");
      assertThat(answer.error()).isEqualTo(EdgeError.ORIGIN_UNTRUSTED);
    }
  }

  @Test
  void believesAnyoneOnlyWhereTheSettingsSaySo() throws IOException {
    try (OriginServer server = server(new TestAuthority().issue("other.example.org", DAY))) {
      assertThat(fixture.get(origin(server).unverified().make(), "/").status()).isEqualTo(200);
      // A connection that was not checked must serve nobody who wants it checked.
      assertThat(fixture.get(origin(server).make(), "/").error())
          .isEqualTo(EdgeError.ORIGIN_UNTRUSTED);
    }
  }

  @Test
  void limitsTheTimeOfAHandshake() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      HttpOrigin origin =
          OriginFixture.at(NAME, silent.getLocalPort())
              .tls()
              .connect(Duration.ofMillis(300))
              .make();
      assertThat(fixture.get(origin, "/").error())
          .isIn(EdgeError.ORIGIN_UNTRUSTED, EdgeError.ORIGIN_UNREACHABLE);
    }
  }

  /** RFC 8446, section 6.1: without close_notify it may have been cut by anybody on the way. */
  @Test
  void mustSeeCloseNotifyAtTheEndOfABodyThatEndsWithTheConnection() throws IOException {
    try (OriginServer server = server(authority.issue(NAME, DAY))) {
      server.behave(
          request -> {
            request.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            ((SSLSocket) request.socket()).shutdownOutput();
          });
      Answer whole = fixture.get(origin(server).make(), "/").done();
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.text()).isEqualTo("all of it");
      assertThat(whole.framing()).isEqualTo(BodyFraming.CLOSE);
      server.behave(
          request -> {
            request.send("HTTP/1.1 200 OK\r\n\r\nall of it?");
            request.cut();
          });
      assertThat(fixture.get(origin(server).make(), "/").error())
          .isEqualTo(EdgeError.ORIGIN_CLOSED);
    }
  }
}
