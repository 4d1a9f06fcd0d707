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

/** Puts the request's id and trace into every log line about it, and sends the id back. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestContext implements Ordered {
  /** Before anything else can fail. */
  @RequestFilter
  void begin(HttpRequest<?> request, MutablePropagatedContext context) {
    String id = RequestId.of(request);
    Map<String, String> said =
        TraceContext.of(request.getHeaders().get(TraceContext.HEADER))
            .map(
                trace ->
                    Map.of("requestId", id, "traceId", trace.traceId(), "spanId", trace.spanId()))
            .orElse(Map.of("requestId", id));
    context.add(new MdcPropagationContext(said));
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
