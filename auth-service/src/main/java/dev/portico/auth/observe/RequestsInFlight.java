package dev.portico.auth.observe;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds a stop back until the requests in flight are answered. The server's own graceful stop does
 * not count a request whose handler runs on another thread, and would close the management port,
 * and in the end the connection, under it. The framework bounds the wait by PORTICO_SHUTDOWN_GRACE.
 */
@ServerFilter({"/v1/**", "/internal/**", "/authorize", "/.well-known/**"})
final class RequestsInFlight implements GracefulShutdownCapable, Ordered {
  private static final String COUNTED = "dev.portico.in-flight";

  private final AtomicLong count = new AtomicLong();
  private final CompletableFuture<Void> none = new CompletableFuture<>();
  private volatile boolean stopping;

  @RequestFilter
  void begin(HttpRequest<?> request) {
    request.setAttribute(COUNTED, true);
    count.incrementAndGet();
  }

  @ResponseFilter
  void end(HttpRequest<?> request) {
    if (request.removeAttribute(COUNTED, Boolean.class).isPresent()
        && count.decrementAndGet() == 0
        && stopping) {
      none.complete(null);
    }
  }

  @Override
  public CompletionStage<?> shutdownGracefully() {
    stopping = true;
    if (count.get() == 0) {
      none.complete(null);
    }
    return none;
  }

  @Override
  public OptionalLong reportActiveTasks() {
    return OptionalLong.of(count.get());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
