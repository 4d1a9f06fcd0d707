package dev.portico.gateway.violation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/** Counts what becomes of reports, of all sites together: sites are too many for a metric. */
@Singleton
public final class ReportFates {
  private final Map<ReportFate, Counter> counters = new EnumMap<>(ReportFate.class);

  /** Registers the metric. */
  public ReportFates(MeterRegistry registry) {
    for (ReportFate fate : ReportFate.values()) {
      counters.put(
          fate,
          Counter.builder("portico.csp.reports")
              .description("Reports of violations of sites' policies, by what became of them")
              .tag("outcome", fate.label())
              .register(registry));
    }
  }

  /** Counts so many. */
  public void count(ReportFate fate, long howMany) {
    Counter counter = counters.get(fate);
    if (counter != null && howMany > 0) {
      counter.increment((double) howMany);
    }
  }
}
