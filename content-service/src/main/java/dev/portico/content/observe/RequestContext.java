package dev.portico.content.observe;

import dev.portico.content.error.RequestId;
import io.micronaut.context.propagation.slf4j.MdcPropagationContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Map;

/** Puts the request's id and trace into every log line about it, under auth-service's names. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestContext implements Ordered {
  /** Before anything else can fail. */
  @RequestFilter
  void begin(HttpRequest<?> request, MutablePropagatedContext context) {
    String id = RequestId.of(request);
    context.add(
        new MdcPropagationContext(
            TraceContext.of(request.getHeaders().get(TraceContext.HEADER))
                .map(
                    trace ->
                        Map.of(
                            "requestId", id, "traceId", trace.traceId(), "spanId", trace.spanId()))
                .orElse(Map.of("requestId", id))));
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
