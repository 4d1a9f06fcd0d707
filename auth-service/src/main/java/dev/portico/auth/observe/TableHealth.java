package dev.portico.auth.observe;

import dev.portico.auth.dynamodb.Table;
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
 * Later an outage is told and leaves the copy in service, since accounts can do without the table,
 * and gateways let sessions live on when this service says that it cannot tell.
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
          .details(Map.of("error", "the table does not answer"))
          .build();
    }
  }
}
