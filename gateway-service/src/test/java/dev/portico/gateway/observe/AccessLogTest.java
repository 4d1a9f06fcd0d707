package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final long MILLIS = 1_700_000_000_007L;
  private static final JsonFactory JSON = new JsonFactory();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static AccessEntry entry(String path, HeaderFields fields) {
    ViewerRequest request =
        new ViewerRequest(
            RequestIds.of(MILLIS, null),
            "GET",
            "https",
            "demo.localhost",
            8443,
            path,
            path,
            false,
            "secret=1",
            fields,
            "192.0.2.7",
            HttpProtocol.HTTP_2,
            0,
            new ConnectionMemory());
    Timeline timeline = new Timeline(MILLIS, System.nanoTime());
    timeline.site("demo");
    timeline.outcome(Outcome.HIT);
    timeline.responded(ResponseHead.of(200).build());
    timeline.sent(1234);
    timeline.finished(true);
    return AccessEntry.of(request, timeline, false);
  }

  private List<Map<String, String>> lines(AccessEntry... entries) throws Exception {
    AccessLog log = new AccessLog(new ObserveSettings("true", 1024, Duration.ZERO), out);
    log.start();
    for (AccessEntry entry : entries) {
      log.log(entry);
    }
    log.stop();
    assertThat(log.lost()).isZero();
    return out.toString(StandardCharsets.UTF_8).lines().map(AccessLogTest::parse).toList();
  }

  private static Map<String, String> parse(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(line)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        assertThat(fields.put(name, parser.getText())).as(name).isNull();
      }
      assertThat(parser.nextToken()).isNull();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
    return fields;
  }

  @Test
  void tellsAllOfAnExchange() throws Exception {
    HeaderFields fields =
        new NettyHeaderFields(
            new DefaultHttpHeaders()
                .add("User-Agent", "curl/8")
                .add("Referer", "https://example.com/a?token=1"));
    AccessEntry entry = entry("/a", fields);
    Map<String, String> line = lines(entry).getFirst();
    assertThat(line)
        .containsEntry("time", "2023-11-14T22:13:20.007Z")
        .containsEntry("requestId", entry.ids().requestId())
        .containsEntry("trace", entry.ids().traceparent())
        .containsEntry("client", "192.0.2.7")
        .containsEntry("method", "GET")
        .containsEntry("scheme", "https")
        .containsEntry("host", "demo.localhost")
        .containsEntry("path", "/a")
        .containsEntry("protocol", "HTTP/2")
        .containsEntry("status", "200")
        .containsEntry("outcome", "hit")
        .containsEntry("site", "demo")
        .containsEntry("completed", "true")
        .containsEntry("bytesSent", "1234")
        .containsEntry("bytesReceived", "0")
        .containsEntry("originMicros", "0")
        .containsEntry("userAgent", "curl/8")
        .containsEntry("referer", "https://example.com/a")
        .containsKeys("micros", "firstByteMicros")
        .doesNotContainKeys("error");
  }

  @Test
  void aTraceThatIsKeptIsSampled() throws Exception {
    AccessEntry entry = entry("/a", HeaderFields.NONE);
    AccessEntry kept =
        new AccessEntry(
            entry.ids(),
            entry.client(),
            entry.method(),
            entry.scheme(),
            entry.host(),
            entry.path(),
            entry.protocol(),
            null,
            null,
            entry.timeline(),
            true);
    assertThat(lines(entry, kept))
        .extracting(line -> line.get("trace"))
        .containsExactly(
            entry.ids().traceparent(), entry.ids().traceparent().replaceFirst("-00$", "-01"));
  }

  @Test
  void theReferrerIsToldWithoutWhatMayBeSecret() throws Exception {
    HeaderFields fields =
        new NettyHeaderFields(
            new DefaultHttpHeaders().add("Referer", "https://me:secret@example.com/a#token"));
    assertThat(lines(entry("/a", fields)).getFirst())
        .containsEntry("referer", "https://example.com/a");
  }

  /** Decoders make one character of each byte. */
  @Test
  void whatIsUtf8IsToldAsThatAndElseAsLatin1() throws Exception {
    String cut = "a".repeat(LogLines.MAX_TEXT - 1) + "é";
    assertThat(lines(agent(bytes("Näpp/1 😀")), agent("N\u00e4pp/1"), agent(bytes(cut))))
        .extracting(line -> line.get("userAgent"))
        .containsExactly("Näpp/1 😀", "Näpp/1", "a".repeat(LogLines.MAX_TEXT - 1));
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static AccessEntry agent(String agent) {
    return entry("/", new NettyHeaderFields(new DefaultHttpHeaders().add("User-Agent", agent)));
  }

  /** What a viewer sends cannot end a line or a value. */
  @Test
  void escapesWhatViewersSend() throws Exception {
    String agent = "a\"\\\u0001\u007f\u0085é€\ud83d\ude00\ud800z";
    HeaderFields fields =
        new NettyHeaderFields(
            DefaultHttpHeadersFactory.headersFactory()
                .withValidation(false)
                .newHeaders()
                .add("User-Agent", agent));
    Map<String, String> line = lines(entry("/", fields)).getFirst();
    assertThat(line).containsEntry("userAgent", agent);
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u007f", "\u0085");
  }

  @Test
  void cutsLongValues() throws Exception {
    HeaderFields fields =
        new NettyHeaderFields(new DefaultHttpHeaders().add("User-Agent", "€".repeat(100_000)));
    AccessEntry[] entries = new AccessEntry[200];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entry("/" + i, fields);
    }
    List<Map<String, String>> lines = lines(entries);
    assertThat(lines).hasSize(200);
    assertThat(lines.getLast())
        .containsEntry("path", "/199")
        .containsEntry("userAgent", "€".repeat(LogLines.MAX_TEXT));
  }

  /** A terminal that takes nothing must not slow viewers: what does not fit is counted. */
  @Test
  void countsWhatIsLostWhileTheOutputIsBlocked() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    OutputStream blocked =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            writing.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            out.write(bytes, from, length);
          }
        };
    AccessLog log = new AccessLog(new ObserveSettings("true", 8, Duration.ZERO), blocked);
    log.start();
    log.log(entry("/first", HeaderFields.NONE));
    writing.await();
    for (int i = 0; i < 10; i++) {
      log.log(entry("/" + i, HeaderFields.NONE));
    }
    assertThat(log.lost()).isEqualTo(2);
    go.countDown();
    log.stop();
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(9);
  }

  @Test
  @SuppressWarnings("NullAway") // As a bug might have it.
  void aLineThatCannotBeMadeCostsNoOther() throws Exception {
    AccessEntry good = entry("/good", HeaderFields.NONE);
    AccessEntry bad =
        new AccessEntry(
            good.ids(),
            good.client(),
            good.method(),
            good.scheme(),
            good.host(),
            good.path(),
            null,
            null,
            null,
            good.timeline(),
            false);
    AccessLog log = new AccessLog(new ObserveSettings("true", 8, Duration.ZERO), out);
    log.log(bad);
    log.log(good);
    log.log(bad);
    log.start();
    log.stop();
    assertThat(log.lost()).isEqualTo(2);
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(parse(lines.getFirst())).containsEntry("path", "/good");
  }

  @Test
  void countsWhatCannotBeWritten() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    AccessLog log = new AccessLog(new ObserveSettings("true", 8, Duration.ZERO), broken);
    log.start();
    log.log(entry("/", HeaderFields.NONE));
    log.log(entry("/", HeaderFields.NONE));
    log.stop();
    assertThat(log.lost()).isEqualTo(2);
  }
}
