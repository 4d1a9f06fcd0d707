package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines are those of deploy/contracts/access-log.jsonl, which the queries on AWS are of. */
class AccessLogContractTest {
  /** Made by chance, or measured. */
  private static final List<Pattern> OWN =
      List.of(
          Pattern.compile("\"requestId\":\"[0-9a-f]{32}\""),
          Pattern.compile("\"micros\":[0-9]+"),
          Pattern.compile("\"firstByteMicros\":[0-9]+"),
          Pattern.compile("\"originMicros\":[0-9]+"));

  static List<String> lines() throws IOException {
    Path root = Path.of(System.getProperty("portico.root"));
    return Files.readAllLines(root.resolve("deploy/contracts/access-log.jsonl"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aLineIsAsTheContractHasIt(String golden) throws Exception {
    String written = write(entry(JSONObjectUtils.parse(golden)));
    for (Pattern own : OWN) {
      Matcher is = own.matcher(golden);
      assertThat(is.find()).as("%s", own).isTrue();
      written = own.matcher(written).replaceFirst(is.group());
    }
    assertThat(written).isEqualTo(golden + "\n");
  }

  private static String write(AccessEntry entry) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = new AccessLog(new ObserveSettings("true", 8, Duration.ZERO), out);
    log.start();
    log.log(entry);
    log.stop();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static AccessEntry entry(Map<String, Object> line) {
    long millis = Instant.parse(text(line, "time")).toEpochMilli();
    DefaultHttpHeaders headers = new DefaultHttpHeaders();
    if (line.containsKey("userAgent")) {
      headers.add("User-Agent", text(line, "userAgent"));
    }
    if (line.containsKey("referer")) {
      headers.add("Referer", text(line, "referer"));
    }
    String path = text(line, "path");
    ViewerRequest request =
        new ViewerRequest(
            RequestIds.of(millis, text(line, "trace")),
            text(line, "method"),
            text(line, "scheme"),
            text(line, "host"),
            443,
            path,
            path,
            false,
            null,
            new NettyHeaderFields(headers),
            text(line, "client"),
            protocol(text(line, "protocol")),
            0,
            new ConnectionMemory());
    return AccessEntry.of(request, timeline(line, millis), false);
  }

  private static String text(Map<String, Object> line, String field) {
    return String.valueOf(line.get(field));
  }

  private static long number(Map<String, Object> line, String field) {
    return Long.parseLong(text(line, field));
  }

  private static HttpProtocol protocol(String label) {
    return Arrays.stream(HttpProtocol.values())
        .filter(protocol -> protocol.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static Timeline timeline(Map<String, Object> line, long millis) {
    Timeline timeline = new Timeline(millis, System.nanoTime());
    timeline.outcome(Outcome.valueOf(text(line, "outcome").toUpperCase(Locale.ROOT)));
    if (line.containsKey("site")) {
      timeline.site(text(line, "site"));
    }
    if (line.containsKey("behaviour")) {
      timeline.behaviour(text(line, "behaviour"));
    }
    if (line.containsKey("error")) {
      timeline.error(text(line, "error"));
    }
    timeline.responded(ResponseHead.of((int) number(line, "status")).build());
    timeline.received(number(line, "bytesReceived"));
    timeline.sent(number(line, "bytesSent"));
    timeline.finished(Boolean.TRUE.equals(line.get("completed")));
    return timeline;
  }
}
