package dev.portico.gateway.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.portico.gateway.service.Lifetime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the gauges show as a line of JSON of the log, again and again: whoever collects logs
 * has them without a way to the management port, and the gateway needs no right to send metrics
 * anywhere.
 */
@Context
final class MetricsLog {
  /** The logger that {@code logback.xml} writes as it is, whatever the format of the others. */
  static final String LOGGER = "dev.portico.metrics";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final String OURS = "portico.";

  private final MeterRegistry registry;
  private final Duration interval;
  private final Clock clock;
  private final Consumer<String> lines;
  private final Lifetime lifetime = new Lifetime();

  @Inject
  MetricsLog(MeterRegistry registry, ObserveSettings settings) {
    this(registry, settings, Clock.systemUTC(), LoggerFactory.getLogger(LOGGER)::info);
  }

  MetricsLog(
      MeterRegistry registry, ObserveSettings settings, Clock clock, Consumer<String> lines) {
    this.registry = registry;
    this.interval = settings.metricsLogInterval();
    this.clock = clock;
    this.lines = lines;
  }

  @PostConstruct
  void start() {
    if (interval.isPositive()) {
      lifetime.start("metrics-log", this::run);
    }
  }

  @PreDestroy
  void stop() {
    lifetime.end();
  }

  private void run() {
    while (lifetime.pause(interval)) {
      try {
        lines.accept(line());
      } catch (RuntimeException | Error e) { // without this thread there would be no more lines
        LOG.error("cannot write down what the gauges show", e);
      }
    }
  }

  /** What they show now, by the names of {@code /prometheus}. */
  String line() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", Instant.now(clock).toString());
      for (Map.Entry<String, Double> gauge : gauges().entrySet()) {
        json.writeFieldName(gauge.getKey());
        // Without an exponent, which not every reader of JSON's numbers knows.
        json.writeNumber(BigDecimal.valueOf(gauge.getValue()).toPlainString());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Portico's own gauges that have no labels, and a number. */
  private SortedMap<String, Double> gauges() {
    SortedMap<String, Double> gauges = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      if (meter instanceof Gauge gauge && id.getName().startsWith(OURS) && id.getTags().isEmpty()) {
        double value = gauge.value();
        if (Double.isFinite(value)) {
          gauges.put(name(id), value);
        }
      }
    }
    return gauges;
  }

  private static String name(Meter.Id id) {
    String name = id.getName().replace('.', '_');
    String unit = id.getBaseUnit();
    return unit == null || name.endsWith('_' + unit) ? name : name + '_' + unit;
  }
}
