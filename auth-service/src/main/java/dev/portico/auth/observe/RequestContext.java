package dev.portico.auth.observe;

import dev.portico.auth.error.RequestId;
import io.micronaut.context.propagation.slf4j.MdcPropagationContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the request's id and trace into every log line about it, and sends the id back.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestContext implements Ordered {
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.{0,64}");

  /** Before anything else can fail. */
  @RequestFilter
  void begin(HttpRequest<?> request, MutablePropagatedContext context) {
    String id = RequestId.of(request);
    String traceparent = request.getHeaders().get("traceparent");
    Matcher trace = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    context.add(
        new MdcPropagationContext(
            trace.matches()
                ? Map.of("requestId", id, "traceId", trace.group(1), "spanId", trace.group(2))
                : Map.of("requestId", id)));
  }

  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    response.header(RequestId.HEADER, RequestId.of(request));
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
