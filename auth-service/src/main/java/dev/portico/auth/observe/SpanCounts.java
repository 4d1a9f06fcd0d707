package dev.portico.auth.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

/** What has become of spans, as OpenTelemetry's library counts it, among the service's metrics. */
final class SpanCounts implements MetricReader {
  private static final AttributeKey<Boolean> DROPPED = AttributeKey.booleanKey("dropped");
  private static final AttributeKey<Boolean> SUCCESS = AttributeKey.booleanKey("success");

  private volatile CollectionRegistration library = CollectionRegistration.noop();

  /** Shows them in {@code registry}; read when that is. */
  SpanCounts(MeterRegistry registry) {
    show(registry, "exported", "otlp.exporter.exported", SUCCESS, true);
    show(registry, "refused", "otlp.exporter.exported", SUCCESS, false);
    show(registry, "dropped", "processedSpans", DROPPED, true);
  }

  private void show(
      MeterRegistry registry,
      String result,
      String counter,
      AttributeKey<Boolean> key,
      boolean value) {
    FunctionCounter.builder("portico.traces.spans", this, self -> self.count(counter, key, value))
        .description("Spans that the collector took, or did not, or that found the queue full")
        .tag("result", result)
        .register(registry);
  }

  private double count(String counter, AttributeKey<Boolean> key, boolean value) {
    double sum = 0;
    for (MetricData metric : library.collectAllMetrics()) {
      if (metric.getName().equals(counter)) {
        for (LongPointData point : metric.getLongSumData().getPoints()) {
          Boolean attribute = point.getAttributes().get(key);
          sum += attribute != null && attribute == value ? point.getValue() : 0;
        }
      }
    }
    return sum;
  }

  @Override
  public void register(CollectionRegistration registration) {
    library = registration;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
