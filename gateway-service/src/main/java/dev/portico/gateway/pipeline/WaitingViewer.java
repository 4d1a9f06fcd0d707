package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;

/**
 * Whoever sees to the answer that a viewer waits for. One who hangs up meanwhile wants none; one
 * whose answer has begun shows at the next write whether it is still there.
 */
interface WaitingViewer extends ViewerListener {
  /** The exchange that is to be answered. */
  ViewerExchange exchange();

  @Override
  default void inputClosed() {
    if (!exchange().begun()) {
      hungUp();
    }
  }

  /** Ends the exchange of a viewer who has gone by closing its sending side. */
  default void hungUp() {
    exchange().timeline().error(EdgeError.VIEWER_GONE.category());
    gone();
    exchange().abort();
  }
}
