package dev.portico.auth.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Has the service's counters begin at 0. One that appears with its first event has no rate then,
 * and an alarm that goes by it misses that event.
 */
@Singleton
final class Counters implements MeterBinder {
  private static final String OUTCOME = "outcome";
  private static final String STATE = "state";

  @Override
  public void bindTo(MeterRegistry registry) {
    begin(registry, "portico.auth.audit", OUTCOME, List.of("stored", "failed", "passed-over"));
    begin(
        registry,
        "portico.auth.sign-ins",
        OUTCOME,
        List.of("done", "refused", "step", "unfinished"));
    begin(registry, "portico.auth.refreshes", OUTCOME, List.of("done", "refused", "failed"));
    begin(
        registry, "portico.auth.redemptions", OUTCOME, List.of("done", "refused", "brought-twice"));
    begin(registry, "portico.auth.session-queries", STATE, List.of("active", "ended"));
    begin(registry, "portico.auth.session-tokens", STATE, List.of("active", "ended"));
    begin(registry, "portico.auth.revocations", "kind", List.of("session", "token", "user"));
  }

  private static void begin(MeterRegistry registry, String name, String tag, List<String> values) {
    values.forEach(value -> registry.counter(name, tag, value));
  }
}
