package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;

/** A viewer who waits for a stored response to be brought; nothing has been sent to it. */
final class StoreWait implements ViewerListener {
  private final ViewerExchange exchange;
  private boolean gone;

  StoreWait(ViewerExchange exchange) {
    this.exchange = exchange;
  }

  /** The wait is over; who has gone meanwhile gets nothing. */
  void over(Runnable then) {
    if (!gone) {
      exchange.listen(ViewerListener.NONE);
      then.run();
    }
  }

  @Override
  public void gone() {
    gone = true;
  }

  /** Who hangs up while waiting wants no answer. */
  @Override
  public void inputClosed() {
    exchange.timeline().error(EdgeError.VIEWER_GONE.category());
    gone = true;
    exchange.abort();
  }
}
