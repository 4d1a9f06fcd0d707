package dev.portico.gateway.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Traces, if a collector is named. */
@Factory
final class TracesFactory {
  private @Nullable AutoCloseable collector;

  @Singleton
  Traces traces(Environment environment, MeterRegistry registry) {
    if (!Collector.named(environment)) {
      return Traces.OFF;
    }
    Collector started = new Collector(environment, registry);
    collector = started;
    return started.traces();
  }

  /** Sends what is queued. */
  @PreDestroy
  void close() throws Exception {
    if (collector != null) {
      collector.close();
    }
  }
}
