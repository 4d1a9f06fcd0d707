package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1 connections, byte for byte. */
class GatewayHttp1IT {
  private static final String HOST = "demo.localhost";
  private static ContentServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentServer();
    content.site(
        "demo",
        content
            .deployment("aaaaaaaaaaaaaaaaaaaa")
            .file("/index.html", "text/html; charset=utf-8", "home")
            .file("/a.txt", "text/plain; charset=utf-8", "A")
            .file("/b.txt", "text/plain; charset=utf-8", "B".repeat(20_000))
            .file("/empty.txt", "text/plain; charset=utf-8", ""));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal", content.url(),
            "portico.origin.content-api", content.url(),
            "portico.listener.max-request-line", "1024",
            "portico.listener.max-header-size", "2048",
            "portico.listener.header-timeout", "2s",
            "portico.listener.idle-timeout", "5s");
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
  }

  private static RawClient client() throws IOException {
    return new RawClient(gateway.port());
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException {
    try (RawClient client = client()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append(RawClient.head("GET", HOST, i % 2 == 0 ? "/a.txt" : "/b.txt"));
      }
      client.send(requests.toString());
      for (int i = 0; i < 50; i++) {
        RawClient.Response response = client.read();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).startsWith(i % 2 == 0 ? "A" : "B");
      }
    }
  }

  @Test
  void aHitDoesNotOvertakeASlowAnswerBeforeIt() throws IOException {
    content.slowApi(300);
    try (RawClient client = client()) {
      client.get(HOST, "/a.txt").read();
      client.send(
          RawClient.head("GET", "localhost", "/v1/slow")
              + RawClient.head("GET", HOST, "/a.txt")
              + RawClient.head("GET", "localhost", "/v1/slow")
              + RawClient.head("GET", HOST, "/nothing"));
      assertThat(client.read().text()).isEqualTo("slow");
      assertThat(client.read().text()).isEqualTo("A");
      assertThat(client.read().text()).isEqualTo("slow");
      assertThat(client.read().status()).isEqualTo(404);
    }
  }

  @Test
  void acceptsRequestsInArbitraryPieces() throws IOException {
    try (RawClient client = client()) {
      for (char c : RawClient.head("GET", HOST, "/a.txt").toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.read().text()).isEqualTo("A");
    }
  }

  @Test
  void headHasTheHeadOfGetAndNoBody() throws IOException {
    try (RawClient client = client()) {
      RawClient.Response get = client.get(HOST, "/b.txt").read();
      RawClient.Response head = client.send(RawClient.head("HEAD", HOST, "/b.txt")).read(false);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("20000");
      assertThat(head.header("etag")).isEqualTo(get.header("etag"));
      assertThat(client.send(RawClient.head("HEAD", HOST, "/no")).read(false).status())
          .isEqualTo(404);
      assertThat(client.get(HOST, "/a.txt").read().text()).isEqualTo("A");
      assertThat(client.get(HOST, "/empty.txt").read().header("content-length")).isEqualTo("0");
    }
  }

  @Test
  void otherMethodsAreToldWhatIsAllowed() throws IOException {
    try (RawClient client = client()) {
      RawClient.Response post =
          client.send(RawClient.head("POST", HOST, "/a.txt", "Content-Length: 3") + "abc").read();
      assertThat(post.status()).isEqualTo(405);
      assertThat(post.header("allow")).isEqualTo("GET, HEAD");
      RawClient.Response options = client.send(RawClient.head("OPTIONS", HOST, "/a.txt")).read();
      assertThat(options.status()).as("the default allows GET and HEAD only").isEqualTo(405);
      assertThat(options.header("allow")).isEqualTo("GET, HEAD");
      assertThat(client.send(RawClient.head("OPTIONS", HOST, "*")).read().status()).isEqualTo(405);
      assertThat(client.get(HOST, "/a.txt").read().text()).isEqualTo("A");
    }
  }

  @Test
  void closesWhenAskedAndByDefaultInHttp10() throws IOException {
    try (RawClient client = client()) {
      RawClient.Response response = client.get(HOST, "/a.txt", "Connection: close").read();
      assertThat(response.header("connection")).isEqualTo("close");
      assertThat(client.closed()).isTrue();
    }
    try (RawClient client = client()) {
      client.send("GET /a.txt HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n");
      assertThat(client.read().header("connection")).isEqualTo("close");
      assertThat(client.closed()).isTrue();
    }
    try (RawClient client = client()) {
      String request =
          "GET /a.txt HTTP/1.0\r\nHost: " + HOST + "\r\nConnection: keep-alive\r\n\r\n";
      assertThat(client.send(request).read().header("connection")).isEqualTo("keep-alive");
      assertThat(client.send(request).read().text()).isEqualTo("A");
    }
  }

  @Test
  void answersAViewerThatHasClosedItsSendingSide() throws IOException {
    try (RawClient client = client()) {
      client.get(HOST, "/b.txt");
      client.socket().shutdownOutput();
      assertThat(client.read().text()).hasSize(20_000);
      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing host|GET / HTTP/1.1~~|400",
        "two hosts|GET / HTTP/1.1~Host: a~Host: a~~|400",
        "bad host|GET / HTTP/1.1~Host: a b~~|400",
        "user info|GET http://u@demo.localhost/ HTTP/1.1~Host: demo.localhost~~|400",
        "both framings|POST / HTTP/1.1~Host: a~Content-Length: 3~Transfer-Encoding: chunked~~0~~|400",
        "two lengths|POST / HTTP/1.1~Host: a~Content-Length: 3~Content-Length: 4~~abc|400",
        "equal lengths|POST / HTTP/1.1~Host: a~Content-Length: 3~Content-Length: 3~~abc|400",
        "length list|POST / HTTP/1.1~Host: a~Content-Length: 3, 3~~abc|400",
        "signed length|POST / HTTP/1.1~Host: a~Content-Length: +3~~abc|400",
        "hidden coding|POST / HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~|400",
        "coding list|POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~|400",
        "space before colon|GET / HTTP/1.1~Host : a~~|400",
        "bare LF|GET / HTTP/1.1^Host: a^^|400",
        "bad name|GET / HTTP/1.1~Host: a~X(: 1~~|400",
        "no target|GET HTTP/1.1~Host: a~~|400",
        "space in target|GET /a b HTTP/1.1~Host: a~~|400",
        "bad version|GET / HTTP/9.9~Host: a~~|505",
        "connect|CONNECT a:80 HTTP/1.1~Host: a~~|501",
        "expectation|GET / HTTP/1.1~Host: a~Expect: magic~~|417",
        "backslash|GET /a%5cb HTTP/1.1~Host: demo.localhost~~|400",
        "encoded slash|GET /a%2Fb HTTP/1.1~Host: demo.localhost~~|400",
        "NUL|GET /a%00 HTTP/1.1~Host: demo.localhost~~|400",
        "unknown host|GET / HTTP/1.1~Host: no.localhost~~|404",
        "unknown host|GET / HTTP/1.1~Host: example.org~~|404",
      })
  void refusesAtTheDoor(String name, String request, int status) throws IOException {
    try (RawClient client = client()) {
      client.send(request.replace("~", "\r\n").replace("^", "\n"));
      RawClient.Response response = client.read();
      assertThat(response.status()).as(name).isEqualTo(status);
      assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(response.header("cache-control")).isEqualTo("no-store");
    }
  }

  @Test
  void nothingBehindAnAmbiguousRequestIsAnswered() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              + RawClient.head("GET", HOST, "/a.txt"));
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void limitsTheSizeOfHeads() throws IOException {
    try (RawClient client = client()) {
      client.get(HOST, "/" + "a".repeat(2_000));
      assertThat(client.read().status()).isEqualTo(414);
    }
    try (RawClient client = client()) {
      client.get(HOST, "/", "X: " + "a".repeat(3_000));
      assertThat(client.read().status()).isEqualTo(431);
      assertThat(client.closed()).isTrue();
    }
  }

  /** Few bytes, but each field costs time and memory of its own; Host is one of them. */
  @Test
  void limitsTheNumberOfFields() throws IOException {
    String[] fields = new String[199];
    Arrays.fill(fields, "X: 1");
    try (RawClient client = client()) {
      assertThat(client.get(HOST, "/a.txt", fields).read().status()).isEqualTo(200);
      String[] more = Arrays.copyOf(fields, 200);
      more[199] = "Connection: X"; // What it names counts too, though it goes no further.
      client.get(HOST, "/a.txt", more).get(HOST, "/a.txt");
      RawClient.Response refused = client.read();
      assertThat(refused.status()).isEqualTo(431);
      assertThat(refused.header("cache-status")).isEqualTo("portico; detail=headers-too-large");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void cutsAViewerThatSendsItsHeadTooSlowly() throws IOException {
    try (RawClient client = client()) {
      long start = System.nanoTime();
      client.send("GET / HT");
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(9_000);
      client.socket().shutdownOutput();
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void closesIdleConnections() throws IOException {
    try (RawClient client = client()) {
      client.get(HOST, "/a.txt").read();
      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5\r\nab", "zz\r\n", "-1\r\nab\r\n", "1\r\nabc\r\n"})
  void refusesBrokenChunks(String body) throws IOException {
    try (RawClient client = client()) {
      client.send(
          RawClient.head("PUT", "localhost", "/v1/upload", "Transfer-Encoding: chunked") + body);
      client.socket().shutdownOutput();
      try {
        assertThat(client.read().status()).isEqualTo(400);
      } catch (IOException e) {
        // Cut without an answer: just as well, as long as the service never saw an end.
        assertThat(content.uploads()).isZero();
      }
    }
    assertThat(content.uploads()).isZero();
  }

  @Test
  void anAbortedDownloadLeavesNothingBehind() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (RawClient client = client()) {
        client.get(HOST, "/b.txt");
        assertThat(client.in().read()).isPositive();
        client.socket().setSoLinger(true, 0);
      }
    }
    await().until(() -> gateway.connections() == 0);
  }
}
