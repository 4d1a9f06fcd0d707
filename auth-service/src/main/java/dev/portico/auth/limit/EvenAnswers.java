package dev.portico.auth.limit;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Holds each answer that must not tell whether there is an account until its {@link AnswerTime} has
 * come. No thread waits meanwhile; a stop of the service does, as for any request.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class EvenAnswers {
  private final long step;

  EvenAnswers(LimitSettings settings) {
    this.step = settings.answerStep().toNanos();
  }

  @ResponseFilter
  CompletionStage<MutableHttpResponse<?>> hold(
      HttpRequest<?> request, MutableHttpResponse<?> response) {
    long left =
        AnswerTime.take(request)
            .map(time -> time.left(response.code(), System.nanoTime(), step))
            .orElse(0L);
    if (left == 0) {
      return CompletableFuture.completedFuture(response);
    }
    return CompletableFuture.supplyAsync(
        () -> response, CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS));
  }
}
