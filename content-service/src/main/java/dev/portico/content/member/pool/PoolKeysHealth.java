package dev.portico.content.member.pool;

import io.micronaut.core.async.annotation.SingleResult;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Not ready before the pool's keys could be fetched: without them every token would be refused.
 * Keys that were fetched are kept through an outage of the pool, and so is readiness; taking every
 * copy out of service then would turn a part's failure into the whole's.
 */
@Singleton
@Readiness
final class PoolKeysHealth implements HealthIndicator {
  private static final String NAME = "userPoolKeys";

  private final PoolKeys keys;
  private final ExecutorService blocking;

  PoolKeysHealth(PoolKeys keys, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.keys = keys;
    this.blocking = blocking;
  }

  @Override
  @SingleResult
  public Publisher<HealthResult> getResult() {
    return Mono.fromCallable(this::check).subscribeOn(Schedulers.fromExecutorService(blocking));
  }

  private HealthResult check() {
    try {
      keys.require();
      return HealthResult.builder(NAME, HealthStatus.UP).build();
    } catch (KeysUnavailableException e) {
      return HealthResult.builder(NAME, HealthStatus.DOWN)
          .details(Map.of("error", String.valueOf(e.getMessage())))
          .build();
    }
  }
}
