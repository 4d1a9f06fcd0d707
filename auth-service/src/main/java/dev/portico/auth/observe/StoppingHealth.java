package dev.portico.auth.observe;

import io.micronaut.core.async.annotation.SingleResult;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Not ready from the moment a stop is asked for, while requests in flight finish. */
@Singleton
@Readiness
final class StoppingHealth implements HealthIndicator, GracefulShutdownCapable {
  private volatile boolean stopping;

  @Override
  public CompletionStage<?> shutdownGracefully() {
    stopping = true;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  @SingleResult
  public Publisher<HealthResult> getResult() {
    return Mono.fromSupplier(
        () ->
            HealthResult.builder("running", stopping ? HealthStatus.DOWN : HealthStatus.UP)
                .build());
  }
}
