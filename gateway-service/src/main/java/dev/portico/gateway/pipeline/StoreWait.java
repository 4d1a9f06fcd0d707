package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A viewer who waits for what decides its answer, like a stored response that is to be brought;
 * nothing has been sent to it.
 */
final class StoreWait implements WaitingViewer {
  private final ViewerExchange exchange;
  private boolean gone;

  StoreWait(ViewerExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Has somebody asked, and goes on with the answer on the exchange's event loop.
   *
   * @param otherwise what stands for the answer where there is none
   */
  static <T> void ask(
      ViewerExchange exchange, Supplier<CompletionStage<T>> asking, T otherwise, Consumer<T> next) {
    exchange.timeline().asks();
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    asking
        .get()
        .whenCompleteAsync(
            (found, failure) -> wait.over(() -> next.accept(failure == null ? found : otherwise)),
            exchange.loop());
  }

  /** The wait is over; who has gone meanwhile gets nothing. */
  void over(Runnable then) {
    if (!gone) {
      exchange.listen(ViewerListener.NONE);
      ErrorReplies.guarded(exchange, then);
    }
  }

  @Override
  public void gone() {
    gone = true;
  }

  @Override
  public ViewerExchange exchange() {
    return exchange;
  }
}
