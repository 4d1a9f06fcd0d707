package dev.portico.gateway.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.env.Environment;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The way to the collector: a bounded queue, a thread that empties it, and OpenTelemetry's own
 * environment variables, of which application.yml has the defaults.
 */
final class Collector implements AutoCloseable {
  /** What is queued at the end is sent within that time or not at all. */
  private static final long FLUSH_SECONDS = 2;

  private static final String PREFIX = "otel";
  private static final String PROTOCOL = "http/protobuf";
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/].*");

  private final OpenTelemetrySdk sdk;
  private final Traces traces;

  /**
   * Starts.
   *
   * @throws RuntimeException when a setting of OpenTelemetry's cannot be understood
   */
  Collector(Environment environment, MeterRegistry registry) {
    check(environment);
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
    String off = environment.getProperty("otel.sdk.disabled", String.class, "");
    boolean disabled = off.equalsIgnoreCase("true");
    if (!disabled && !off.isEmpty() && !off.equalsIgnoreCase("false")) {
      throw wrong("OTEL_SDK_DISABLED", "true or false", off);
    }
    String base = environment.getProperty("otel.exporter.otlp.endpoint", String.class, "");
    String own = environment.getProperty("otel.exporter.otlp.traces.endpoint", String.class, "");
    return !disabled && !(base.isEmpty() && own.isEmpty());
  }

  /** What the library refuses without a name, or takes for something else. */
  private static void check(Environment environment) {
    for (String prefix : List.of("otel.exporter.otlp.", "otel.exporter.otlp.traces.")) {
      String variable = prefix.toUpperCase(Locale.ROOT).replace('.', '_');
      String protocol = environment.getProperty(prefix + "protocol", String.class, PROTOCOL);
      // As OpenTelemetry has it, what is empty is not set.
      if (!protocol.isEmpty() && !protocol.equals(PROTOCOL)) {
        throw wrong(variable + "PROTOCOL", PROTOCOL, protocol);
      }
      String endpoint = environment.getProperty(prefix + "endpoint", String.class, "");
      if (!endpoint.isEmpty() && !ADDRESS.matcher(endpoint).matches()) {
        throw wrong(variable + "ENDPOINT", "a URL as http://localhost:4318", endpoint);
      }
    }
  }

  private static IllegalArgumentException wrong(String variable, String expected, String value) {
    return new IllegalArgumentException(
        variable + " must be " + expected + ", and is \"" + value + '"');
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
