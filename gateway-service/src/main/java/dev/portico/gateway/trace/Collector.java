package dev.portico.gateway.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.env.Environment;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The way to the collector: a bounded queue, a thread that empties it, and OpenTelemetry's own
 * environment variables, of which application.yml has the defaults.
 */
final class Collector implements AutoCloseable {
  /** What is queued at the end is sent within that time or not at all. */
  private static final long FLUSH_SECONDS = 2;

  private static final String PREFIX = "otel";

  private final OpenTelemetrySdk sdk;
  private final Traces traces;

  /**
   * Starts.
   *
   * @throws RuntimeException when a setting of OpenTelemetry's cannot be understood
   */
  Collector(Environment environment, MeterRegistry registry) {
    // The library logs by java.util.logging.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    SpanCounts counts = new SpanCounts(registry);
    this.sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> settings(environment))
            .addTracerProviderCustomizer(
                (provider, config) -> provider.setIdGenerator(new RequestSpanIds()))
            .addMeterProviderCustomizer((provider, config) -> provider.registerMetricReader(counts))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    this.traces = new OpenTelemetryTraces(sdk);
  }

  /** Whether one is named. */
  static boolean named(Environment environment) {
    boolean disabled = environment.getProperty("otel.sdk.disabled", Boolean.class, false);
    String base = environment.getProperty("otel.exporter.otlp.endpoint", String.class, "");
    String own = environment.getProperty("otel.exporter.otlp.traces.endpoint", String.class, "");
    return !disabled && !(base.isEmpty() && own.isEmpty());
  }

  private static Map<String, String> settings(Environment environment) {
    Map<String, String> settings = new HashMap<>();
    environment
        .getProperties(PREFIX)
        .forEach((name, value) -> settings.put(PREFIX + '.' + name, String.valueOf(value)));
    return settings;
  }

  Traces traces() {
    return traces;
  }

  @Override
  public void close() {
    sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
