package dev.portico.auth.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The way to the collector of traces: a bounded queue, a thread that empties it, and
 * OpenTelemetry's own environment variables, of which application.yml has the defaults.
 */
@Singleton
@Requires(condition = CollectorNamed.class)
final class Collector {
  /** What is queued at the end is sent within that time or not at all. */
  private static final long FLUSH_SECONDS = 2;

  private static final String PREFIX = "otel";

  private final OpenTelemetrySdk sdk;

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
            .addMeterProviderCustomizer((provider, config) -> provider.registerMetricReader(counts))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
  }

  private static Map<String, String> settings(Environment environment) {
    Map<String, String> settings = new HashMap<>();
    environment
        .getProperties(PREFIX)
        .forEach((name, value) -> settings.put(PREFIX + '.' + name, String.valueOf(value)));
    return settings;
  }

  Tracer tracer() {
    return sdk.getTracer("dev.portico.auth");
  }

  @PreDestroy
  void close() {
    sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
