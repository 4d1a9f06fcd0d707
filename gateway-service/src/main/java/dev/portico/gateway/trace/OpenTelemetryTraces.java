package dev.portico.gateway.trace;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Spans by OpenTelemetry's conventions for HTTP. That of a request is made when it is over, of its
 * timeline, under the id that follows from the request's: so its questions can name it as their
 * parent before, and a hit has none and costs nothing.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">Semantic conventions
 *     for HTTP spans</a>
 */
final class OpenTelemetryTraces implements Traces {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<Long> RESENT =
      AttributeKey.longKey("http.request.resend_count");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> REQUEST_ID =
      AttributeKey.stringKey("portico.request_id");
  private static final AttributeKey<String> SITE = AttributeKey.stringKey("portico.site");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("portico.outcome");

  /** RFC 9110, section 9.3, and PATCH (RFC 5789); others, which viewers may make up, are one. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  /** What servers do wrong, this one or one behind; what else cuts answers short, viewers do. */
  private static final Set<String> FAULTS_OF_SERVERS =
      Arrays.stream(EdgeError.values())
          .filter(error -> error.status() >= SERVER_ERROR)
          .map(EdgeError::category)
          .collect(Collectors.toUnmodifiableSet());

  private final Tracer tracer;
  private final Sampler sampler;
  private final boolean joinsViewers;

  /** Traces that {@code sdk} takes, which makes ids by {@link RequestSpanIds}. */
  OpenTelemetryTraces(OpenTelemetrySdk sdk) {
    this.tracer = sdk.getTracer("dev.portico.gateway");
    this.sampler = sdk.getSdkTracerProvider().getSampler();
    // One that does not ask callers goes by the trace's id: whoever chose it would be asked after
    // all, and could pile everything up in one trace.
    this.joinsViewers = sampled(sampler, sent("01")) != sampled(sampler, sent("00"));
  }

  private static RequestIds sent(String flags) {
    return RequestIds.of(0, "00-" + "1".repeat(32) + '-' + "1".repeat(16) + '-' + flags);
  }

  @Override
  public boolean joinsViewers() {
    return joinsViewers;
  }

  @Override
  public TracedCall call(
      RequestIds ids, String method, String target, String host, int port, int before) {
    if (ids.inBackground()) {
      return TracedCall.NONE;
    }
    SpanContext request = span(ids);
    if (!request.isSampled()) {
      String told = traceparent(request);
      return () -> told;
    }
    SpanBuilder span =
        tracer
            .spanBuilder(known(method))
            .setSpanKind(SpanKind.CLIENT)
            .setParent(Context.root().with(Span.wrap(request)))
            .setAttribute(METHOD, known(method))
            .setAttribute(PATH, path(target))
            .setAttribute(HOST, host);
    if (port > 0) {
      span.setAttribute(PORT, port);
    }
    if (before > 0) {
      span.setAttribute(RESENT, before);
    }
    return new Recorded(span.startSpan());
  }

  @Override
  public boolean finished(ViewerRequest request, Timeline timeline) {
    RequestIds ids = request.ids();
    if (!span(ids).isSampled()) {
      return false;
    }
    String method = known(request.method());
    String route = timeline.behaviour();
    SpanBuilder builder =
        tracer
            .spanBuilder(route == null ? method : method + ' ' + route)
            .setSpanKind(SpanKind.SERVER)
            .setParent(viewers(ids))
            .setStartTimestamp(timeline.startedMillis(), TimeUnit.MILLISECONDS)
            .setAttribute(METHOD, method)
            .setAttribute(SCHEME, request.scheme())
            .setAttribute(PATH, request.rawPath())
            .setAttribute(HOST, request.host())
            .setAttribute(PORT, request.port())
            .setAttribute(REQUEST_ID, ids.requestId())
            .setAttribute(OUTCOME, timeline.outcome().label());
    if (route != null) {
      builder.setAttribute(ROUTE, route);
    }
    if (timeline.site() != null) {
      builder.setAttribute(SITE, timeline.site());
    }
    Span span = RequestSpanIds.start(builder, ids);
    answered(span, timeline.status());
    String error = error(timeline);
    if (error != null) {
      span.setAttribute(ERROR, error);
    }
    if (failed(timeline)) {
      span.setStatus(StatusCode.ERROR);
    }
    long end = TimeUnit.MILLISECONDS.toNanos(timeline.startedMillis()) + timeline.totalNanos();
    span.end(end, TimeUnit.NANOSECONDS);
    return true;
  }

  /** By its status, or cut short by a server. */
  private static boolean failed(Timeline timeline) {
    String error = timeline.error();
    boolean cut = !timeline.completed() && error != null && FAULTS_OF_SERVERS.contains(error);
    return cut || timeline.ownStatus() >= SERVER_ERROR;
  }

  private static @Nullable String error(Timeline timeline) {
    if (timeline.error() != null) {
      return timeline.error();
    }
    return timeline.ownStatus() >= SERVER_ERROR ? Integer.toString(timeline.ownStatus()) : null;
  }

  /** The request's own span. */
  private SpanContext span(RequestIds ids) {
    return SpanContext.create(
        ids.traceId(),
        ids.spanId(),
        sampled(sampler, ids) ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  /** Every standard sampler decides alike, however often it is asked. */
  private static boolean sampled(Sampler sampler, RequestIds ids) {
    SamplingDecision decision =
        sampler
            .shouldSample(
                viewers(ids), ids.traceId(), "", SpanKind.SERVER, Attributes.empty(), List.of())
            .getDecision();
    return decision == SamplingDecision.RECORD_AND_SAMPLE;
  }

  /** Where the viewer's own trace context says that the request comes from; else nowhere. */
  private static Context viewers(RequestIds ids) {
    String sent = ids.sentTraceparent();
    if (sent == null) {
      return Context.root();
    }
    SpanContext parent =
        SpanContext.createFromRemoteParent(
            ids.traceId(),
            sent.substring(36, 52),
            TraceFlags.fromHex(sent, 53),
            TraceState.getDefault());
    return Context.root().with(Span.wrap(parent));
  }

  private static String traceparent(SpanContext span) {
    return "00-" + span.getTraceId() + '-' + span.getSpanId() + '-' + span.getTraceFlags().asHex();
  }

  private static String known(String method) {
    return METHODS.contains(method) ? method : "_OTHER";
  }

  private static String path(String target) {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  private static void answered(Span span, int status) {
    if (status > 0) {
      span.setAttribute(STATUS, status);
    }
  }

  /** A question that is told about. */
  private record Recorded(Span span) implements TracedCall {
    @Override
    public String traceparent() {
      return OpenTelemetryTraces.traceparent(span.getSpanContext());
    }

    @Override
    public void answered(int status) {
      OpenTelemetryTraces.answered(span, status);
      if (status >= CLIENT_ERROR) {
        span.setAttribute(ERROR, Integer.toString(status));
        span.setStatus(StatusCode.ERROR);
      }
    }

    @Override
    public void ended(@Nullable String failure) {
      if (failure != null) {
        span.setAttribute(ERROR, failure);
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }
}
