package dev.portico.gateway.trace;

import dev.portico.gateway.exchange.RequestIds;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/** Gives the span of a request the ids that follow from the request's, and others random ones. */
final class RequestSpanIds implements IdGenerator {
  /** The one whose span is being started: the library asks for ids on the same thread. */
  private static final ThreadLocal<@Nullable RequestIds> STARTING = new ThreadLocal<>();

  private final IdGenerator random = IdGenerator.random();

  /** Starts a request's span. */
  static Span start(SpanBuilder span, RequestIds ids) {
    STARTING.set(ids);
    try {
      return span.startSpan();
    } finally {
      STARTING.remove();
    }
  }

  @Override
  public String generateSpanId() {
    RequestIds ids = STARTING.get();
    return ids == null ? random.generateSpanId() : ids.spanId();
  }

  @Override
  public String generateTraceId() {
    RequestIds ids = STARTING.get();
    return ids == null ? random.generateTraceId() : ids.traceId();
  }
}
