package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two servers can read in two ways (RFC 9112, section 11.2), sorted by the section of
 * RFC 9112 that they offend: 400, the connection closed, and no byte of them with a service. Each
 * is followed by a request that must not be answered.
 */
class RequestSmugglingIT {
  private static final String BEHIND = RawClient.head("GET", "demo.localhost", "/behind.txt");
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
            .file("/behind.txt", "text/plain; charset=utf-8", "smuggled"));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal", content.url(),
            "portico.origin.content-api", content.url());
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
  }

  /** In one piece, and byte by byte: where a read ends must make no difference. */
  private static void refused(String request) throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.send(request + BEHIND);
      refused(client);
    }
    try (RawClient client = new RawClient(gateway.port())) {
      client.socket().setTcpNoDelay(true);
      try {
        for (char c : (request + BEHIND).toCharArray()) {
          client.send(String.valueOf(c));
        }
      } catch (IOException e) {
        // Closed already.
      }
      refused(client);
    }
    assertThat(content.uploads()).as("a service saw it end").isZero();
  }

  private static void refused(RawClient client) throws IOException {
    try {
      RawClient.Response response = client.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.header("connection")).isEqualTo("close");
    } catch (EOFException | java.net.SocketException e) {
      return; // Cut: a body was under way already.
    }
    client.socket().shutdownOutput();
    assertThat(client.closed()).isTrue();
  }

  private static String get(String line, String... headers) {
    StringBuilder head = new StringBuilder(line).append("\r\nHost: demo.localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static String upload(String header, String body) {
    return RawClient.head("PUT", "localhost", "/v1/upload", header) + body;
  }

  private static String chunked(String body) {
    return upload("Transfer-Encoding: chunked", body);
  }

  private static void accepted(String request) throws IOException {
    int before = content.uploads();
    try (RawClient client = new RawClient(gateway.port())) {
      assertThat(client.send(request).read().status()).isEqualTo(200);
      assertThat(client.send(BEHIND).read().text()).isEqualTo("smuggled");
    }
    assertThat(content.uploads()).isEqualTo(before + 1);
    content.forgetUploads();
  }

  /** Section 2.2: message parsing. */
  @Nested
  class Lines {
    @Test
    void bareLfBehindTheRequestLine() throws IOException {
      refused("GET / HTTP/1.1\nHost: demo.localhost\r\n\r\n");
    }

    @Test
    void bareLfBehindAField() throws IOException {
      refused("GET / HTTP/1.1\r\nHost: demo.localhost\nX: 1\r\n\r\n");
    }

    @Test
    void bareLfAtTheEndOfTheHead() throws IOException {
      refused("GET / HTTP/1.1\r\nHost: demo.localhost\r\n\n");
    }

    @Test
    void bareCrInAField() throws IOException {
      refused(get("GET / HTTP/1.1", "X: a\rContent-Length: 5"));
    }

    @Test
    void bareCrInTheRequestLine() throws IOException {
      refused(get("GET /a\rb HTTP/1.1"));
    }

    @Test
    void twoCrBeforeALf() throws IOException {
      refused(get("GET / HTTP/1.1", "X: a\r"));
    }

    @Test
    void whiteSpaceBeforeTheFirstField() throws IOException {
      refused("GET / HTTP/1.1\r\n Host: demo.localhost\r\nHost: demo.localhost\r\n\r\n");
    }

    @Test
    void controlBytesBeforeTheRequest() throws IOException {
      refused("\0" + get("GET / HTTP/1.1"));
      refused(" " + get("GET / HTTP/1.1"));
    }

    @Test
    void anEmptyLineBeforeTheRequestIsIgnored() throws IOException {
      try (RawClient client = new RawClient(gateway.port())) {
        assertThat(client.send("\r\n" + BEHIND).read().text()).isEqualTo("smuggled");
        assertThat(client.send("\r\n" + BEHIND).read().text()).isEqualTo("smuggled");
      }
    }
  }

  /** Section 3: the request line. */
  @Nested
  class RequestLine {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET  / HTTP/1.1",
          "GET /  HTTP/1.1",
          "GET / HTTP/1.1 ",
          " GET / HTTP/1.1",
          "GET\t/\tHTTP/1.1",
          "GET / x HTTP/1.1",
          "GET / http/1.1",
          "GET / HTTP/1.1x",
          "GET / HTTP /1.1",
          "GET / HTTP/11",
          "GET / HTTP/1.01",
          "GET /",
          "GET HTTP/1.1",
          "G(T / HTTP/1.1",
          "GET /a\u0001b HTTP/1.1",
          "GET /a\u007fb HTTP/1.1"
        })
    void oddLines(String line) throws IOException {
      refused(get(line));
    }

    /** Invalid, but with one end: the connection may go on. */
    @Test
    void invalidTargets() throws IOException {
      try (RawClient client = new RawClient(gateway.port())) {
        assertThat(client.send(get("GET /a#b HTTP/1.1")).read().status()).isEqualTo(400);
        assertThat(client.send(get("GET /\u00e4 HTTP/1.1")).read().status()).isEqualTo(400);
        assertThat(client.send(BEHIND).read().text()).isEqualTo("smuggled");
      }
    }

    /** Section 3.2.2. */
    @Test
    void absoluteFormThatDisagreesWithHost() throws IOException {
      refused(get("GET http://other.localhost/ HTTP/1.1"));
      refused(get("GET http://demo.localhost:81/ HTTP/1.1"));
      refused(get("GET http://user@demo.localhost/ HTTP/1.1"));
    }

    @Test
    void absoluteFormThatAgrees() throws IOException {
      try (RawClient client = new RawClient(gateway.port())) {
        assertThat(client.send(get("GET http://demo.localhost/behind.txt HTTP/1.1")).read().text())
            .isEqualTo("smuggled");
      }
    }

    /** Section 3.2. */
    @Test
    void hostMissingOrRepeated() throws IOException {
      refused("GET / HTTP/1.1\r\n\r\n");
      refused(get("GET / HTTP/1.1", "Host: demo.localhost"));
      refused(get("GET / HTTP/1.1", "host: other.localhost"));
    }
  }

  /** Section 5: field syntax. */
  @Nested
  class FieldLines {
    /** Section 5.1. */
    @Test
    void spaceBeforeTheColon() throws IOException {
      refused(get("GET / HTTP/1.1", "X : 1"));
      refused(get("GET / HTTP/1.1", "X\t: 1"));
      refused(upload("Content-Length : 3", "abc"));
      refused(upload("Transfer-Encoding : chunked", "0\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {": 1", "X", "X(: 1", "X Y: 1", "\u00e4: 1", "X\u0000: 1", "X\u000b: 1"})
    void oddNames(String line) throws IOException {
      refused(get("GET / HTTP/1.1", line));
    }

    /** Section 5.2. */
    @Test
    void foldedLines() throws IOException {
      refused(get("GET / HTTP/1.1", "X: a", " b"));
      refused(get("GET / HTTP/1.1", "X: a", "\tb"));
      refused(upload("Content-Length:\r\n 3", "abc"));
      refused(upload("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"));
      refused(upload("X: 1\r\n Content-Length: 9\r\nContent-Length: 3", "abc"));
    }

    /** RFC 9110, section 5.5. */
    @Test
    void controlBytesInValues() throws IOException {
      for (char c = 0; c < ' '; c++) {
        if (c != '\t') {
          refused(get("GET / HTTP/1.1", "X: a" + c + "b"));
        }
      }
      refused(get("GET / HTTP/1.1", "X: a\u007fb"));
      refused(get("GET / HTTP/1.1", "A-long-one-so-that-words-count: 0123456789\u0001abcdefgh"));
    }
  }

  /** Section 6: which bytes are the body. */
  @Nested
  class Framing {
    /** Section 6.3. */
    @Test
    void transferEncodingWithContentLength() throws IOException {
      refused(upload("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
      refused(upload("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"));
      refused(upload("Content-Length: 0\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Length: 3\r\nContent-Length: 4",
          "Content-Length: 3\r\nContent-Length: 3",
          "Content-Length: 3\r\ncontent-length: 3",
          "Content-Length: 3, 3",
          "Content-Length: 3,4",
          "Content-Length: +3",
          "Content-Length: -3",
          "Content-Length: 0x3",
          "Content-Length: 3 3",
          "Content-Length: 3;",
          "Content-Length: 3.0",
          "Content-Length: \"3\"",
          "Content-Length: ",
          "Content-Length: \u00b3",
          "Content-Length: 99999999999999999999"
        })
    void oddContentLengths(String field) throws IOException {
      refused(upload(field, "abc"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunkedx",
          "Transfer-Encoding: \"chunked\"",
          "Transfer-Encoding: chunked;q=1",
          "Transfer-Encoding: chunked,",
          "Transfer-Encoding: ,chunked",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity",
          "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: ",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: chunked\u0000",
          "Transfer-Encoding: ch\u00fcnked"
        })
    void oddTransferEncodings(String field) throws IOException {
      refused(upload(field, "0\r\n\r\n"));
    }

    /** Section 6.1. */
    @Test
    void transferEncodingInHttp10() throws IOException {
      String request = upload("Connection: keep-alive\r\nTransfer-Encoding: chunked", "");
      refused(request.replace("HTTP/1.1", "HTTP/1.0") + "0\r\n\r\n");
    }

    @Test
    void whatIsPlainIsAccepted() throws IOException {
      accepted(upload("Content-Length: 3", "abc"));
      accepted(upload("Content-Length:\t 3 ", "abc"));
      accepted(upload("transfer-encoding: Chunked", "3\r\nabc\r\n0\r\n\r\n"));
    }
  }

  /** Section 7.1: chunked coding. */
  @Nested
  class Chunks {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "zz\r\nabc\r\n",
          "-3\r\nabc\r\n",
          "+3\r\nabc\r\n",
          "0x3\r\nabc\r\n",
          " 3\r\nabc\r\n",
          "\t3\r\nabc\r\n",
          "3 \r\nabc\r\n",
          "3 3\r\nabc\r\n",
          "3,\r\nabc\r\n",
          "\r\nabc\r\n",
          ";a\r\nabc\r\n",
          "\"3\"\r\nabc\r\n",
          "100000003\r\nabc\r\n",
          "10000000000000003\r\nabc\r\n",
          "ffffffff\r\nabc\r\n",
          "fffffffffffffffd\r\nabc\r\n",
          "000000003\r\nabc\r\n",
          "3\nabc\r\n",
          "3\r\nabc\n",
          "3\rabc\r\n",
          "3\r\nabcd\r\n",
          "3\r\nabc0\r\n\r\n",
          "3\r\nabc\r\r\n",
          "3;a\u0000\r\nabc\r\n",
          "3;a=\r\u0001\r\nabc\r\n"
        })
    void oddChunks(String chunk) throws IOException {
      refused(chunked(chunk + "0\r\n\r\n"));
    }

    @Test
    void bareLfAtTheEnd() throws IOException {
      refused(chunked("3\r\nabc\r\n0\n\n"));
      refused(chunked("3\r\nabc\r\n0\r\n\n"));
    }

    /** Section 7.1.1: a recipient ought to limit them. */
    @Test
    void longChunkExtensions() throws IOException {
      refused(chunked("3;" + "a".repeat(1_024) + "\r\nabc\r\n0\r\n\r\n"));
      refused(chunked(("1;" + "a".repeat(1_000) + "\r\na\r\n").repeat(17) + "0\r\n\r\n"));
    }

    @Test
    void chunkExtensionsAreIgnored() throws IOException {
      accepted(chunked("3;a=\"b c\";d\r\nabc\r\n00;x\r\n\r\n"));
      accepted(chunked("3 ;a\r\nabc\r\n0\r\n\r\n"));
    }

    /** Section 7.1.2. */
    @Test
    void oddTrailers() throws IOException {
      refused(chunked("3\r\nabc\r\n0\r\nX : 1\r\n\r\n"));
      refused(chunked("3\r\nabc\r\n0\r\nX: 1\r\n 2\r\n\r\n"));
      refused(chunked("3\r\nabc\r\n0\r\nX: 1\u0000\r\n\r\n"));
      refused(chunked("3\r\nabc\r\n0\r\nX: 1\n\r\n"));
    }
  }

  /** Section 9.3: what follows a request is another one, or it is nothing. */
  @Nested
  class Behind {
    @Test
    void garbageBehindABody() throws IOException {
      try (RawClient client = new RawClient(gateway.port())) {
        client.send(upload("Content-Length: 3", "abcGARBAGE\r\n\r\n") + BEHIND);
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(400);
        client.socket().shutdownOutput();
        assertThat(client.closed()).isTrue();
      }
      content.forgetUploads();
    }

    @Test
    void aBodyOfGetIsNoRequest() throws IOException {
      String inner = RawClient.head("GET", "demo.localhost", "/behind.txt");
      try (RawClient client = new RawClient(gateway.port())) {
        client.send(get("GET / HTTP/1.1", "Content-Length: " + inner.length()) + inner + BEHIND);
        assertThat(client.read().text()).isEqualTo("home");
        assertThat(client.read().text()).isEqualTo("smuggled");
      }
    }
  }
}
