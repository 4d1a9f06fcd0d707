package dev.portico.auth.observe;

import io.micronaut.context.condition.Condition;
import io.micronaut.context.condition.ConditionContext;

/** Whether a collector of traces is named; without one nothing of OpenTelemetry is loaded. */
final class CollectorNamed implements Condition {
  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public boolean matches(ConditionContext context) {
    boolean disabled = context.getProperty("otel.sdk.disabled", Boolean.class).orElse(false);
    return !disabled
        && (isSet(context, "otel.exporter.otlp.endpoint")
            || isSet(context, "otel.exporter.otlp.traces.endpoint"));
  }

  private static boolean isSet(ConditionContext<?> context, String name) {
    return !context.getProperty(name, String.class).orElse("").isEmpty();
  }
}
