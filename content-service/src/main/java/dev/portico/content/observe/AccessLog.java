package dev.portico.content.observe;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.error.RequestId;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a line of JSON per answered request, with the fields of the gateway's access log, by which
 * the two are joined. It is written when the head of the answer is ready: what a body comes to is
 * in the gateway's line. The query is not in it, and neither is who called: the audit log has that.
 */
@ServerFilter({"/v1/**", "/internal/**"})
@Requires(property = "portico.observe.access-log", notEquals = "false")
final class AccessLog implements Ordered {
  /** The logger that {@code logback.xml} writes as it is, whatever the format of the others. */
  static final String LOGGER = "dev.portico.access";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final String BEGUN = "dev.portico.begun";
  private static final int LONGEST_PATH = 512;

  private final ObjectMapper json;
  private final Clock clock;

  AccessLog(ObjectMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * A line.
   *
   * @param time when the request was read
   * @param requestId its id
   * @param trace its W3C trace context; absent when none came with it
   * @param client the address that it came from, mostly a gateway's
   * @param method HTTP method
   * @param path without query, cut at 512 characters
   * @param status HTTP status
   * @param micros from the request's head to the answer's, in microseconds
   */
  @Serdeable
  record Line(
      Instant time,
      String requestId,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String trace,
      String client,
      String method,
      String path,
      int status,
      long micros) {}

  private record Begun(Instant time, long nanos) {}

  @RequestFilter
  void begin(HttpRequest<?> request) {
    request.setAttribute(BEGUN, new Begun(clock.instant(), System.nanoTime()));
  }

  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) throws IOException {
    Begun begun = request.removeAttribute(BEGUN, Begun.class).orElse(null);
    if (begun == null) {
      return;
    }
    String path = request.getPath();
    Line line =
        new Line(
            begun.time(),
            RequestId.of(request),
            TraceContext.of(request.getHeaders().get(TraceContext.HEADER))
                .map(TraceContext::traceparent)
                .orElse(null),
            request.getRemoteAddress().getHostString(),
            request.getMethodName(),
            path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH),
            response.code(),
            (System.nanoTime() - begun.nanos()) / 1000);
    LOG.info(json.writeValueAsString(line));
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
