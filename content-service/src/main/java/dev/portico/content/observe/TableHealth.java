package dev.portico.content.observe;

import dev.portico.content.dynamodb.Table;
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
 * Not ready before the table has answered: a wrong name or a missing right shows at the start.
 * Later an outage is told and leaves the copy in service: it is every copy's, and a platform that
 * replaces what is not ready would end them all, with the uploads and long polls that they hold,
 * for new ones that could not start.
 */
@Singleton
@Readiness
final class TableHealth implements HealthIndicator {
  private static final String NAME = "dynamodb";

  private final Table table;
  private final ExecutorService blocking;
  private volatile boolean answered;

  TableHealth(Table table, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.table = table;
    this.blocking = blocking;
  }

  @Override
  @SingleResult
  public Publisher<HealthResult> getResult() {
    return Mono.fromCallable(this::check).subscribeOn(Schedulers.fromExecutorService(blocking));
  }

  private HealthResult check() {
    try {
      table.ping();
      answered = true;
      return HealthResult.builder(NAME, HealthStatus.UP).build();
    } catch (RuntimeException e) {
      return HealthResult.builder(NAME, answered ? HealthStatus.UP : HealthStatus.DOWN)
          .details(Map.of("error", e.getClass().getSimpleName()))
          .build();
    }
  }
}
