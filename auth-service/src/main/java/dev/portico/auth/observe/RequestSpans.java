package dev.portico.auth.observe;

import dev.portico.auth.error.RequestId;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * Tells the collector how long each request took that comes in a trace, until the head of its
 * answer. This service begins no trace itself: what gateways ask on their own account, long polls
 * before all, would be nothing but noise. Neither the query is told, nor who calls.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">Semantic conventions
 *     for HTTP spans</a>
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(condition = CollectorNamed.class)
final class RequestSpans implements Ordered {
  private static final String SPAN = "dev.portico.span";
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final int SERVER_ERROR = 500;

  private final Tracer tracer;

  RequestSpans(Collector collector) {
    this.tracer = collector.tracer();
  }

  @RequestFilter
  void begin(HttpRequest<?> request) {
    TraceContext.of(request.getHeaders().get(TraceContext.HEADER))
        .ifPresent(trace -> request.setAttribute(SPAN, start(request, trace)));
  }

  private Span start(HttpRequest<?> request, TraceContext trace) {
    String method = method(request);
    SpanContext caller =
        SpanContext.createFromRemoteParent(
            trace.traceId(), trace.spanId(), trace.flags(), TraceState.getDefault());
    return tracer
        .spanBuilder(method)
        .setSpanKind(SpanKind.SERVER)
        .setParent(Context.root().with(Span.wrap(caller)))
        .setAttribute("http.request.method", method)
        .setAttribute("url.scheme", "http")
        .setAttribute("url.path", request.getPath())
        .setAttribute("portico.request_id", RequestId.of(request))
        .startSpan();
  }

  /** One that callers have made up is none that is worth a name of its own. */
  private static String method(HttpRequest<?> request) {
    return switch (request.getMethod()) {
      case CUSTOM -> "_OTHER";
      default -> request.getMethodName();
    };
  }

  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    // Removed, since an answer to a failure passes here a second time.
    request.removeAttribute(SPAN, Span.class).ifPresent(span -> end(span, request, response));
  }

  private static void end(Span span, HttpRequest<?> request, MutableHttpResponse<?> response) {
    BasicHttpAttributes.getUriTemplate(request)
        .ifPresent(
            route -> {
              span.updateName(method(request) + ' ' + route);
              span.setAttribute("http.route", route);
            });
    int status = response.code();
    span.setAttribute(STATUS, status);
    if (status >= SERVER_ERROR) {
      span.setAttribute("error.type", Integer.toString(status));
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
