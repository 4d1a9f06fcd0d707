package dev.portico.auth.observe;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.auth.error.RequestId;
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
 * Writes a line of JSON per answered request, under the names that the gateway's access log has, so
 * that the two can be joined. The query is not in it, nor anything of a body: those hold passwords
 * and tokens.
 */
@ServerFilter({"/v1/**", "/internal/**", "/authorize", "/.well-known/**"})
@Requires(property = "portico.observe.access-log", notEquals = "false")
final class AccessLog implements Ordered {
  /** The logger, whose lines {@code logback.xml} writes as they are. */
  static final String LOGGER = "dev.portico.access";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final String ARRIVAL = "dev.portico.arrival";
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
   * @param time when the request's head had been read
   * @param requestId its id
   * @param trace its W3C trace context; absent when it came with none
   * @param client the address that it came from: a gateway's, mostly
   * @param method its method
   * @param path without query, the first 512 characters
   * @param status of the answer
   * @param micros until the answer's head was ready, in microseconds
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

  private record Arrival(Instant time, long nanos) {}

  @RequestFilter
  void arrived(HttpRequest<?> request) {
    request.setAttribute(ARRIVAL, new Arrival(clock.instant(), System.nanoTime()));
  }

  @ResponseFilter
  void answered(HttpRequest<?> request, MutableHttpResponse<?> response) throws IOException {
    // Removed, since an answer to a failure passes here a second time.
    Arrival arrival = request.removeAttribute(ARRIVAL, Arrival.class).orElse(null);
    if (arrival != null) {
      LOG.info(json.writeValueAsString(line(arrival, request, response)));
    }
  }

  private static Line line(
      Arrival arrival, HttpRequest<?> request, MutableHttpResponse<?> response) {
    String path = request.getPath();
    return new Line(
        arrival.time(),
        RequestId.of(request),
        TraceContext.of(request.getHeaders().get(TraceContext.HEADER))
            .map(TraceContext::traceparent)
            .orElse(null),
        request.getRemoteAddress().getHostString(),
        request.getMethodName(),
        path.substring(0, Math.min(path.length(), LONGEST_PATH)),
        response.code(),
        (System.nanoTime() - arrival.nanos()) / 1000);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
