package dev.portico.auth.token;

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
 * Not ready where the pool's keys are not at the address that is set, as far as its answer tells:
 * every access token would be refused, and whoever has mistyped it is to learn so at the start. A
 * pool that does not answer keeps nobody from being ready, neither at the start nor later: gateways
 * ask for sessions that are there, whatever the pool does, and a platform that replaces what is not
 * ready would go on ending copies as long as it is away.
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
      return HealthResult.builder(NAME, keys.misplaced() ? HealthStatus.DOWN : HealthStatus.UP)
          .details(Map.of("error", String.valueOf(e.getMessage())))
          .build();
    }
  }
}
