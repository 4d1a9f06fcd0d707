package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;

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
