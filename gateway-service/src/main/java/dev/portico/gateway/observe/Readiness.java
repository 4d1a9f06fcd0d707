package dev.portico.gateway.observe;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.List;
import org.reactivestreams.Publisher;

/** Whether viewers should be sent here: all parts are ready and the service is not stopping. */
@Singleton
@io.micronaut.management.health.indicator.annotation.Readiness
public final class Readiness implements HealthIndicator {
  private final List<ReadinessCondition> conditions;
  private volatile boolean stopping;

  Readiness(List<ReadinessCondition> conditions) {
    this.conditions = List.copyOf(conditions);
  }

  /** The service is being stopped; it is not ready from now on. */
  public void stopping() {
    stopping = true;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    boolean ready = !stopping && conditions.stream().allMatch(ReadinessCondition::ready);
    HealthStatus status = ready ? HealthStatus.UP : HealthStatus.DOWN;
    return Publishers.just(HealthResult.builder("gateway", status).build());
  }
}
